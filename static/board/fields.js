// What a reader chooses, types or turns. Words are set as text, never as HTML.
import { icon, make, selectBox } from "./common.js";

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

// Draw a field again without taking the focus from it.
function fill(parent, box, ...nodes) {
  const focused = parent.contains(document.activeElement);
  parent.replaceChildren(...nodes);
  if (focused) box.focus();
}

const labelled = (label, box) => make("div", { class: "sb-field sb-wide" }, make("label", {}, make("span", {}, label), box));

export function number(parent, data, send) {
  const box = make("input", { type: "number", name: data.name, min: data.low, max: data.high, step: 1 });
  box.value = data.value;
  box.onchange = () => send("chosen", box.valueAsNumber);
  fill(parent, box, labelled(data.label, box));
}

// One of many: a list that opens; where they are many, a field that finds the words.
const FEW = 30;

function found(data, send) {
  // The code of a text: of the words themselves, or of the only ones that hold it.
  const codeOf = (typed) => {
    const wanted = typed.trim().toLowerCase();
    const holding = data.options.filter(([, text]) => text.toLowerCase().includes(wanted));
    const same = holding.find(([, text]) => text.toLowerCase() === wanted);
    return (same ?? (holding.length === 1 ? holding[0] : [null]))[0];
  };
  const id = `sb-${data.name}-words`;
  const list = make("datalist", { id }, ...data.options.map(([, text]) => make("option", { value: text })));
  const box = make("input", { type: "search", name: data.name, list: id, autocomplete: "off", placeholder: data.none });
  box.value = data.options.find(([known]) => known === data.value)?.[1] ?? "";
  box.onchange = () => send("chosen", box.value ? codeOf(box.value) : "");
  return [box, list];
}

function listed(data, send) {
  const box = selectBox(data);
  box.onchange = () => send("chosen", box.value);
  return [box];
}

export function choice(parent, data, send) {
  const [box, ...list] = data.options.length > FEW ? found(data, send) : listed(data, send);
  fill(parent, box, labelled(data.label, box), ...list);
}

// Some of many: each that is chosen is a button that takes it away; a field adds another, until there are as many as may be.
export function picks(parent, data, send) {
  const words = new Map(data.options);
  const away = data.values.map((code, at) => {
    const button = make("button", { type: "button", "aria-label": data.away[at] }, words.get(code), " ", icon("close"));
    button.onclick = () => send("chosen", data.values.filter((one) => one !== code));
    return button;
  });
  const label = make("p", { class: "sb-field" }, data.label);
  const chips = make("div", { class: "sb-chips", role: "group", "aria-label": data.label }, ...away);
  if (data.values.length >= data.most) return fill(parent, away.at(-1), label, chips);
  const others = data.options.filter(([code]) => !data.values.includes(code));
  const [box, list] = found({ ...data, options: others, value: "" }, (event, code) => code && send(event, [...data.values, code]));
  box.setAttribute("aria-label", data.none);
  chips.append(make("div", { class: "sb-field" }, box));
  fill(parent, box, label, chips, list);
}

export function typed(parent, data, send) {
  const box = make("input", { type: "search", name: data.name, maxlength: data.longest, placeholder: data.example, autocomplete: "off" });
  box.value = data.value;
  box.onchange = () => send("chosen", box.value);
  fill(parent, box, labelled(data.label, box));
}

export function tick(parent, data, send) {
  const box = make("input", { type: "checkbox", name: data.name });
  box.checked = data.on;
  box.onchange = () => send("chosen", "");
  fill(parent, box, make("label", { class: "sb-tick" }, box, data.label));
}

// A page of a long list: the one before, the one after, or one by its number.
export function leaf(parent, data, send) {
  const at = [...parent.querySelectorAll("button, input")].indexOf(document.activeElement);
  const step = (name, words, page) => {
    const button = make("button", { type: "button", class: "sb-button", "aria-label": words, title: words }, icon(name));
    button.disabled = page < 1 || page > data.pages;
    button.onclick = () => send("chosen", page);
    return button;
  };
  const box = make("input", { type: "number", name: data.name, min: 1, max: data.pages, step: 1, "aria-label": data.label });
  box.value = data.value;
  box.onchange = () => send("chosen", box.valueAsNumber);
  const number = make("div", { class: "sb-field" }, box);
  const nav = make("nav", { class: "sb-leaf", "aria-label": data.label });
  nav.append(step("chevron_left", data.before, data.value - 1), number, make("span", {}, data.of), step("chevron_right", data.after, data.value + 1));
  parent.replaceChildren(nav);
  if (at >= 0) nav.querySelectorAll("button, input")[at].focus();
}
