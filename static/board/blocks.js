// The blocks of a page, as one element for it. Every block is drawn by a module of its own, and again only when it has changed.
import board from "./board.js";
import bars from "./bars.js";
import bullets from "./bullets.js";
import cards from "./cards.js";
import deck from "./deck.js";
import * as fields from "./fields.js";
import { icon, make, stylesheet } from "./common.js";
import filters from "./filters.js";
import form from "./form.js";
import grid from "./grid.js";
import lines from "./lines.js";
import maps from "./maps.js";
import plot from "./plot.js";
import rail from "./rail.js";
import scorecard from "./scorecard.js";
import table from "./table.js";
import top from "./top.js";
import * as words from "./words.js";

const DRAW = { board, bars, bullets, cards, deck, filters, form, grid, lines, maps, plot, rail, scorecard, table, top, ...words, ...fields, columns, fold };
const HOLDERS = ["columns", "fold"]; // which look at what they hold themselves
const pages = new WeakMap();

function columns(parent, data, send) {
  parent.classList.toggle("sb-turned", Boolean(data.turned));
  while (parent.children.length > data.columns.length) parent.lastElementChild.remove();
  while (parent.children.length < data.columns.length) parent.append(make("div", { class: "sb-blocks" }));
  const boxes = `repeat(auto-fill, minmax(min(100%, ${data.least}px), 1fr))`;
  parent.style.setProperty("--columns", data.least ? boxes : data.widths.map((width) => `minmax(0, ${width}fr)`).join(" "));
  parent.classList.toggle("sb-boxes", Boolean(data.least));
  data.columns.forEach((blocks, at) => place(parent.children[at], blocks, send.of));
}

// Closed until it is opened; what it holds may come only then.
function fold(parent, data, send) {
  parent.fold ??= make("details", { class: "sb-details" }, make("summary"), make("div", { class: "sb-blocks" }));
  if (!parent.fold.parentElement) parent.append(parent.fold);
  const [summary, inside] = parent.fold.children;
  summary.replaceChildren(icon(data.icon), " ", data.text);
  summary.onclick = () => data.asks && !parent.fold.open && send("opened", "");
  place(inside, data.blocks, send.of);
}

// A block that was there keeps its element: what a reader opened, sorted or typed in it stays.
function place(parent, blocks, send) {
  const before = parent.blocks ?? new Map();
  parent.blocks = new Map();
  blocks.forEach((block, at) => {
    const name = `${block.kind} ${block.key ?? at}`;
    const known = before.get(name) ?? { element: make("div", { class: `sb-block sb-is-${block.kind}${block.key ? ` st-key-${block.key}` : ""}` }) };
    parent.blocks.set(name, known);
    const data = JSON.stringify(block.data);
    if (known.data === data && !HOLDERS.includes(block.kind)) return;
    known.data = data;
    // What a reader did in a block is answered by drawing it again, also when nothing came of it.
    const say = (event, value) => {
      known.data = null;
      send(block.key, event, value);
    };
    say.of = send;
    DRAW[block.kind](known.element, block.data, say);
  });
  for (const [name, { element }] of before) if (!parent.blocks.has(name)) element.remove();
  [...parent.blocks.values()].forEach(({ element }, at) => {
    if (parent.children[at] !== element) parent.insertBefore(element, parent.children[at] ?? null);
  });
}

export default async function (component) {
  const { parentElement, setTriggerValue } = component;
  const text = new TextDecoder().decode(component.data);
  await stylesheet();
  if (!pages.has(parentElement)) {
    const root = make("div", { class: "sb-blocks sb-page" });
    parentElement.replaceChildren(root);
    pages.set(parentElement, { root });
  }
  const page = pages.get(parentElement);
  page.send = setTriggerValue;
  if (page.text === text) return;
  page.text = text;
  place(page.root, JSON.parse(text), (key, event, value) => {
    page.text = null;
    page.send("did", [key, event, value]);
  });
}
