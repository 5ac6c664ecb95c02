// The words around the numbers, and what a reader presses beside them. All is set as text, never as HTML.
import { icon, make, rootOf } from "./common.js";

export const header = (parent, data) => rootOf(parent, "h2").replaceChildren(data.text);
export const subheader = (parent, data) => rootOf(parent, "h3").replaceChildren(data.text);
export const caption = (parent, data) => rootOf(parent, "p", "sb-notes").replaceChildren(data.text);

export function note(parent, data) {
  const root = rootOf(parent, "div");
  root.className = `sb-note sb-${data.tone}`;
  root.setAttribute("role", "status");
  root.replaceChildren(...(data.icon ? [icon(data.icon)] : []), make("p", {}, data.text));
}

// Which of the headlines stand where: a badge with its number, and their names.
export function standings(parent, data) {
  const line = ([tone, symbol, words, names]) => make("p", {}, make("span", { class: `sb-badge sb-${tone}` }, icon(symbol), words), ` ${names}`);
  parent.replaceChildren(...data.lines.map(line));
}

// A link to a page: a real address, so that it can be opened beside this one too.
export function link(parent, data, send) {
  const anchor = make("a", { class: "sb-link", href: data.href }, icon(data.icon), " ", data.text);
  anchor.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    send("gone", data.page);
  };
  parent.replaceChildren(anchor);
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
  parent.replaceChildren(group);
  if (focused) buttons[chosen.indexOf(data.value)]?.focus();
}

// One of many.
export function choice(parent, data, send) {
  const box = make("select", { name: data.name }, ...data.options.map(([code, text]) => make("option", { value: code }, text)));
  box.value = data.value;
  box.onchange = () => send("chosen", box.value);
  const focused = parent.contains(document.activeElement);
  parent.replaceChildren(make("div", { class: "sb-field sb-wide" }, make("label", {}, make("span", {}, data.label), box)));
  if (focused) box.focus();
}

// Closed until it is wanted; what it holds comes when it is opened.
export function details(parent, data, send) {
  const root = parent.firstElementChild ?? make("details", { class: "sb-details" });
  if (!root.parentElement) parent.append(root);
  const paragraph = ([label, text]) => make("p", {}, make("strong", {}, label), " ", text);
  const entry = ([label, text, formula, source]) => make("li", {}, make("strong", {}, label), " ", text, make("br"), make("code", {}, formula), ` · ${source}`);
  const summary = make("summary", {}, icon(data.icon), " ", data.text);
  summary.onclick = () => root.open || send("opened", "");
  root.replaceChildren(summary, ...data.paragraphs.map(paragraph), make("ul", {}, ...data.entries.map(entry)));
}
