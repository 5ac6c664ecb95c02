// Bars with names, values and intervals: the ranking of the board, groups of a split, stages of a process.
import { make, rootOf } from "./common.js";

// `row` makes the element of a bar from its children, so that the board can make buttons of them.
export function barRows(data, selected, name, row) {
  const [low, high] = data.range;
  const at = (value) => ((value - low) / (high - low || 1)) * 100;
  const rows = data.bars.map(([code, value, from, to, words, label, hollow]) => {
    const track = make("span", { class: "sb-track" });
    if (value !== null) {
      const bar = make("span", { class: "sb-bar" });
      bar.style.left = `${Math.min(at(0), at(value))}%`;
      bar.style.width = `${Math.abs(at(value) - at(0))}%`;
      const colour = code === selected ? data.colours.outline : data.colours.accent;
      if (hollow) {
        bar.classList.add("sb-hollow");
        bar.style.borderColor = colour;
      } else bar.style.background = colour;
      track.append(bar);
    }
    if (from !== null) {
      const reach = make("span", { class: "sb-reach" });
      reach.style.left = `${at(from)}%`;
      reach.style.width = `${at(to) - at(from)}%`;
      track.append(reach);
    }
    return row(code, make("span", { class: "sb-name" }, label || name(code)), track, make("span", { class: "sb-value" }, words));
  });
  if (data.divider) rows.splice(data.divider[0], 0, make("div", { class: "sb-divider" }, data.divider[1]));
  return rows;
}

const plain = (_code, ...children) => make("div", { class: "sb-row", role: "listitem" }, ...children);

export default function (parent, data, send) {
  const root = rootOf(parent, "div", "sb-bars sb-ranking");
  const pressed = (code, ...children) => {
    const button = make("button", { type: "button", "aria-pressed": String(code === data.selected) }, ...children);
    button.onclick = () => send("picked", code);
    return make("div", { role: "listitem" }, button);
  };
  const rows = barRows(data, data.selected, (code) => code, data.picks ? pressed : plain);
  rows.filter((row) => row.className === "sb-divider").forEach((row) => row.setAttribute("role", "listitem")); // the board's rows are no list
  const list = make("div", { role: "list", "aria-label": data.alt }, ...rows);
  root.replaceChildren(list, ...(data.notes.length ? [make("p", { class: "sb-notes" }, data.notes.join(" · "))] : []));
}
