// The words around the numbers, and what a reader presses beside them. All is set as text, never as HTML.
import { dot, icon, make, rootOf } from "./common.js";

export const header = (parent, data) => rootOf(parent, "h2").replaceChildren(data.text);
export const subheader = (parent, data) => rootOf(parent, "h3").replaceChildren(data.text);
export const caption = (parent, data) => rootOf(parent, "p", "sb-notes").replaceChildren(data.text);

export function note(parent, data) {
  const root = rootOf(parent, "div");
  root.className = `sb-note sb-${data.tone}`;
  root.setAttribute("role", "status");
  root.replaceChildren(...(data.icon ? [icon(data.icon)] : []), make("p", {}, data.text));
}

// Dots of colours with their words, for figures that cannot draw their own.
export function legend(parent, data) {
  rootOf(parent, "ul", "sb-legend").replaceChildren(...data.entries.map(([colour, text]) => make("li", {}, dot(colour), text)));
}

// Which of the headlines stand where: a badge with its number, and their names.
export function standings(parent, data) {
  const line = ([tone, symbol, words, names]) => make("p", {}, make("span", { class: `sb-badge sb-${tone}` }, icon(symbol), words), ` ${names}`);
  parent.replaceChildren(...data.lines.map(line));
}

// Links to pages: real addresses, so that they can be opened beside this one too. `here` ends a trail.
export function links(parent, data, send) {
  const anchors = data.links.map((link, at) => {
    const anchor = make("a", { class: "sb-link", href: link.href }, ...(link.icon ? [icon(link.icon), " "] : []), link.text);
    anchor.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      send("gone", at);
    };
    return anchor;
  });
  const here = data.here ? [make("span", { "aria-current": "location" }, "› ", make("strong", {}, data.here))] : [];
  rootOf(parent, "nav", "sb-links").replaceChildren(...anchors, ...here);
}

export function button(parent, data, send) {
  const pressed = make("button", { type: "button", class: "sb-button", "aria-label": data.label ?? data.text }, icon(data.icon), " ", data.text);
  pressed.onclick = () => send("pressed", "");
  parent.replaceChildren(pressed);
}

export const text = (parent, data) => rootOf(parent, "p").replaceChildren(...(data.strong ? [make("strong", {}, data.strong), " "] : []), data.text, ...(data.code ? [make("code", {}, data.code)] : []));
export const points = (parent, data) => rootOf(parent, "ul").replaceChildren(...data.items.map((item) => make("li", {}, item)));

export const definition = (parent, data) =>
  rootOf(parent, "p").replaceChildren(make("strong", {}, data.title), ` ${data.text}`, make("br"), make("code", {}, data.formula), ` · ${data.source}`);
