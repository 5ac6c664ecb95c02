// Maps of several periods on one scale: side by side, or one that a slider and a button move through them without the server.
import { make, rootOf, whenNear } from "./common.js";
import { legendEntries, ProvinceMap } from "./map.js";

class Maps {
  constructor(element) {
    this.element = element;
  }

  build(drawing) {
    this.stop();
    this.drawing = drawing;
    const count = drawing.moving ? 1 : drawing.moments.length;
    this.maps = Array.from({ length: count }, () => new ProvinceMap((code) => this.pick(code)));
    this.heads = this.maps.map(() => make("p", { class: "sb-moment" }));
    const figures = this.maps.map((map, n) => make("div", {}, this.heads[n], map.element));
    const legend = make("ul", { class: "sb-legend" }, ...legendEntries(drawing));
    const notes = make("p", { class: "sb-notes" }, drawing.notes.join(" · "));
    const row = make("div", { class: drawing.moving ? "sb-one-map" : "sb-many-maps" }, ...figures);
    this.element.replaceChildren(...(drawing.moving ? [this.controls()] : []), row, legend, notes);
  }

  controls() {
    const { moments, words } = this.drawing;
    this.range = make("input", { type: "range", min: 0, max: moments.length - 1, step: 1, "aria-label": words.period });
    this.range.oninput = () => {
      this.stop();
      this.show(Number(this.range.value));
    };
    this.button = make("button", { type: "button", class: "sb-play" });
    this.button.onclick = () => (this.timer ? this.stop() : this.play());
    this.stop();
    return make("div", { class: "sb-player" }, this.button, this.range);
  }

  // From the first period when it stands at the last; it ends there by itself.
  play() {
    const { moments, words, pace } = this.drawing;
    const last = moments.length - 1;
    if (this.at === last) this.show(0);
    this.button.textContent = `■ ${words.stop}`;
    this.timer = setInterval(() => {
      if (!this.element.isConnected) return this.stop();
      this.show(this.at + 1);
      if (this.at >= last) this.stop();
    }, pace);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.button && this.drawing) this.button.textContent = `▶ ${this.drawing.words.play}`;
  }

  show(at) {
    this.at = at;
    const [label] = this.drawing.moments[at];
    this.range.value = at;
    this.range.setAttribute("aria-valuetext", label);
    this.paintOne(0, at);
  }

  paintOne(place, at) {
    const [label, cells, alt] = this.drawing.moments[at];
    this.heads[place].textContent = label;
    this.maps[place].paint(this.drawing, cells, `${label}: ${alt}`, this.selected, this.geometry, this.names);
  }

  pick(code) {
    if (code && this.maps.some((map) => map.cells.has(code))) this.choose(code === this.selected ? "" : code);
  }

  paint(sent, drawing, geometry, names) {
    Object.assign(this, { selected: sent.selected, geometry, names });
    if (this.drawing !== drawing) {
      this.build(drawing);
      if (drawing.moving) this.show(sent.at);
    } else if (drawing.moving) this.show(this.at);
    if (!drawing.moving) drawing.moments.forEach((_moment, n) => this.paintOne(n, n));
  }
}

export default function (parent, sent, send) {
  const root = rootOf(parent, "div", "sb-maps");
  whenNear(root, [sent.drawing, sent.geometry, sent.names], (drawing, geometry, names) => {
    parent.maps ??= new Maps(root);
    parent.maps.choose = (code) => send("chosen", code);
    parent.maps.paint(sent, drawing, geometry, names);
  });
}
