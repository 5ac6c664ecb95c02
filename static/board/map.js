// A map of the provinces: keeps the geometry, and draws itself again from values alone. The board has one, maps of several periods many.
import { make } from "./common.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 360; // of the drawing: about what it has on the screen, so that bubbles and marks keep their size

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

// The path of a province; a page with many maps works each out once.
const outlines = new WeakMap();

function outlineOf(feature, spot) {
  if (!outlines.has(feature)) outlines.set(feature, outline(feature.geometry, spot));
  return outlines.get(feature);
}

// Shape as well as shade, so that the states stay apart in black and white.
const SYMBOLS = {
  cross: "M-4-4L4 4M-4 4L4-4",
  slash: "M-5 5L5-5",
  dash: "M-5 0L5 0",
  dot: "M1.6 0A1.6 1.6 0 1 1-1.6 0A1.6 1.6 0 1 1 1.6 0Z",
  ring: "M5 0A5 5 0 1 1-5 0A5 5 0 1 1 5 0Z",
  diamond: "M0-5L5 0L0 5L-5 0Z",
};

export class ProvinceMap {
  // `pick` gets the code of a province that is clicked.
  constructor(pick) {
    this.pick = pick;
    this.tip = make("div", { class: "sb-tip", role: "presentation" });
    this.tip.hidden = true;
    this.element = make("div", { class: "sb-map" }, this.tip);
  }

  build(geometry, frame) {
    const { height, spot } = projection(frame);
    this.spot = spot;
    const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", class: "sb-svg" });
    this.paths = new Map();
    const land = draw("g", { class: "sb-land" });
    for (const feature of geometry.features) {
      const code = String(feature.properties.dopa);
      const path = draw("path", { d: outlineOf(feature, spot), "data-code": code });
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
    this.element.prepend(svg);
  }

  centre(code) {
    return this.spot(this.names[code].slice(2));
  }

  point(event) {
    const code = event.target.dataset.code;
    const cell = code && this.cells.get(code);
    this.tip.hidden = !cell;
    if (!cell) return;
    this.tip.replaceChildren(make("strong", {}, this.names[code][this.look.lang === "th" ? 0 : 1]), make("br"), cell[4]);
    const room = this.element.getBoundingClientRect();
    this.tip.style.left = `${Math.max(Math.min(event.clientX - room.left + 14, room.width - this.tip.offsetWidth), 0)}px`;
    this.tip.style.top = `${event.clientY - room.top + 14}px`;
  }

  // `look`: colours, fills, frame, key of the bubbles, places outside and the language; `cells` and `alt` of one period.
  paint(look, cells, alt, selected, geometry, names) {
    Object.assign(this, { look, names, cells: new Map(cells.map((cell) => [cell[0], cell])) });
    if (!this.svg) this.build(geometry, look.frame);
    const outside = new Set(look.outside);
    this.tip.hidden = true;
    this.svg.setAttribute("aria-label", alt);
    for (const [code, path] of this.paths) {
      const cell = this.cells.get(code);
      const fill = cell ? look.fills[cell[1]] : outside.has(code) ? look.colours.outside : look.colours.land;
      path.setAttribute("fill", fill);
      path.setAttribute("stroke", look.colours.border);
      path.classList.toggle("sb-open", Boolean(cell));
    }
    const chosen = this.paths.get(selected);
    this.chosenPath.setAttribute("d", chosen ? chosen.getAttribute("d") : "");
    this.chosenPath.setAttribute("stroke", look.colours.outline);
    this.chosenPath.setAttribute("data-chosen", selected || "");
    this.bubbles.replaceChildren(
      ...cells.filter((c) => c[3] && names[c[0]]).sort((a, b) => Math.abs(b[3]) - Math.abs(a[3])).map((c) => this.bubble(c)),
    );
    this.marks.replaceChildren(...cells.filter((c) => c[2] && names[c[0]]).map((c) => this.mark(c)));
    this.key.replaceChildren(...look.key.flatMap((k) => this.keyBubble(k)));
  }

  bubble([code, , , size]) {
    const [cx, cy] = this.centre(code);
    const { accent, paper } = this.look.colours;
    const [fill, stroke] = size < 0 ? ["transparent", accent] : [accent, paper]; // hollow: it is provisional
    return draw("circle", { cx, cy, r: Math.abs(size), fill, stroke, "data-code": code });
  }

  mark([code, , symbol]) {
    const [x, y] = this.centre(code);
    return draw("path", { d: SYMBOLS[symbol], transform: `translate(${x} ${y})`, stroke: this.look.colours.muted, "data-state": symbol });
  }

  keyBubble([lon, lat, size, words]) {
    const [cx, cy] = this.spot([lon, lat]);
    const text = draw("text", { x: cx + 24, y: cy + 4, fill: this.look.colours.muted });
    text.textContent = words;
    return [draw("circle", { cx, cy, r: size, fill: "none", stroke: this.look.colours.muted }), text];
  }
}

// How the provinces spread over the scale of the fills: a dot each, the chosen one large, the classes under them, the country marked.
export function spread({ dots, classes, ends, country, alt }, selected, names) {
  const [wide, at] = [320, (place) => 10 + place * 300];
  const svg = draw("svg", { viewBox: `0 0 ${wide} 66`, role: "img", class: "sb-spread", "aria-label": [alt, country?.[1]].filter(Boolean).join(" · ") });
  let from = 0;
  for (const [colour, to] of classes) {
    svg.append(draw("rect", { x: at(from), y: 36, width: Math.max(at(to) - at(from), 0), height: 9, fill: colour }));
    from = to;
  }
  for (const [code, place] of dots) {
    const dot = draw("circle", { cx: at(place), cy: 28, r: code === selected ? 5 : 3, class: code === selected ? "sb-spread-chosen" : "sb-spread-dot" });
    dot.append(draw("title"));
    dot.firstChild.textContent = (names[code] || [code]).slice(0, 2).join(" · ");
    svg.append(dot);
  }
  const word = (x, y, anchor, text) => {
    const node = draw("text", { x, y, "text-anchor": anchor });
    node.textContent = text;
    return node;
  };
  svg.append(word(at(0), 61, "start", ends[0]), word(at(1), 61, "end", ends[1]));
  if (country) {
    const x = at(country[0]);
    svg.append(draw("path", { d: `M${x} 18V47`, class: "sb-spread-country" }), word(x, 13, country[0] < 0.3 ? "start" : country[0] > 0.7 ? "end" : "middle", country[1]));
  }
  return svg;
}

// The title and unit of what is shown, then classes and states; `legend` entries are [colour, symbol, words].
export function legendEntries({ title, unit, legend, colours }) {
  const head = make("li", { class: "sb-title" }, make("strong", {}, title), unit ? ` (${unit})` : "");
  return [
    head,
    ...legend.map(([colour, symbol, words]) => {
      const swatch = draw("svg", { viewBox: "-8 -8 16 16", class: "sb-swatch", "aria-hidden": "true" });
      swatch.append(draw("rect", { x: -7, y: -7, width: 14, height: 14, fill: colour, stroke: colours.border }));
      if (symbol) swatch.append(draw("path", { d: SYMBOLS[symbol], stroke: colours.muted, fill: "none", "stroke-width": 1.6 }));
      return make("li", symbol ? { "data-state": symbol } : {}, swatch, make("span", {}, words));
    }),
  ];
}
