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

// One of several, all of them in sight.
export function segments(parent, data, send) {
  const chosen = data.options.map(([code]) => code);
  const buttons = data.options.map(([code, text]) => {
    const made = make("button", { type: "button", role: "radio", "aria-checked": String(code === data.value) }, text);
    made.tabIndex = code === data.value ? 0 : -1;
    made.onclick = () => code !== data.value && send("chosen", code);
    return made;
  });
  const group = make("div", { class: "sb-segments", role: "radiogroup", "aria-label": data.label }, ...buttons);
  group.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (chosen.indexOf(data.value) + step + chosen.length) % chosen.length;
    buttons[next].focus();
    send("chosen", chosen[next]);
  };
  const focused = parent.contains(document.activeElement);
  parent.replaceChildren(...(data.named ? [make("p", { class: "sb-field" }, data.label)] : []), group);
  if (focused) buttons[chosen.indexOf(data.value)]?.focus({ preventScroll: true });
}

// Some of several: each is a button that stays pressed.
export function several(parent, data, send) {
  const pressed = new Set(data.values);
  const at = [...parent.querySelectorAll("button")].indexOf(document.activeElement);
  const buttons = data.options.map(([code, text]) => {
    const button = make("button", { type: "button", "aria-pressed": String(pressed.has(code)) }, text);
    button.disabled = !pressed.has(code) && pressed.size >= data.most;
    button.onclick = () => send("chosen", data.options.map(([one]) => one).filter((one) => pressed.has(one) !== (one === code)));
    return button;
  });
  const group = make("div", { class: "sb-chips", role: "group", "aria-label": data.label }, ...buttons);
  parent.replaceChildren(make("p", { class: "sb-field" }, data.label), group);
  if (at >= 0) buttons[at].focus({ preventScroll: true });
}

export function number(parent, data, send) {
  const box = make("input", { type: "number", name: data.name, min: data.low, max: data.high, step: 1 });
  box.value = data.value;
  box.onchange = () => send("chosen", box.valueAsNumber);
  const focused = parent.contains(document.activeElement);
  parent.replaceChildren(make("div", { class: "sb-field sb-wide" }, make("label", {}, make("span", {}, data.label), box)));
  if (focused) box.focus();
}

// One of many: a list that opens; where they are many, a field that finds the words.
const FEW = 30;

function found(parent, data, send) {
  const code = new Map(data.options.map(([known, text]) => [text, known]));
  const id = `sb-${data.name}-words`;
  const list = make("datalist", { id }, ...data.options.map(([, text]) => make("option", { value: text })));
  const box = make("input", { type: "search", name: data.name, list: id, autocomplete: "off", placeholder: data.none });
  box.value = data.options.find(([known]) => known === data.value)?.[1] ?? "";
  box.onchange = () => send("chosen", code.get(box.value) ?? (box.value ? null : ""));
  parent.append(list);
  return box;
}

function listed(data, send) {
  const none = data.none ? [["", data.none]] : [];
  const box = make("select", { name: data.name }, ...[...none, ...data.options].map(([code, text]) => make("option", { value: code }, text)));
  box.value = data.value;
  box.onchange = () => send("chosen", box.value);
  return box;
}

export function choice(parent, data, send) {
  const focused = parent.contains(document.activeElement);
  parent.replaceChildren();
  const box = data.options.length > FEW ? found(parent, data, send) : listed(data, send);
  parent.prepend(make("div", { class: "sb-field sb-wide" }, make("label", {}, make("span", {}, data.label), box)));
  if (focused) box.focus();
}

export const text = (parent, data) => rootOf(parent, "p").replaceChildren(...(data.strong ? [make("strong", {}, data.strong), " "] : []), data.text, ...(data.code ? [make("code", {}, data.code)] : []));
export const points = (parent, data) => rootOf(parent, "ul").replaceChildren(...data.items.map((item) => make("li", {}, item)));

export const definition = (parent, data) =>
  rootOf(parent, "p").replaceChildren(make("strong", {}, data.title), ` ${data.text}`, make("br"), make("code", {}, data.formula), ` · ${data.source}`);
