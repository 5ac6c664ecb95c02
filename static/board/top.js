// The head of a page: its title, the menus beside it, and the language.
import { explained, icon, make, rootOf } from "./common.js";
import { segments } from "./fields.js";

// Streamlit makes an entry of a page and often another of the view that the page then writes; "back" must lead to neither half.
const push = history.pushState;
history.pushState = function (state, title, url) {
  const same = !location.search && new URL(url ?? "", location.href).pathname === location.pathname;
  return (same ? history.replaceState : push).call(history, state, title, url);
};

// A page of the navigation that is opened in a tab of its own shows the same language, place and period. Streamlit's links name the page alone.
let follows = [];
function carry(event) {
  const link = event.target.closest?.('[data-testid^="stTopNav"] a[href], a[data-testid^="stTopNav"], [data-testid="stSidebarNav"] a[href]');
  if (!link) return;
  if (event.type === "click") {
    if (event.ctrlKey || event.metaKey || event.shiftKey) event.stopImmediatePropagation(); // or Streamlit opens it in this tab
    return;
  }
  const url = new URL(link.href);
  url.search = new URLSearchParams([...new URLSearchParams(location.search)].filter(([key]) => follows.includes(key)));
  link.href = url;
}
for (const kind of ["pointerdown", "contextmenu", "focusin", "click"]) document.addEventListener(kind, carry, true);

// What is typed next is to be found: without it Streamlit would hear keys of its own ("r" runs the page again).
function intoTheField() {
  const watch = new MutationObserver(() => {
    const field = document.querySelector('[role="dialog"] input');
    if (!field) return;
    watch.disconnect();
    setTimeout(() => field.focus()); // after the dialog has taken the focus
  });
  watch.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), 10000);
}

export default function (parent, data, send) {
  document.documentElement.lang = data.languages.value;
  follows = data.follows;
  if (data.cookie) document.cookie = `${data.cookie}=1; max-age=31536000; path=/; SameSite=Lax`;
  const root = rootOf(parent, "div", "sb-top");
  const told = JSON.stringify([data.title, data.menus, data.about]);
  root.languages ??= make("div", { class: "st-key-language" });
  if (root.told !== told) {
    const menus = data.menus.map(([name, text, symbol]) => {
      const button = make("button", { type: "button", class: "sb-button", name, "aria-haspopup": "dialog" }, icon(symbol), text);
      button.onclick = () => {
        if (name === "search") intoTheField();
        send("opened", name);
      };
      return button;
    });
    const title = data.title ? [make("h1", {}, data.title)] : [];
    const { demo, words } = data.about || {};
    const pill = demo ? [explained(make("button", { type: "button", class: "sb-pill", "aria-label": demo.join(": ") }, icon("science"), demo[0]), demo[1])] : [];
    const about = data.about ? [make("div", { class: "sb-about" }, ...pill, make("span", {}, words))] : [];
    root.replaceChildren(...title, ...about, make("div", { class: "sb-menus" }, ...menus, root.languages));
    root.told = told;
  }
  segments(root.languages, data.languages, (_event, code) => send("language", code));
}
