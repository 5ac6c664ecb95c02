// A scorecard: places by areas in tiers. Colour and number are the level, a mark says that it moved; a square without evidence is empty.
import { dot, make } from "./common.js";

function square([level, mark, words], colours) {
  const inside = make("span", { class: "sb-square", title: words }, level === null ? "" : `${level}${mark}`, make("span", { class: "sb-said-only" }, ` ${words}`));
  if (level !== null) [inside.style.background, inside.style.color] = colours[level];
  return make("td", {}, inside);
}

export default function (parent, data) {
  const tiers = data.tiers.map(([words, count]) => make("th", { scope: "colgroup", colspan: count }, words));
  const heads = data.heads.map((words) => make("th", { scope: "col" }, words));
  const rows = data.rows.map(([name, cells]) => make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((cell) => square(cell, data.colours))));
  const head = make("thead", {}, make("tr", {}, make("td", { rowspan: 2 }), ...tiers), make("tr", {}, ...heads));
  const groups = data.tiers.map(([, count]) => make("colgroup", { span: count }));
  const table = make("table", {}, make("caption", { class: "sb-said-only" }, data.alt), make("colgroup"), ...groups, head, make("tbody", {}, ...rows));
  const frame = make("div", { class: "sb-scorecard", tabindex: 0, role: "region", "aria-label": data.alt }, table);
  const legend = data.legend.map(([colour, words]) => make("li", {}, dot(colour), words));
  parent.replaceChildren(frame, make("ul", { class: "sb-legend" }, ...legend), make("p", { class: "sb-notes" }, data.notes));
}
