// Map, ranking and table of the provinces.
// Everything in `data` may be seen by the reader: disclosure control has been applied before it was made (charts/board.py).
import { barRows } from "./bars.js";
import { load, make } from "./common.js";
import { provinceBox } from "./filters.js";
import { legendEntries, ProvinceMap, spread } from "./map.js";
import { asNumbers, cell, sorted, sortHead } from "./table.js";

class Board {
  constructor(parent, choose) {
    this.choose = choose;
    this.map = new ProvinceMap((code) => this.pick(code));
    this.legend = make("ul", { class: "sb-legend" });
    this.mapNotes = make("p", { class: "sb-notes" });
    this.said = make("p", { class: "sb-said" });
    this.tabs = make("div", { class: "sb-tabs", role: "tablist" });
    this.ranking = make("div", { class: "sb-panel sb-ranking", role: "tabpanel" });
    this.table = make("div", { class: "sb-panel sb-table", role: "tabpanel" });
    this.search = make("div", { class: "sb-field" });
    this.shown = 0;
    this.order = { column: null, down: true };
    this.scale = make("div");
    this.left = make("div", { class: "sb-left" }, this.map.element, this.scale, this.legend, this.mapNotes);
    const right = make("div", { class: "sb-right" }, this.search, this.said, this.tabs, this.ranking, this.table);
    parent.replaceChildren(make("div", { class: "sb-board" }, this.left, right));
    this.buildTabs();
  }

  paintMap(geometry) {
    const { data } = this;
    this.map.paint(data, data.cells, data.alt, data.selected, geometry, this.names);
    this.legend.replaceChildren(...legendEntries(data));
    this.scale.replaceChildren(...(data.spread ? [spread(data.spread, data.selected, this.names)] : []));
    this.mapNotes.textContent = data.notes.join(" · ");
  }

  // ---- ranking and table
  buildTabs() {
    this.panels = [this.ranking, this.table];
    this.buttons = this.panels.map((panel, at) => {
      const button = make("button", { type: "button", role: "tab" });
      panel.id = `sb-${Math.random().toString(36).slice(2)}`;
      button.setAttribute("aria-controls", panel.id);
      button.onclick = () => this.show(at);
      button.onkeydown = (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        this.show(1 - at);
        this.buttons[1 - at].focus();
      };
      this.tabs.append(button);
      return button;
    });
    for (const panel of this.panels) panel.addEventListener("keydown", (event) => this.walk(event, panel));
    this.show(0);
  }

  show(at) {
    this.shown = at;
    if (this.data) this.paintPanel();
    this.panels.forEach((panel, n) => (panel.hidden = n !== at));
    this.buttons.forEach((button, n) => {
      button.setAttribute("aria-selected", String(n === at));
      button.tabIndex = n === at ? 0 : -1;
    });
  }

  // One place in the tab order for a list; arrows walk in it.
  walk(event, panel) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const stops = [...panel.querySelectorAll("[data-pick]")];
    const at = stops.indexOf(event.target);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    const next = stops[Math.min(Math.max(at + step, 0), stops.length - 1)];
    this.stop(panel, next);
    next.focus();
  }

  stop(panel, wanted) {
    for (const stop of panel.querySelectorAll("[data-pick]")) stop.tabIndex = stop === wanted ? 0 : -1;
  }

  // Only the panel that is seen; the other one when it is asked for, and only then is the table fetched.
  async paintPanel() {
    const { data } = this;
    if (this.shown === 0) return this.paintRanking();
    const table = await load(data.table);
    if (this.data === data && this.shown === 1) this.paintTable(table);
  }

  paintRanking() {
    const { ranking } = this.data;
    const rows = barRows(ranking, this.data.selected, (code) => this.name(code), (code, ...children) => this.button(code, ...children));
    this.ranking.setAttribute("aria-label", ranking.alt);
    this.ranking.replaceChildren(...rows, make("p", { class: "sb-notes" }, ranking.notes.join(" · ")));
    this.stop(this.ranking, this.ranking.querySelector(`[data-pick="${this.data.selected}"]`) || this.ranking.querySelector("[data-pick]"));
  }

  button(code, ...children) {
    const button = make("button", { type: "button", "data-pick": code, title: this.words(this.cells.get(code)) }, ...children);
    button.setAttribute("aria-pressed", String(code === this.data.selected));
    button.onclick = () => this.pick(code);
    return button;
  }

  paintTable(table) {
    const { lang } = this.data;
    const again = (at) => {
      this.paintTable(table);
      this.table.querySelectorAll("th button")[at].focus();
    };
    const heads = table.heads.map((words, at) => sortHead(words, at, this.order, again));
    const number = asNumbers(table.digits);
    const rows = sorted(table.rows, this.order.column, this.order.down, lang).map(([code, ...values]) => {
      const cells = values.map((value, at) => cell(value, number[at], lang));
      const line = make("tr", {}, make("th", { scope: "row" }, this.button(code, this.name(code))), ...cells);
      line.classList.toggle("sb-here", code === this.data.selected);
      return line;
    });
    const caption = make("caption", {}, table.caption);
    const body = make("table", { lang }, caption, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
    this.table.replaceChildren(body);
    this.stop(this.table, this.table.querySelector(".sb-here [data-pick]") || this.table.querySelector("[data-pick]"));
  }

  // ---- all of it
  paintSearch() {
    const { data, names } = this;
    const codes = data.cells.map(([code]) => code);
    const offered = JSON.stringify([data.lang, codes]);
    if (this.offered !== offered) {
      this.offered = offered;
      this.found = provinceBox(`${this.ranking.id}-names`, data.search, names, codes, data.lang, (value) => this.choose(value));
      this.search.replaceChildren(make("label", {}, make("span", {}, data.search), this.found.box), this.found.list);
      this.found.box.placeholder = data.example;
    }
    this.found.box.value = data.selected ? this.found.words(data.selected) : "";
  }

  name(code) {
    return this.names[code] ? this.names[code][this.data.lang === "th" ? 0 : 1] : code;
  }

  words(cell) {
    return cell ? cell[4] : "";
  }

  pick(code) {
    if (code && this.cells.has(code)) this.choose(code === this.data.selected ? "" : code);
  }

  async paint(data, geometry, names) {
    const focused = document.activeElement?.dataset?.pick;
    this.data = data;
    this.names = names;
    this.cells = new Map(data.cells.map((cell) => [cell[0], cell]));
    this.buttons.forEach((button, at) => (button.textContent = data.words[at]));
    this.tabs.setAttribute("aria-label", data.title);
    const chosen = this.cells.get(data.selected);
    this.said.replaceChildren(
      ...(chosen ? [make("strong", {}, this.name(data.selected)), ` · ${data.title}: ${this.words(chosen)}`] : [data.help]),
    );
    this.said.classList.toggle("sb-notes", !chosen);
    this.left.hidden = !data.map;
    if (data.map) this.paintMap(geometry);
    this.paintSearch();
    await this.paintPanel();
    if (focused) this.panels[this.shown].querySelector(`[data-pick="${focused}"]`)?.focus({ preventScroll: true });
  }
}

export default async function (parent, data, send) {
  const [geometry, names] = await Promise.all([load(data.geometry), load(data.names)]);
  const board = (parent.board ??= new Board(parent, () => {}));
  board.choose = (code) => send("chosen", code);
  board.paint(data, geometry, names);
}
