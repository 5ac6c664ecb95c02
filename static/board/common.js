// What the components share: elements with their attributes, and files and the stylesheet, loaded once a page.
export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const files = new Map();

const MOST = 200; // files; those not asked for longest go

export function load(url) {
  const found =
    files.get(url) ??
    fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${url}`);
      return answer.json();
    });
  files.delete(url);
  files.set(url, found);
  found.catch(() => files.delete(url));
  if (files.size > MOST) files.delete(files.keys().next().value);
  return found;
}

const scripts = new Map();
export const plotlys = new Map(); // address of a script that is there -> the Plotly in the window then: there are two of it

// Resolved when what a script puts into the window is there; it is loaded when it is first needed, after those asked for before it.
function loadScript(url) {
  if (!scripts.has(url)) {
    const script = Object.assign(make("script", { src: url }), { async: false });
    const found = new Promise((done, failed) => Object.assign(script, { onload: done, onerror: failed }));
    scripts.set(url, found);
    found.then(
      () => plotlys.set(url, window.Plotly), // before another script can put its own there
      () => scripts.delete(url),
    );
    document.head.append(script);
  }
  return scripts.get(url);
}

// The element that a block fills, made when it is drawn for the first time.
export function rootOf(parent, name, classes = "") {
  if (!parent.firstElementChild) parent.append(make(name, classes ? { class: classes } : {}));
  return parent.firstElementChild;
}

// A button that explains itself: by hovering, by pressing; gone when it is left or with Escape.
export function explained(button, text) {
  const box = make("span", { class: "sb-help-box" }, button, make("span", { class: "sb-help-text", role: "tooltip" }, text));
  button.onclick = () => box.classList.toggle("sb-open");
  button.onblur = () => box.classList.remove("sb-open");
  button.onkeydown = (event) => {
    if (event.key === "Escape") box.classList.remove("sb-open");
  };
  return box;
}

export const icon = (name) => make("span", { class: "sb-icon", "aria-hidden": "true", translate: "no" }, name);

// A list that opens, with words for no choice where there may be none.
export function selectBox({ name, options, none, value }) {
  const offered = none ? [["", none], ...options] : options;
  const box = make("select", { name }, ...offered.map(([code, text]) => make("option", { value: code }, text)));
  box.value = value;
  return box;
}

// The mark of a colour beside its words.
export function dot(colour) {
  const mark = make("span", { class: "sb-dot", "aria-hidden": "true" });
  mark.style.background = colour;
  return mark;
}

// A badge and what is said beside it.
export const badged = ([tone, symbol, words, beside]) => [make("span", { class: `sb-badge sb-${tone}` }, icon(symbol), words), ` ${beside}`];

// What lies far down is neither fetched nor drawn before it is no more than a screen away from what is seen, or the page is printed.
const waiting = new Map(); // element -> the addresses of what it shows and of the scripts that it needs, and what draws it
const near = new WeakMap(); // what is known of elements that are watched: to measure one is to lay out the page
let watch;

async function arrived(element) {
  const wanted = waiting.get(element);
  if (!wanted) return;
  const [found] = await Promise.all([Promise.all(wanted.urls.map(load)), ...wanted.needed.map(loadScript)]);
  if (waiting.get(element) === wanted) drawn(element, found); // unless something else has been asked for meanwhile
}

function drawn(element, found) {
  const { draw } = waiting.get(element);
  waiting.delete(element);
  delete element.dataset.waits; // also when a page is printed, far down as it may be
  draw(...found);
}

function isNear(element) {
  const { top, bottom, width } = element.getBoundingClientRect();
  return Boolean(width) && bottom > -innerHeight && top < 2 * innerHeight;
}

function moved({ target, isIntersecting }) {
  near.set(target, isIntersecting);
  if (!isIntersecting) return;
  delete target.dataset.waits; // from here on it is being fetched, however long that takes
  arrived(target);
}

export function whenNear(element, urls, draw, needed = []) {
  waiting.set(element, { urls, draw, needed });
  if (!near.has(element)) {
    near.set(element, isNear(element));
    watch ??= new IntersectionObserver((seen) => seen.forEach(moved), { root: document.querySelector('[data-testid="stMain"]'), rootMargin: "100% 0px" });
    watch.observe(element);
  }
  if (near.get(element)) arrived(element);
  else if (!("waits" in element.dataset)) element.dataset.waits = "";
}

// Nothing can be waited for while a page is printed.
function now(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.send();
  return request.responseText;
}

function loadScriptNow(url) {
  if (plotlys.has(url)) return;
  document.head.append(make("script", {}, now(url)));
  plotlys.set(url, window.Plotly);
  scripts.set(url, Promise.resolve());
}

addEventListener("beforeprint", () => {
  for (const [element, { urls, needed }] of [...waiting].filter(([element]) => element.isConnected)) {
    needed.forEach(loadScriptNow);
    drawn(element, urls.map((url) => JSON.parse(now(url))));
  }
});

let styled;

export function stylesheet() {
  if (!styled) {
    const link = make("link", { rel: "stylesheet", href: new URL("board.css", import.meta.url).href });
    styled = new Promise((done) => (link.onload = link.onerror = done));
    document.head.append(link);
  }
  return styled;
}
