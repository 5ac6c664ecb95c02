// Cards of headlines and of what needs attention: one element for the page, whatever the number of its tiles.
// A card is a list of parts; `data` holds words alone, which are set as text and never as HTML.
import { badged, explained, icon, make, rootOf } from "./common.js";

const ICONS = { up: "↑", down: "↓" };

const help = (text, label) => explained(make("button", { type: "button", class: "sb-help", "aria-label": `${label}: ${text}` }, icon("help")), text);

const PARTS = {
  head: (part) => make("p", { class: "sb-head" }, ...(part.icon ? [icon(part.icon), " "] : []), make("strong", {}, part.text), part.more || ""),
  tile: (part) => {
    const label = make("p", { class: "sb-label", "data-part": "label" }, part.label, " ", ...(part.help ? [help(part.help, part.label)] : []));
    const number = make("p", { class: "sb-figure", "data-part": "number" }, part.number);
    const delta = part.delta && make("p", { class: `sb-delta sb-${part.colour}`, "data-part": "delta" }, `${ICONS[part.arrow]} ${part.delta}`);
    const sentence = part.sentence && make("p", { class: "sb-notes" }, part.sentence);
    return make("div", { class: "sb-tile" }, ...[label, number, delta, sentence].filter(Boolean));
  },
  lines: (part) => make("ul", {}, ...part.items.map(([label, number]) => make("li", {}, `${label}: `, make("strong", {}, number)))),
  status: (part) => make("p", { class: "sb-head" }, ...badged(part.badge), make("strong", {}, part.text)),
  text: (part) => make("p", { class: "sb-notes" }, ...(part.strong ? [make("strong", {}, part.strong), " · "] : []), part.text),
  pick: (part, send) => {
    const button = make("button", { type: "button", class: "sb-pick", "data-pick": part.code }, icon("location_on"), ` ${part.name}`);
    button.onclick = () => send("picked", part.code);
    return make("div", {}, button, make("p", { class: "sb-notes" }, part.text));
  },
  go: (part, send) => {
    const button = make("button", { type: "button", class: "sb-go", role: "link" }, icon("arrow_forward"), ` ${part.text}`);
    button.onclick = () => send("gone", part.page);
    return button;
  },
};

export default function (parent, data, send) {
  const root = rootOf(parent, "div", "sb-cards");
  const parts = (card) => card.map((part) => PARTS[part.part](part, send));
  root.style.setProperty("--least", `${data.least}px`);
  root.style.setProperty("--columns", data.most);
  root.replaceChildren(...data.cards.map((card) => make("section", { class: "sb-card" }, ...parts(card))));
}
