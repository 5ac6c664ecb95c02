// Shows the pages of a story one at a time over the whole screen. It can begin when every picture is here: no server is asked while it runs.
const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter", "n"];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace", "p"];

const held = new Map(); // address of a picture -> promise of its address in the memory of this window

function hold(address) {
  if (!held.has(address)) {
    const coming = fetch(address).then(async (answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return URL.createObjectURL(await answer.blob());
    });
    coming.catch(() => held.delete(address)); // the next time the page is drawn it is asked for again
    held.set(address, coming);
  }
  return held.get(address);
}

function letGo(wanted) {
  for (const [address, coming] of held) {
    if (wanted.has(address)) continue;
    held.delete(address);
    coming.then(URL.revokeObjectURL, () => {});
  }
}

export default function (component) {
  const { parentElement, data } = component;
  const find = (name) => parentElement.querySelector(`[data-part="${name}"]`);
  const stage = find("stage");
  const picture = find("picture");
  const notes = find("notes");
  const place = find("place");
  const start = find("start");
  let at = 0;
  let shown = [];

  start.textContent = data.words.present;
  start.disabled = true;
  letGo(new Set(data.pages.map((page) => page.picture)));
  Promise.all(data.pages.map((page) => hold(page.picture))).then(
    (all) => {
      shown = all;
      start.disabled = all.length === 0;
    },
    () => {}, // it stays closed
  );
  find("close").textContent = data.words.close;
  find("help").textContent = data.words.help;
  stage.setAttribute("aria-label", data.words.title);

  function show(position) {
    at = Math.min(Math.max(position, 0), data.pages.length - 1);
    picture.src = shown[at];
    picture.alt = data.pages[at].alt;
    notes.textContent = data.pages[at].notes || data.words.no_notes;
    place.textContent = `${at + 1} / ${data.pages.length}`;
    stage.classList.remove("blank");
  }

  function open() {
    show(data.start || 0);
    stage.hidden = false;
    stage.focus();
    const asked = stage.requestFullscreen && stage.requestFullscreen();
    if (asked) asked.catch(() => {}); // a browser that refuses still shows the pages over the whole window
  }

  function close() {
    if (stage.hidden) return;
    stage.hidden = true;
    const left = document.fullscreenElement ? document.exitFullscreen() : Promise.resolve();
    left.finally(() => start.focus()); // a browser gives the focus away while it leaves the whole screen
  }

  function key(event) {
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (pressed === "Tab") find("close").focus();
    else if (pressed === "Enter" && event.target === find("close")) return;
    else if (NEXT.includes(pressed)) show(at + 1);
    else if (BACK.includes(pressed)) show(at - 1);
    else if (pressed === "Home") show(0);
    else if (pressed === "End") show(data.pages.length - 1);
    else if (pressed === "Escape") close();
    else if (pressed === "b" || pressed === ".") stage.classList.toggle("blank");
    else if (pressed === "s") notes.hidden = !notes.hidden;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function left() {
    if (!document.fullscreenElement) close();
  }

  start.onclick = open;
  find("close").onclick = close;
  picture.onclick = () => show(at + 1);
  stage.onkeydown = key;
  document.addEventListener("fullscreenchange", left);
  return () => document.removeEventListener("fullscreenchange", left);
}
