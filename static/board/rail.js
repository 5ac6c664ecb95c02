// Slides in their order, as pictures: one is chosen, any is dragged to another place, or moved there by Alt and the arrows.
import { make } from "./common.js";

export default function rail(parent, data, send) {
  const ids = data.slides.map(([id]) => id);
  const at = ids.indexOf(data.value);
  const focused = parent.contains(document.activeElement);
  const place = (id, to) => to >= 0 && to < ids.length && ids.indexOf(id) !== to && send("moved", [id, to]);
  const buttons = data.slides.map(([id, picture, words], number) => {
    const image = make("img", { src: picture, alt: "", loading: "lazy" });
    const made = make("button", { type: "button", role: "radio", "aria-checked": String(number === at), draggable: String(data.movable) }, image, make("span", {}, words));
    made.tabIndex = number === at ? 0 : -1;
    made.onclick = () => number !== at && send("chosen", id);
    made.ondragstart = (event) => event.dataTransfer.setData("text/plain", id);
    made.ondragover = (event) => data.movable && event.preventDefault();
    made.ondrop = (event) => {
      event.preventDefault();
      const dragged = event.dataTransfer.getData("text/plain");
      if (ids.includes(dragged)) place(dragged, number);
    };
    return made;
  });
  const group = make("div", { class: "sb-rail", role: "radiogroup", "aria-label": data.label }, ...buttons);
  group.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const from = Math.max(buttons.indexOf(event.target.closest("button")), 0);
    if (event.altKey && data.movable) return place(ids[from], from + step);
    const next = Math.min(Math.max(from + step, 0), ids.length - 1);
    if (next !== at) send("chosen", ids[next]);
  };
  const scrolled = parent.firstElementChild?.scrollTop ?? 0;
  parent.replaceChildren(group, ...(data.help ? [make("p", { class: "sb-caption" }, data.help)] : []));
  group.scrollTop = scrolled;
  if (focused) buttons[at]?.focus({ preventScroll: true });
}
