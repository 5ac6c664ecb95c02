// The words around the numbers, and what a reader presses beside them. All is set as text, never as HTML.
import { badged, dot, icon, make, rootOf } from "./common.js";

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

// What stands where, a line each.
// What was found, in a sentence, before anything else.
export function finding(parent, data) {
  parent.replaceChildren(make("p", { class: "sb-finding" }, data.text), ...(data.more ? [make("p", { class: "sb-caption" }, data.more)] : []));
}

export function standings(parent, data) {
  parent.replaceChildren(...data.lines.map((line) => make("p", {}, ...badged(line))));
}

// The same as a table: groups of rows; on a phone the cells stand under one another, each after the head of its column.
export function scoreboard(parent, data) {
  const heads = data.heads.map((words) => make("th", { scope: "col" }, words));
  const row = ([name, cells]) => {
    const found = cells.map((cell, at) => make("td", { "data-head": data.heads[at + 1] }, ...(cell ? badged(cell) : ["–"])));
    return make("tr", {}, make("th", { scope: "row" }, name), ...found);
  };
  const bodies = data.groups.map(([title, rows]) => {
    const head = make("tr", {}, make("th", { scope: "rowgroup", colspan: heads.length, class: "sb-group" }, title));
    return make("tbody", {}, head, ...rows.map(row));
  });
  const caption = make("caption", { class: "sb-said-only" }, data.title);
  parent.replaceChildren(make("div", { class: "sb-table sb-scoreboard" }, make("table", {}, caption, make("thead", {}, make("tr", {}, ...heads)), ...bodies)));
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
  const more = data.beside ? [make("button", { type: "button", class: "sb-button sb-beside", "aria-label": data.beside[1], title: data.beside[1] }, icon(data.beside[0]))] : [];
  more.forEach((second) => (second.onclick = () => send("beside", "")));
  rootOf(parent, "div", "sb-links").replaceChildren(pressed, ...more);
}

// A step of the tour, or the question for whom it is: what is said, and the buttons under it.
export function tour(parent, data, send) {
  const buttons = data.buttons.map(([leads, words, symbol, tone]) => {
    const pressed = make("button", { type: "button", class: `sb-button${tone ? ` sb-${tone}` : ""}` }, ...(symbol ? [icon(symbol)] : []), words);
    pressed.onclick = () => send("pressed", leads);
    return pressed;
  });
  const said = make("p", {}, ...(data.icon ? [icon(data.icon), " "] : []), make("strong", {}, data.strong), ...(data.text ? [`${data.strong && " · "}${data.text}`] : []));
  rootOf(parent, "div", "sb-tour").replaceChildren(said, make("div", { class: "sb-links" }, ...buttons));
}

export const text = (parent, data) => rootOf(parent, "p").replaceChildren(...(data.strong ? [make("strong", {}, data.strong), " "] : []), data.text, ...(data.code ? [" ", make("code", {}, data.code)] : []));
export const picture = (parent, data) => Object.assign(rootOf(parent, "img", "sb-picture"), data);
export const points = (parent, data) => rootOf(parent, "ul").replaceChildren(...data.items.map((item) => make("li", {}, item)));

export const definition = (parent, data) =>
  rootOf(parent, "p").replaceChildren(make("strong", {}, data.title), ` ${data.text}`, make("br"), make("code", {}, data.formula), ` · ${data.source}`);
