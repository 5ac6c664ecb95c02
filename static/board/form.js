// What a reader fills in together and sends with one of its buttons. What was typed stays until the values that the server holds change.
import { icon, make, selectBox } from "./common.js";

function numberBox(name, value, low, high, whole) {
  const box = make("input", { type: "number", name, min: low, max: high, step: whole ? 1 : "any", inputmode: whole ? "numeric" : "decimal" });
  box.value = value ?? "";
  return box;
}

const valueOf = (box) => (box.value === "" ? null : box.valueAsNumber);
const labelled = (data, box) => [make("label", {}, make("span", {}, data.label), box), ...(data.note ? [make("p", { class: "sb-notes" }, data.note)] : [])];

// Each field: the elements that it is drawn with, and what tells its value.
const FIELDS = {
  number(data) {
    const box = numberBox(data.name, data.value, data.low, data.high, data.whole);
    box.required = !data.none;
    box.placeholder = data.none;
    return [labelled(data, box), () => valueOf(box)];
  },
  choice(data) {
    const box = selectBox(data);
    return [labelled(data, box), () => box.value];
  },
  text(data) {
    const box = make("input", { type: "text", name: data.name, maxlength: data.longest, autocomplete: "off" });
    box.value = data.value;
    return [labelled(data, box), () => box.value];
  },
  rows(data) {
    const body = make("tbody");
    const rename = () => {
      [...body.rows].forEach((row, at) => row.querySelector("button").setAttribute("aria-label", data.away.replace("{n}", at + 1)));
      more.disabled = body.rows.length >= data.most;
    };
    const row = (values) => {
      const away = make("button", { type: "button", class: "sb-button sb-quiet" }, icon("close"));
      const cells = data.heads.map(([label, low, high, whole], at) => {
        const box = numberBox(data.name, values[at], low, high, whole);
        box.setAttribute("aria-label", label);
        return make("td", {}, box);
      });
      const made = make("tr", {}, ...cells, make("td", {}, away));
      away.onclick = () => {
        const next = made.nextElementSibling ?? made.previousElementSibling;
        made.remove();
        rename();
        (next?.querySelector("button") ?? more).focus();
      };
      return made;
    };
    const more = make("button", { type: "button", class: "sb-button sb-quiet" }, icon("add"), " ", data.add);
    more.onclick = () => {
      body.append(row([]));
      rename();
      body.lastElementChild.querySelector("input").focus();
    };
    body.append(...data.value.map(row));
    rename();
    const heads = make("tr", {}, ...data.heads.map(([label]) => make("th", { scope: "col" }, label)), make("td"));
    const told = () => [...body.rows].map((one) => [...one.querySelectorAll("input")].map(valueOf));
    return [[make("table", {}, make("thead", {}, heads), body), more], told];
  },
};

export default function form(parent, data, send) {
  const text = JSON.stringify(data);
  if (parent.shown === text) return;
  parent.shown = text;
  const focused = parent.contains(document.activeElement) ? document.activeElement.name : null;
  const told = {};
  const groups = data.groups.map(([title, layout, fields]) => {
    const drawn = fields.map((field) => {
      const [nodes, value] = FIELDS[field.kind](field);
      told[field.name] = value;
      return make("div", { class: `sb-field sb-of-${field.kind}` }, ...nodes);
    });
    return make("fieldset", { class: `sb-${layout}` }, ...(title ? [make("legend", {}, title)] : []), make("div", {}, ...drawn));
  });
  const buttons = data.buttons.map(([name, words, symbol, strong]) =>
    make("button", { type: "submit", name, class: `sb-button${strong ? " sb-strong" : ""}` }, icon(symbol), " ", words),
  );
  const made = make("form", { class: "sb-form", autocomplete: "off" }, ...groups, make("div", { class: "sb-links" }, ...buttons));
  made.onsubmit = (event) => {
    event.preventDefault();
    const values = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, value()]));
    send("pressed", [event.submitter?.name ?? data.buttons[0][0], values]);
  };
  parent.replaceChildren(made);
  if (focused) made.querySelector(`[name="${focused}"]`)?.focus({ preventScroll: true });
}
