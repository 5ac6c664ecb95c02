// One line a result: its name, the way it came, how far it is of what the plan expects by now (the tick), and where it stands.
import { badged, make, rootOf } from "./common.js";

const WIDE = 88;
const HIGH = 22;

function spark(values) {
  const there = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...there), Math.max(...there)];
  const x = (at) => 2 + (at / Math.max(values.length - 1, 1)) * (WIDE - 4);
  const y = (value) => HIGH - 3 - ((value - low) / (high - low || 1)) * (HIGH - 6);
  const box = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS(box.namespaceURI, "path");
  let pen = "M";
  const way = values.map((value, at) => {
    const step = value === null ? "" : `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = value === null ? "M" : "L";
    return step;
  });
  line.setAttribute("d", way.join(""));
  box.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
  box.setAttribute("aria-hidden", "true");
  box.setAttribute("class", "sb-spark");
  box.append(line);
  return box;
}

function bar(row) {
  const track = make("span", { class: "sb-bullet", "aria-hidden": "true" });
  const put = (name, share, width) => {
    const mark = make("span", { class: name });
    mark.style.left = `${share * 100}%`;
    if (width !== undefined) mark.style.width = `${width * 100}%`;
    track.append(mark);
  };
  if (row.value !== null) put(row.hollow ? "sb-bullet-bar sb-hollow" : "sb-bullet-bar", 0, row.value);
  if (row.plan !== null) put("sb-bullet-tick", row.plan);
  return track;
}

export default function (parent, data, send) {
  const root = rootOf(parent, "div", "sb-bullets");
  root.setAttribute("role", "list");
  root.setAttribute("aria-label", data.alt);
  const rows = data.rows.map((row) => {
    const parts = [make("span", { class: "sb-bullet-name" }, row.name), spark(row.line), make("strong", { class: "sb-bullet-number" }, row.number), bar(row), make("span", { class: "sb-bullet-status" }, ...badged(row.badge))];
    const line = make(row.picks ? "button" : "div", { class: "sb-bullet-row", ...(row.picks ? { type: "button", "aria-pressed": String(row.picks === data.selected), "data-pick": row.picks } : {}) }, ...parts);
    if (row.picks) line.onclick = () => send("picked", row.picks);
    return make("div", { role: "listitem" }, line);
  });
  const title = (text) => make("p", { class: "sb-bullet-group", role: "presentation" }, text);
  root.replaceChildren(...data.rows.flatMap((row, at) => (row.group && row.group !== data.rows[at - 1]?.group ? [title(row.group), rows[at]] : [rows[at]])));
}
