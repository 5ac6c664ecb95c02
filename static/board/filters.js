// The filter bar: native fields, so that a change costs no more than the page that follows it.
import { load, make } from "./common.js";

const NAMES = "/app/static/geo/province_names.json";

function select(field, send) {
  const box = make("select", { name: field.key });
  box.append(...(field.empty ? [make("option", { value: "" }, field.empty)] : []));
  box.append(...field.options.map(([code, words]) => make("option", { value: code }, words)));
  box.onchange = () => send(field.key, box.value);
  return box;
}

// Both names of every province, found by typing a part of either; what is no name is sent as it was typed, for its other spellings.
export function provinceBox(id, label, names, codes, lang, send) {
  const words = (code) => (lang === "th" ? names[code].slice(0, 2) : names[code].slice(0, 2).reverse()).join(" · ");
  const list = make("datalist", { id }, ...codes.map((code) => make("option", { value: words(code) })));
  const box = make("input", { type: "search", name: "province", list: id, autocomplete: "off", "aria-label": label });
  const known = new Map(codes.map((code) => [words(code), code]));
  box.onchange = () => send(known.get(box.value) || box.value.trim());
  return { box, list, words };
}

function provinceField(field, names, lang, send) {
  const codes = field.only || Object.keys(names);
  const made = provinceBox(`sb-${Math.random().toString(36).slice(2)}`, field.label, names, codes, lang, (value) => send("province", value));
  made.box.placeholder = field.empty;
  return made;
}

// A fold of filters lies over the page: a press anywhere else closes it.
document.addEventListener("pointerdown", ({ target }) => {
  for (const fold of document.querySelectorAll(".sb-more[open]")) fold.open = fold.contains(target);
});

class Bar {
  constructor(parent, data, names, send) {
    this.fields = new Map();
    const boxes = data.fields.map((field) => {
      const made = field.key === "province" ? provinceField(field, names, data.lang, send) : { box: select(field, send) };
      this.fields.set(field.key, made);
      return make("label", { class: `sb-field sb-field-${field.key}` }, make("span", {}, field.label), made.box, ...(made.list ? [made.list] : []));
    });
    const narrow = matchMedia("(max-width: 640px)").matches;
    const rarer = data.fields.map((field) => field.rarer || (narrow && !["period", "province"].includes(field.key)));
    this.rarer = data.fields.filter((_field, n) => rarer[n]).map((field) => field.key);
    const first = boxes.filter((_box, n) => !rarer[n]);
    const folded = this.rarer.length ? [this.fold(data.more, boxes.filter((_box, n) => rarer[n]))] : [];
    const clear = make("button", { type: "button", class: "sb-clear" }, data.clear || "");
    clear.onclick = () => send("clear", "");
    parent.replaceChildren(make("div", { class: "sb-filters", role: "group", "aria-label": data.label }, ...first, ...folded, ...(data.clear ? [clear] : [])));
  }

  // What is chosen less often stands in a fold; how many of it narrow the page is said on the fold itself.
  fold(words, boxes) {
    this.words = make("summary", {}, words);
    this.more = words;
    const fold = make("details", { class: "sb-more" }, this.words, make("div", { class: "sb-more-fields" }, ...boxes));
    fold.onkeydown = (event) => {
      if (event.key !== "Escape" || !fold.open) return;
      fold.open = false;
      this.words.focus();
    };
    return fold;
  }

  fill(values) {
    const narrowing = this.rarer.filter((key) => key !== "scheme" && values[key]).length;
    if (this.words) this.words.textContent = narrowing ? `${this.more} · ${narrowing}` : this.more;
    for (const [key, value] of Object.entries(values)) {
      const { box, words } = this.fields.get(key);
      const shown = words && value ? words(value) : value || "";
      if (box.value !== shown) box.value = shown;
    }
  }
}

export default async function (parent, sent, say) {
  parent.wanted = sent;
  const [data, names] = await Promise.all([sent.offered, NAMES].map(load));
  if (parent.wanted !== sent) return; // other values have come meanwhile
  const send = (key, value) => say("changed", { key, value });
  if (parent.offered !== sent.offered) {
    const focused = parent.contains(document.activeElement) ? document.activeElement.name : null;
    const open = parent.querySelector(".sb-more")?.open;
    Object.assign(parent, { offered: sent.offered, bar: new Bar(parent, data, names, send) });
    if (open) parent.querySelector(".sb-more")?.setAttribute("open", "");
    if (focused) parent.querySelector(`[name="${focused}"]`)?.focus();
  }
  parent.bar.fill(sent.values);
}
