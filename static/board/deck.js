// A map of deck.gl: its library is loaded with the first one; the map and what lies on it come by URL.
import { rootOf, whenNear } from "./common.js";

const LABEL = { color: "var(--st-text-color)", background: "var(--st-background-color)", fontSize: "14px", border: "1px solid var(--st-border-color)" };
const shown = new Set(); // maps with a drawing context of their own, of which a browser has few

function draw(root, data, map, points) {
  const found = new Map(data.layers.map((id, at) => [id, points[at]]));
  for (const old of shown) {
    if (old.isConnected) continue;
    old.deck?.finalize();
    shown.delete(old);
  }
  const layers = map.layers.map((layer) => ({ ...layer, data: found.get(layer.id) ?? layer.data }));
  if (root.deck) return updateDeck({ ...map, layers }, root.deck);
  root.deck = createDeck({ container: root, jsonInput: { ...map, layers }, tooltip: { text: "{label}", style: LABEL } });
  shown.add(root);
}

export default function (parent, data) {
  const root = rootOf(parent, "div", "sb-deck");
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", data.alt);
  root.style.height = `${data.height}px`;
  whenNear(root, [data.map, ...data.layers.map((id) => data[id])], (map, ...points) => draw(root, data, map, points), data.library);
}
