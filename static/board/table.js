// A table to read: its columns sort it, its first column stays in sight.
import { make } from "./common.js";

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

// The head of a column, which sorts by it; `order` is {column, down} and is changed by a press, then `again` is called.
export function sortHead(words, at, order, again) {
  const arrow = order.column === at ? (order.down ? " ▼" : " ▲") : "";
  const button = make("button", { type: "button" }, words, make("span", { "aria-hidden": "true" }, arrow));
  button.onclick = () => {
    Object.assign(order, { down: order.column === at ? !order.down : at > 0, column: at });
    again(at);
  };
  const head = make("th", { scope: "col" }, button);
  if (order.column === at) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
  return head;
}

export const asNumbers = (digits) => digits.map((n) => new Intl.NumberFormat("en", { minimumFractionDigits: n, maximumFractionDigits: n }));

export function cell(value, number) {
  const isNumber = typeof value === "number";
  return make("td", isNumber ? { class: "sb-number" } : {}, value === null ? "–" : isNumber ? number.format(value) : value);
}

export default function paint(parent, data) {
  parent.order ??= { column: null, down: true };
  const number = asNumbers(data.digits);
  const again = (at) => {
    paint(parent, data);
    parent.querySelectorAll("th button")[at].focus();
  };
  const heads = data.heads.map((words, at) => sortHead(words, at, parent.order, again));
  const rows = sorted(data.rows, parent.order.column, parent.order.down, data.lang).map(([first, ...others]) =>
    make("tr", {}, make("th", { scope: "row" }, first ?? "–"), ...others.map((value, at) => cell(value, number[at]))),
  );
  const caption = make("caption", { class: "sb-said-only" }, data.caption);
  const body = make("table", {}, caption, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  parent.replaceChildren(make("div", { class: "sb-table", tabindex: 0, role: "region", "aria-label": data.caption }, body));
}
