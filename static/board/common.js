// What the components share: elements with their attributes, and files and the stylesheet, loaded once a page.
export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const files = new Map();

export function load(url) {
  if (!files.has(url)) files.set(url, fetch(url).then((answer) => answer.json()));
  return files.get(url);
}

const text = (component) => new TextDecoder().decode(component.data);

export const received = (component) => JSON.parse(text(component));

// The element that a component fills, and what came for it; nothing came when it is what is drawn already.
export async function fresh(component, classes) {
  const { parentElement } = component;
  const sent = text(component);
  await stylesheet();
  const root = parentElement.firstElementChild?.className === classes ? parentElement.firstElementChild : make("div", { class: classes });
  if (!root.parentElement) parentElement.replaceChildren(root);
  if (root.dataset.shown === sent) return [root, null];
  root.dataset.shown = sent;
  return [root, JSON.parse(sent)];
}

let styled;

export function stylesheet() {
  if (!styled) {
    const link = make("link", { rel: "stylesheet", href: new URL("board.css", import.meta.url).href });
    styled = new Promise((done) => (link.onload = link.onerror = done));
    document.head.append(link);
  }
  return styled;
}
