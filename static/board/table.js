// A table to read: its columns sort it, its first column stays in sight.
import { make, rootOf, whenNear } from "./common.js";

const empty = (value) => value === null || value === "";

export function sorted(rows, column, down, lang) {
  if (column === null) return rows;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[column], b[column]];
    if (empty(x) || empty(y)) return empty(x) - empty(y);
    const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y), lang);
    return down ? -order : order;
  });
}

// The head of a column, which sorts by it and stands over the numbers of one that has `digits`; `order` is {column, down} and is changed by a press, then `again` is called.
export function sortHead(words, at, order, again, digits = null) {
  const arrow = order.column === at ? (order.down ? " ▼" : " ▲") : "";
  const button = make("button", { type: "button" }, words, make("span", { "aria-hidden": "true" }, arrow));
  button.onclick = () => {
    Object.assign(order, { down: order.column === at ? !order.down : at > 0, column: at });
    again(at);
  };
  const head = make("th", { scope: "col", ...(digits === null ? {} : { class: "sb-number" }) }, button);
  if (order.column === at) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
  return head;
}

// As the sentences of a page write them: a true minus, and none before what is rounded to nought.
export const asNumbers = (digits) =>
  digits.map((n) => {
    const written = new Intl.NumberFormat("en", { minimumFractionDigits: n, maximumFractionDigits: n, signDisplay: "negative" });
    return { format: (value) => written.format(value).replace("-", "\u2212") };
  });

// A list of numbers as a small line, on a scale of its own.
function spark(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = (value, i) => `${2 + (i / Math.max(values.length - 1, 1)) * 76},${22 - ((value - low) / (high - low || 1)) * 18}`;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 80 24", width: 80, height: 24, "aria-hidden": "true", class: "sb-spark" })) svg.setAttribute(key, value);
  const line = document.createElementNS(svg.namespaceURI, "polyline");
  line.setAttribute("points", values.map(at).join(" "));
  svg.append(line);
  return svg;
}

// Names that there are in Thai alone are said to be Thai, so that a screen reader reads them as such.
const THAI = /[\u0e00-\u0e7f]/;
export const inThai = (value, lang) => (lang !== "th" && THAI.test(value) ? { lang: "th" } : {});

export function cell(value, number, lang) {
  if (Array.isArray(value)) return make("td", {}, ...(value.length > 1 ? [spark(value)] : []));
  const isNumber = typeof value === "number";
  return make("td", isNumber ? { class: "sb-number" } : inThai(value, lang), value === null ? "–" : isNumber ? number.format(value) : value);
}

const AT_FIRST = 200; // rows; the others when they are asked for
const LONG = 50; // letters: a column of sentences is wide enough to read them

// The name of a row that can be chosen, and given up again.
function picker(values, data, send) {
  const code = values.at(-1);
  const button = make("button", { type: "button", "aria-pressed": String(code === data.chosen) }, values[0]);
  button.onclick = () => send("picked", code === data.chosen ? "" : code);
  return button;
}

export default function draw(parent, data, send) {
  const root = rootOf(parent, "div");
  root.send = send;
  if (data.rows) paint(root, data, data.rows, AT_FIRST);
  else whenNear(root, [data.from], (rows) => paint(root, data, rows, AT_FIRST));
}

function paint(root, data, all, most) {
  root.order ??= { column: null, down: true };
  const number = asNumbers(data.digits);
  const again = (at) => {
    paint(root, data, all, most);
    root.querySelectorAll("th button")[at].focus();
  };
  const heads = data.heads.map((words, at) => sortHead(words, at, root.order, again, data.digits[at]));
  for (const at of heads.keys()) heads[at].classList.toggle("sb-long", at > 0 && all.some((values) => values[at]?.length > LONG));
  const rows = sorted(all, root.order.column, root.order.down, data.lang).slice(0, most).map((values) => {
    const first = data.picks ? picker(values, data, root.send) : (values[0] ?? "–");
    const others = values.slice(1, data.heads.length).map((value, at) => cell(value, number[at + 1], data.lang));
    return make("tr", data.picks && values.at(-1) === data.chosen ? { class: "sb-here" } : {}, make("th", { scope: "row", ...inThai(values[0], data.lang) }, first), ...others);
  });
  const caption = make("caption", { class: "sb-said-only" }, data.caption);
  const body = make("table", {}, caption, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  const frame = make("div", { class: "sb-table", tabindex: 0, role: "region", "aria-label": data.caption }, body);
  const more = make("button", { type: "button", class: "sb-button" }, `${data.more} (${all.length - most})`);
  more.onclick = () => paint(root, data, all, Infinity);
  root.replaceChildren(frame, ...(all.length > most ? [more] : []));
}
