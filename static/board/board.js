// Map, ranking and table of the provinces: keeps the geometry, and draws itself again from values alone.
// Everything in `data` may be seen by the reader: disclosure control has been applied before it was made (charts/board.py).
import { barRows } from "./bars.js";
import { load, make, received, stylesheet } from "./common.js";
import { provinceBox } from "./filters.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 360; // of the drawing: about what it has on the screen, so that bubbles and marks keep their size
const boards = new WeakMap();

function draw(name, attributes = {}) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

const mercator = (lat) => (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI;

function projection([west, east, south, north]) {
  const scale = WIDTH / (east - west);
  const top = mercator(north);
  return {
    height: Math.round((top - mercator(south)) * scale),
    spot: ([lon, lat]) => [(lon - west) * scale, (top - mercator(lat)) * scale],
  };
}

// Without the points that fall within half a pixel of the one before: they cost painting and show nothing.
function coarse(points) {
  let last = points[0];
  return points.filter((p, at) => {
    const far = Math.hypot(p[0] - last[0], p[1] - last[1]) > 0.5;
    if (far || at === 0) last = p;
    return far || at === 0;
  });
}

function outline(geometry, spot) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const ring = (points) => "M" + coarse(points.map(spot)).map((p) => p.map((n) => n.toFixed(1)).join(" ")).join("L") + "Z";
  return polygons.map((rings) => rings.map(ring).join("")).join("");
}

// Shape as well as shade, so that the states stay apart in black and white.
const SYMBOLS = {
  cross: "M-4-4L4 4M-4 4L4-4",
  slash: "M-5 5L5-5",
  dash: "M-5 0L5 0",
  ring: "M5 0A5 5 0 1 1-5 0A5 5 0 1 1 5 0Z",
};

class Board {
  constructor(parent, choose) {
    this.choose = choose;
    this.map = make("div", { class: "sb-map" });
    this.legend = make("ul", { class: "sb-legend" });
    this.mapNotes = make("p", { class: "sb-notes" });
    this.said = make("p", { class: "sb-said" });
    this.tabs = make("div", { class: "sb-tabs", role: "tablist" });
    this.ranking = make("div", { class: "sb-panel sb-ranking", role: "tabpanel" });
    this.table = make("div", { class: "sb-panel sb-table", role: "tabpanel" });
    this.tip = make("div", { class: "sb-tip", role: "presentation" });
    this.tip.hidden = true;
    this.search = make("div", { class: "sb-field" });
    this.shown = 0;
    this.order = { column: null, down: true };
    this.left = make("div", { class: "sb-left" }, this.map, this.legend, this.mapNotes);
    const right = make("div", { class: "sb-right" }, this.search, this.said, this.tabs, this.ranking, this.table);
    parent.replaceChildren(make("div", { class: "sb-board" }, this.left, right, this.tip));
    this.buildTabs();
  }

  // ---- the map
  buildMap(geometry, data) {
    const { height, spot } = projection(data.frame);
    this.spot = spot;
    const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", class: "sb-svg" });
    this.paths = new Map();
    const land = draw("g", { class: "sb-land" });
    for (const feature of geometry.features) {
      const code = String(feature.properties.dopa);
      const path = draw("path", { d: outline(feature.geometry, spot), "data-code": code });
      this.paths.set(code, path);
      land.append(path);
    }
    this.chosenPath = draw("path", { class: "sb-chosen" });
    this.bubbles = draw("g", { class: "sb-bubbles" });
    this.marks = draw("g", { class: "sb-marks" });
    this.key = draw("g", { class: "sb-key" });
    svg.append(land, this.chosenPath, this.bubbles, this.marks, this.key);
    svg.addEventListener("click", (event) => this.pick(event.target.dataset.code));
    svg.addEventListener("pointermove", (event) => this.point(event));
    svg.addEventListener("pointerleave", () => (this.tip.hidden = true));
    this.svg = svg;
    this.map.replaceChildren(svg);
  }

  centre(code) {
    return this.spot(this.names[code].slice(2));
  }

  point(event) {
    const code = event.target.dataset.code;
    const cell = code && this.cells.get(code);
    this.tip.hidden = !cell;
    if (!cell) return;
    this.tip.replaceChildren(make("strong", {}, this.name(code)), make("br"), this.words(cell));
    const room = this.tip.parentElement.getBoundingClientRect();
    this.tip.style.left = `${Math.min(event.clientX - room.left + 14, room.width - this.tip.offsetWidth)}px`;
    this.tip.style.top = `${event.clientY - room.top + 14}px`;
  }

  paintMap() {
    const { data } = this;
    const outside = new Set(data.outside);
    this.svg.setAttribute("aria-label", data.alt);
    for (const [code, path] of this.paths) {
      const cell = this.cells.get(code);
      const fill = cell ? data.fills[cell[1]] : outside.has(code) ? data.colours.outside : data.colours.land;
      path.setAttribute("fill", fill);
      path.setAttribute("stroke", data.colours.border);
      path.classList.toggle("sb-open", Boolean(cell));
    }
    const chosen = this.paths.get(data.selected);
    this.chosenPath.setAttribute("d", chosen ? chosen.getAttribute("d") : "");
    this.chosenPath.setAttribute("stroke", data.colours.outline);
    this.chosenPath.setAttribute("data-chosen", data.selected || "");
    this.bubbles.replaceChildren(
      ...data.cells.filter((c) => c[3] > 0 && this.names[c[0]]).sort((a, b) => b[3] - a[3]).map((c) => this.bubble(c)),
    );
    this.marks.replaceChildren(...data.cells.filter((c) => c[2] && this.names[c[0]]).map((c) => this.mark(c)));
    this.key.replaceChildren(...data.key.flatMap((k) => this.keyBubble(k)));
    this.legend.replaceChildren(...this.legendEntries());
    this.mapNotes.textContent = data.notes.join(" · ");
  }

