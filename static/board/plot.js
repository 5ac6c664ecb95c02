// A figure of Plotly: its library is loaded with the first one, the figure comes by URL. A click chooses what the point stands for.
import { plotlys, rootOf, whenNear } from "./common.js";

const CONFIG = { displayModeBar: false, topojsonURL: "/app/static/topojson/", scrollZoom: false };

function listen(root, send) {
  root.removeAllListeners("plotly_click");
  root.on("plotly_click", ({ points: [point] }) => {
    const code = [point.location ?? point.customdata].flat()[0];
    if (code) send("picked", code);
  });
}

async function draw(root, figure, data, send) {
  const Plotly = plotlys.get(data.library);
  if (root.plotly && root.plotly !== Plotly) root.plotly.purge(root);
  root.plotly = Plotly;
  const { data: traces, layout } = structuredClone(figure); // which Plotly writes into
  await Plotly.react(root, traces, layout, CONFIG);
  if (data.picks) listen(root, send);
  root.drawnAt = root.clientWidth;
  root.watch ??= new ResizeObserver(() => {
    if (!root.clientWidth || root.clientWidth === root.drawnAt) return;
    root.drawnAt = root.clientWidth;
    root.plotly.Plots.resize(root);
  });
  root.watch.observe(root);
}

export default function (parent, data, send) {
  const root = rootOf(parent, "div", "sb-plot");
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", data.alt);
  root.style.minHeight = `${data.height}px`; // so that what stands below does not jump when the figure comes
  whenNear(root, [data.figure], (figure) => draw(root, figure, data, send), [data.library]);
}
