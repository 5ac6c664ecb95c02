// A map of deck.gl: its scripts are loaded with the first one; the map and what lies on it come by URL.
import { rootOf, whenNear } from "./common.js";

const FOLDER = "/app/static/deck";
const SCRIPTS = ["core", "layers", "json"].map((name) => `${FOLDER}/${name}.min.js`);
const LABEL = { color: "var(--st-text-color)", background: "var(--st-background-color)", fontSize: "14px", border: "1px solid var(--st-border-color)" };
const shown = new Set(); // maps with a drawing context of their own, of which a browser has few

let converter;

// What pydeck wrote, as deck.gl takes it.
function properties(map) {
  const { GeoJsonLayer, JSONConfiguration, JSONConverter, MapView, PathLayer, ScatterplotLayer } = window.deck;
  converter ??= new JSONConverter({ configuration: new JSONConfiguration({ classes: { GeoJsonLayer, MapView, PathLayer, ScatterplotLayer } }) });
  return converter.convert(map);
}

function draw(root, data, map, points) {
  const found = new Map(data.layers.map((id, at) => [id, points[at]]));
  for (const old of shown) {
    if (old.isConnected) continue;
    old.deck?.finalize();
    shown.delete(old);
  }
  const layers = map.layers.map((layer) => ({ ...layer, data: found.get(layer.id) ?? layer.data }));
  const drawn = properties({ ...map, layers });
  if (root.deck) return root.deck.setProps(drawn);
  const getTooltip = ({ object }) => object && { text: object.label, style: LABEL };
  root.deck = new window.deck.Deck({ ...drawn, parent: root, getTooltip });
  shown.add(root);
}

// On paper a map keeps the width that it was drawn with.
addEventListener("beforeprint", () => shown.forEach((root) => (root.style.maxWidth = `${root.clientWidth}px`)));
addEventListener("afterprint", () => shown.forEach((root) => (root.style.maxWidth = "")));

export default function (parent, data) {
  const root = rootOf(parent, "div", "sb-deck");
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", data.alt);
  root.style.height = `${data.height}px`;
  whenNear(root, [data.map, ...data.layers.map((id) => data[id])], (map, ...points) => draw(root, data, map, points), SCRIPTS);
}