  bubble([code, , , size]) {
    const [cx, cy] = this.centre(code);
    return draw("circle", { cx, cy, r: size, fill: this.data.colours.accent, stroke: this.data.colours.paper, "data-code": code });
  }

  mark([code, , symbol]) {
    const [x, y] = this.centre(code);
    return draw("path", { d: SYMBOLS[symbol], transform: `translate(${x} ${y})`, stroke: this.data.colours.muted, "data-state": symbol });
  }

  keyBubble([lon, lat, size, words]) {
    const [cx, cy] = this.spot([lon, lat]);
    const text = draw("text", { x: cx + 24, y: cy + 4, fill: this.data.colours.muted });
    text.textContent = words;
    return [draw("circle", { cx, cy, r: size, fill: "none", stroke: this.data.colours.muted }), text];
  }

  legendEntries() {
    const { data } = this;
    const title = make("li", { class: "sb-title" }, make("strong", {}, data.title), data.unit ? ` (${data.unit})` : "");
    return [
      title,
      ...data.legend.map(([colour, symbol, words, count]) => {
        const swatch = draw("svg", { viewBox: "-8 -8 16 16", class: "sb-swatch", "aria-hidden": "true" });
        swatch.append(draw("rect", { x: -7, y: -7, width: 14, height: 14, fill: colour, stroke: data.colours.border }));
        if (symbol) swatch.append(draw("path", { d: SYMBOLS[symbol], stroke: data.colours.muted, fill: "none", "stroke-width": 1.6 }));
        return make("li", symbol ? { "data-state": symbol } : {}, swatch, make("span", {}, `${words} · ${count}`));
      }),
    ];
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

  // Only the panel that is seen; the other one when it is asked for.
  paintPanel() {
    if (this.shown === 0) this.paintRanking();
    else this.paintTable();
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

  sorted() {
    const { column, down } = this.order;
    if (column === null) return this.data.table.rows;
    const empty = (value) => value === null || value === "";
    return [...this.data.table.rows].sort((a, b) => {
      const [x, y] = [a[column], b[column]];
      if (empty(x) || empty(y)) return empty(x) - empty(y);
      const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y), this.data.lang);
      return down ? -order : order;
    });
  }

  paintTable() {
    const { table, lang } = this.data;
    const heads = table.heads.map((words, at) => {
      const sort = make("button", { type: "button" }, words, make("span", { "aria-hidden": "true" }, this.arrow(at)));
      sort.onclick = () => {
        this.order = { column: at, down: this.order.column === at ? !this.order.down : at > 0 };
        this.paintTable();
        this.table.querySelectorAll("th button")[at].focus();
      };
      const head = make("th", { scope: "col" }, sort);
      if (this.order.column === at) head.setAttribute("aria-sort", this.order.down ? "descending" : "ascending");
      return head;
    });
    const number = table.digits.map((n) => new Intl.NumberFormat("en", { minimumFractionDigits: n, maximumFractionDigits: n }));
    const rows = this.sorted().map((row) => {
      const code = row[0];
      const cells = row.slice(1).map((value, at) => {
        const text = value === null ? "–" : typeof value === "number" ? number[at].format(value) : value;
        return make("td", typeof value === "number" ? { class: "sb-number" } : {}, text);
      });
      const line = make("tr", {}, make("th", { scope: "row" }, this.button(code, this.name(code))), ...cells);
      line.classList.toggle("sb-here", code === this.data.selected);
      return line;
    });
    const caption = make("caption", {}, table.caption);
    const body = make("table", { lang }, caption, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
    this.table.replaceChildren(body);
    this.stop(this.table, this.table.querySelector(".sb-here [data-pick]") || this.table.querySelector("[data-pick]"));
  }

  arrow(at) {
    return this.order.column === at ? (this.order.down ? " ▼" : " ▲") : "";
  }

  // ---- all of it
  paintSearch() {
    const { data, names } = this;
    const codes = data.table.rows.map(([code]) => code);
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

  paint(data, geometry, names) {
    const focused = document.activeElement?.dataset?.pick;
    this.data = data;
    this.names = names;
    this.cells = new Map(data.cells.map((cell) => [cell[0], cell]));
    if (!this.svg) this.buildMap(geometry, data);
    this.buttons.forEach((button, at) => (button.textContent = data.words[at]));
    this.tabs.setAttribute("aria-label", data.title);
    const chosen = this.cells.get(data.selected);
    this.said.replaceChildren(
      ...(chosen ? [make("strong", {}, this.name(data.selected)), ` · ${data.title}: ${this.words(chosen)}`] : [data.help]),
    );
    this.said.classList.toggle("sb-notes", !chosen);
    this.tip.hidden = true;
    this.left.hidden = !data.map;
    if (data.map) this.paintMap();
    this.paintSearch();
    this.paintPanel();
    if (focused) this.panels[this.shown].querySelector(`[data-pick="${focused}"]`)?.focus({ preventScroll: true });
  }
}

export default async function (component) {
  const { parentElement, setTriggerValue } = component;
  const data = received(component);
  const [geometry, names] = await Promise.all([load(data.geometry), load(data.names), stylesheet()]);
  if (!boards.has(parentElement)) boards.set(parentElement, new Board(parentElement, () => {}));
  const board = boards.get(parentElement);
  board.choose = (code) => setTriggerValue("chosen", code);
  board.paint(data, geometry, names);
}
