// Lines over periods: bands, gaps, marks, targets, numbered events. The pointer or the arrow keys walk the periods.
import { dot, make, rootOf, whenNear } from "./common.js";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  circle: (r) => `M${r},0A${r},${r} 0 1 1 ${-r},0A${r},${r} 0 1 1 ${r},0Z`,
  diamond: (r) => `M0,${-r * 1.3}L${r * 1.3},0L0,${r * 1.3}L${-r * 1.3},0Z`,
  square: (r) => `M${-r},${-r}H${r}V${r}H${-r}Z`,
  "triangle-up": (r) => `M0,${-r * 1.2}L${r * 1.1},${r * 0.8}H${-r * 1.1}Z`,
  "triangle-down": (r) => `M0,${r * 1.2}L${r * 1.1},${-r * 0.8}H${-r * 1.1}Z`,
  suppressed: (r) => `M${-r},${-r}L${r},${r}M${r},${-r}L${-r},${r}`,
};
const GAP = 10;
const BADGE = 18; // width of the number of an event

function draw(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Stretches of periods that follow each other and all pass a test.
function runs(points, passes, breaks) {
  const found = [];
  points.forEach((point, i) => {
    if (!passes(point)) return;
    const last = found.at(-1);
    if (last && last.at(-1) === i - 1 && !breaks.includes(i)) last.push(i);
    else found.push([i]);
  });
  return found;
}

function widthOf(words) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  return Math.max(0, ...words.map((word) => pen.measureText(word).width));
}

// Where everything goes at a width: `x` of a period, `y` of a value, and the edges of the field.
function frame(data, width) {
  const [left, right] = [widthOf(data.ticks.map(([, words]) => words)) + GAP, width - GAP];
  const [top, bottom] = [data.events.length ? 30 : GAP, data.height - 30];
  const [low, high] = data.range;
  const step = (right - left) / (data.axis.length - 0.2);
  return {
    left, right, top, bottom, step,
    x: (i) => left + (i + 0.4) * step,
    y: (value) => bottom - ((value - low) / (high - low || 1)) * (bottom - top),
  };
}

function grid(data, at) {
  const marks = data.ticks.flatMap(([value, words]) => [
    draw("line", { x1: at.left, x2: at.right, y1: at.y(value), y2: at.y(value), stroke: data.colours.grid }),
    draw("text", { x: at.left - 6, y: at.y(value) + 4, "text-anchor": "end" }, words),
  ]);
  const named = data.axis.map(([words, may], i) => [words, may, i]).filter(([, may]) => may);
  const apart = named.length > 1 ? at.x(named[1][2]) - at.x(named[0][2]) : Infinity;
  const every = Math.ceil((widthOf(named.map(([words]) => words)) + GAP) / apart) || 1;
  const names = named.filter((_, n) => n % every === 0).map(([words, , i]) => {
    const x = at.x(i);
    const half = widthOf([words]) / 2;
    return draw("text", { x: Math.min(x, at.right + GAP - half), y: at.bottom + 20, "text-anchor": "middle" }, words);
  });
  return [...marks, ...names];
}

function line(one, data, at) {
  const nodes = runs(one.points, ([value, low]) => value !== null && low !== null, data.breaks).filter((run) => run.length > 1).map((run) => {
    const side = (k) => run.map((i) => `${at.x(i)},${at.y(one.points[i][k])}`);
    return draw("polygon", { points: [...side(2), ...side(1).reverse()].join(" "), fill: one.colour, opacity: 0.18 });
  });
  for (const run of runs(one.points, ([value]) => value !== null, data.breaks)) {
    const path = run.map((i, n) => `${n ? "L" : "M"}${at.x(i)},${at.y(one.points[i][0])}`).join("");
    const dash = one.strong ? {} : { "stroke-dasharray": "2 4" };
    nodes.push(draw("path", { d: path, fill: "none", stroke: one.colour, "stroke-width": one.strong ? 3 : 2, ...dash }));
  }
  one.points.forEach(([value], i) => {
    if (value === null) return;
    nodes.push(draw("path", { d: SHAPES[one.shape](one.strong ? 4 : 3), fill: one.colour, transform: `translate(${at.x(i)},${at.y(value)})` }));
  });
  for (const [[from, low], [to, high]] of one.dashes) {
    nodes.push(draw("line", { x1: at.x(from), y1: at.y(low), x2: at.x(to), y2: at.y(high), stroke: one.colour, "stroke-width": 2, "stroke-dasharray": "6 4" }));
  }
  for (const [i, value, state] of one.apart) {
    const shape = (SHAPES[state] || SHAPES.circle)(5);
    const [fill, stroke] = state === "provisional" ? [data.colours.paper, one.colour] : ["none", data.colours.muted];
    nodes.push(draw("path", { d: shape, fill, stroke, "stroke-width": 2, transform: `translate(${at.x(i)},${at.y(value)})` }));
  }
  return nodes;
}

// Places in a row, none nearer to the one before than `apart`, as near to where they belong as the edges let them.
function spread(wanted, apart, low, high) {
  const places = [];
  for (const x of wanted) places.push(Math.max(x, (places.at(-1) ?? low - apart) + apart));
  for (let n = places.length - 1, most = high; n >= 0; n--, most -= apart) places[n] = Math.min(places[n], most);
  return places;
}

