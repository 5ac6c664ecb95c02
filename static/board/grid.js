// Places by periods as coloured cells; each says what it stands for to those who point at it, and to a screen reader.
import { make } from "./common.js";

export default function (parent, data, send) {
  const cell = ([grade, words]) => {
    const inside = make("td", { title: words }, make("span", { class: "sb-said-only" }, words));
    if (grade !== null) inside.style.background = data.colours[grade];
    return inside;
  };
  const rows = data.rows.map(([code, name, cells]) => {
    const button = make("button", { type: "button", "aria-pressed": String(code === data.selected) }, name);
    button.onclick = () => send("picked", code === data.selected ? "" : code);
    return make("tr", code === data.selected ? { class: "sb-chosen-row" } : {}, make("th", { scope: "row" }, button), ...cells.map(cell));
  });
  const heads = data.heads.map((words) => make("th", { scope: "col" }, make("span", {}, words)));
  const at = [...parent.querySelectorAll("button")].indexOf(document.activeElement);
  const caption = make("caption", { class: "sb-said-only" }, data.alt);
  parent.replaceChildren(make("table", { class: "sb-grid" }, caption, make("thead", {}, make("tr", {}, make("td"), ...heads)), make("tbody", {}, ...rows)));
  if (at >= 0) parent.querySelectorAll("button")[at]?.focus({ preventScroll: true });
}
