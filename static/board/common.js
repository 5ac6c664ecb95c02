// What the components share: elements with their attributes, and files and the stylesheet, loaded once a page.
export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const files = new Map();

const MOST = 200; // files; those not asked for longest go

const unpacked = (answer) => new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).json();

export function load(url) {
  const found =
    files.get(url) ??
    fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${url}`);
      return answer.headers.get("content-type") === "application/gzip" ? unpacked(answer) : answer.json();
    });
  files.delete(url);
  files.set(url, found);
  found.catch(() => files.delete(url));
  if (files.size > MOST) files.delete(files.keys().next().value);
  return found;
}

const libraries = new Map();

// The window with what a script puts there; loaded when it is first needed.
export function library(url) {
  if (!libraries.has(url)) {
    const script = make("script", { src: url });
    const loaded = new Promise((done, failed) => {
      script.onload = () => done(window);
      script.onerror = failed;
    });
    libraries.set(url, loaded);
    loaded.catch(() => libraries.delete(url));
    document.head.append(script);
  }
  return libraries.get(url);
}

// What the addresses hold, for a block that was drawn with `sent`; nothing when it has been drawn with something else meanwhile.
export async function latest(parent, sent, ...urls) {
  parent.wanted = sent;
  const found = await Promise.all(urls.map(load));
  return parent.wanted === sent ? found : null;
}

// The element that a block fills, made when it is drawn for the first time.
export function rootOf(parent, name, classes = "") {
  if (!parent.firstElementChild) parent.append(make(name, classes ? { class: classes } : {}));
  return parent.firstElementChild;
}

export const icon = (name) => make("span", { class: "sb-icon", "aria-hidden": "true", translate: "no" }, name);

// The mark of a colour beside its words.
export function dot(colour) {
  const mark = make("span", { class: "sb-dot", "aria-hidden": "true" });
  mark.style.background = colour;
  return mark;
}

// What takes long to draw waits until it is no more than a screen away from what is seen, or until the page is printed.
const waiting = new Map();
const near = new WeakMap(); // what is known of elements that are watched: to measure one is to lay out the page
let watch;

function drawn(element) {
  const draw = waiting.get(element);
  waiting.delete(element);
  delete element.dataset.waits;
  if (draw) draw();
}

function isNear(element) {
  const { top, bottom, width } = element.getBoundingClientRect();
  return Boolean(width) && bottom > -innerHeight && top < 2 * innerHeight;
}

function moved({ target, isIntersecting }) {
  near.set(target, isIntersecting);
  if (isIntersecting) drawn(target);
}

export function whenNear(element, draw) {
  waiting.set(element, draw);
  if (!near.has(element)) {
    near.set(element, isNear(element));
    watch ??= new IntersectionObserver((seen) => seen.forEach(moved), { root: document.querySelector('[data-testid="stMain"]'), rootMargin: "100% 0px" });
    watch.observe(element);
  }
  if (near.get(element)) drawn(element);
  else if (!("waits" in element.dataset)) element.dataset.waits = "";
}

addEventListener("beforeprint", () => [...waiting.keys()].forEach(drawn));

let styled;

export function stylesheet() {
  if (!styled) {
    const link = make("link", { rel: "stylesheet", href: new URL("board.css", import.meta.url).href });
    styled = new Promise((done) => (link.onload = link.onerror = done));
    document.head.append(link);
  }
  return styled;
}