function around(data, at) {
  const nodes = [];
  for (const [i, value, words] of data.targets) { // a dash at its own period: a yearly target says nothing of other years
    const [x, y, half] = [at.x(i), at.y(value), Math.min(at.step / 2, 18)];
    nodes.push(draw("line", { x1: x - half, x2: x + half, y1: y, y2: y, stroke: data.colours.target, "stroke-width": 3 }));
    const end = x > at.right - 40;
    const under = data.lines.some((one) => one.points[i][0] !== null && one.points[i][0] >= value); // away from the line
    const place = { x: end ? at.right : x, y: under ? y + 16 : y - 6, "text-anchor": end ? "end" : "middle", class: "sb-target" };
    if (data.targets.length < 4 || i === data.targets.at(-1)[0]) nodes.push(draw("text", { ...place, style: `fill:${data.colours.target}` }, words));
  }
  const badges = spread(data.events.map(([i]) => at.x(i)), BADGE + 2, at.left, at.right);
  data.events.forEach(([i], n) => {
    const x = badges[n];
    const look = Number.isInteger(i) ? { stroke: data.colours.border, "stroke-dasharray": "2 3" } : { stroke: data.colours.muted, "stroke-width": 2 };
    nodes.push(draw("line", { x1: at.x(i), x2: at.x(i), y1: at.top - 4, y2: at.bottom, ...look }));
    nodes.push(draw("rect", { x: x - BADGE / 2, y: 3, width: BADGE, height: 20, rx: 2, fill: data.colours.muted }));
    nodes.push(draw("text", { x, y: 18, "text-anchor": "middle", class: "sb-event", style: `fill:${data.colours.paper}` }, String(n + 1)));
  });
  return nodes;
}

// What a period says: every line's words, and what happened then.
function told(data, i) {
  const said = data.lines.map((one) => make("div", {}, dot(one.colour), `${data.lines.length > 1 ? `${one.name}: ` : ""}${one.points[i][3]}`));
  const events = data.events.flatMap(([at, title], n) => (Math.ceil(at) === i ? [make("div", {}, `${n + 1} · ${title}`)] : []));
  return [make("strong", {}, data.axis[i][0]), ...said, ...events];
}

function walked(root, svg, tip, cursor, data, at) {
  let now = null;
  const show = (i) => {
    now = i;
    tip.hidden = i === null;
    cursor.style.display = i === null ? "none" : "";
    if (i === null) return;
    cursor.setAttribute("x1", at.x(i));
    cursor.setAttribute("x2", at.x(i));
    tip.replaceChildren(...told(data, i));
    const room = root.clientWidth - tip.offsetWidth;
    const beside = at.x(i) + GAP > room ? at.x(i) - GAP - tip.offsetWidth : at.x(i) + GAP;
    tip.style.left = `${Math.max(0, Math.min(beside, room))}px`;
    tip.style.top = `${at.top + GAP}px`;
  };
  const last = data.axis.length - 1;
  svg.onpointermove = (event) => {
    const across = event.clientX - svg.getBoundingClientRect().left;
    show(Math.max(0, Math.min(last, Math.round((across - at.left) / at.step - 0.4))));
  };
  svg.onpointerleave = svg.onblur = () => show(null);
  svg.onkeydown = (event) => {
    const from = now ?? (event.key === "ArrowLeft" ? last + 1 : -1);
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") show(null);
    if (to === undefined) return;
    event.preventDefault();
    show(Math.max(0, Math.min(last, to)));
  };
}

function paint(root, data) {
  const width = Math.max(root.clientWidth, 240);
  const at = frame(data, width);
  const cursor = draw("line", { y1: at.top, y2: at.bottom, stroke: data.colours.border, style: "display:none" });
  const svg = draw(
    "svg",
    { viewBox: `0 0 ${width} ${data.height}`, class: "sb-lines-svg", role: "img", tabindex: 0, "aria-label": `${data.title}. ${data.alt}` },
    ...grid(data, at), cursor, ...around(data, at), ...data.lines.flatMap((one) => line(one, data, at)),
  );
  const tip = make("div", { class: "sb-tip", role: "status" });
  tip.hidden = true;
  walked(root, svg, tip, cursor, data, at);
  const key = data.lines.map((one) => {
    const mark = draw("svg", { width: 26, height: 12, "aria-hidden": "true" });
    const dash = one.strong ? {} : { "stroke-dasharray": "2 4" };
    mark.append(draw("line", { x1: 0, x2: 26, y1: 6, y2: 6, stroke: one.colour, "stroke-width": 2, ...dash }));
    mark.append(draw("path", { d: SHAPES[one.shape](4), fill: one.colour, transform: "translate(13,6)" }));
    return make("li", {}, mark, one.name);
  });
  root.replaceChildren(
    svg, tip,
    ...(key.length > 1 ? [make("ul", { class: "sb-legend" }, ...key)] : []),
    ...data.notes.map((note) => make("p", { class: "sb-notes" }, note)),
  );
  root.dataset.width = root.clientWidth;
}

export default function (parent, sent) {
  const root = rootOf(parent, "div", "sb-lines");
  root.style.minHeight = `${sent.height}px`; // so that what stands below does not jump when the lines come
  if (!root.watch) {
    root.setAttribute("role", "img"); // until it is drawn, which then says more
    root.setAttribute("aria-label", sent.title);
  }
  whenNear(root, [sent.drawing], (data) => show(root, data));
}

function show(root, data) {
  root.removeAttribute("role");
  root.removeAttribute("aria-label");
  root.watch?.disconnect();
  paint(root, data);
  root.watch = new ResizeObserver(() => {
    if (String(root.clientWidth) !== root.dataset.width) paint(root, data);
  });
  root.watch.observe(root);
}
