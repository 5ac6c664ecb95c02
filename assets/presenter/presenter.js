// Shows the pages of a story one at a time over the whole screen. It can begin when every picture is here: no server is asked while it runs.
// What only the presenter sees (the page after this one, notes, the time) stands in a window of its own, never on the stage.
const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " ", "n"];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace", "p"];
const PAPER = { b: "#000", ".": "#000", w: "#fff", ",": "#fff" };

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

function element(doc, tag, style, ...inside) {
  const made = doc.createElement(tag);
  Object.assign(made.style, style);
  made.append(...inside);
  return made;
}

// The presenter's own window, which belongs to this page: it needs no server either.
function desk(words, key, point) {
  const other = window.open("", "samoephak_presenter", "popup,width=1100,height=700");
  if (!other) return null; // a browser that allows no windows
  const doc = other.document;
  doc.title = words.title;
  Object.assign(doc.body.style, { margin: "0", padding: "16px", background: "#10181d", color: "#e9f0f3", font: "18px/1.6 Sarabun, sans-serif", display: "grid", gridTemplateColumns: "3fr 2fr", gap: "16px" });
  const now = element(doc, "img", { width: "100%", cursor: "crosshair" });
  const after = element(doc, "img", { width: "100%" });
  const notes = element(doc, "p", { whiteSpace: "pre-wrap", fontSize: "22px", gridColumn: "1 / -1", margin: "0" });
  const place = element(doc, "p", { margin: "0 0 8px", fontSize: "22px", fontVariantNumeric: "tabular-nums" });
  doc.body.replaceChildren(element(doc, "div", {}, place, now), element(doc, "div", {}, element(doc, "p", { margin: "0 0 8px" }, words.next), after), notes);
  doc.onkeydown = key;
  now.onmousemove = (event) => point(event.offsetX / now.clientWidth, event.offsetY / now.clientHeight);
  now.onmouseleave = () => point();
  const begun = Date.now();
  let at = "";
  const clock = () => {
    const gone = Math.floor((Date.now() - begun) / 1000);
    place.textContent = `${at}  ·  ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}  ·  ${Math.floor(gone / 60)}:${String(gone % 60).padStart(2, "0")}`;
  };
  const timer = setInterval(clock, 1000);
  return {
    show(number, all, pages) {
      at = `${number + 1} / ${all.length}`;
      clock();
      now.src = all[number];
      now.alt = pages[number].alt;
      after.src = all[number + 1] ?? "";
      after.alt = pages[number + 1]?.title ?? words.end;
      notes.textContent = pages[number].notes || words.no_notes;
    },
    open: () => !other.closed,
    close() {
      clearInterval(timer);
      other.close();
    },
  };
}

export default function (component) {
  const { parentElement, data } = component;
  const find = (name) => parentElement.querySelector(`[data-part="${name}"]`);
  const stage = find("stage");
  const picture = find("picture");
  const place = find("place");
  const pointer = find("pointer");
  const starts = [find("start"), find("here")];
  let at = 0;
  let shown = [];
  let typed = "";
  let notes = null;
  let pointing = false;
  let began = starts[0];

  starts.forEach((button, number) => {
    button.textContent = [data.words.present, data.words.here][number];
    button.disabled = true;
  });
  letGo(new Set(data.pages.map((page) => page.picture)));
  Promise.all(data.pages.map((page) => hold(page.picture))).then(
    (all) => {
      shown = all;
      for (const button of starts) button.disabled = all.length === 0;
    },
    () => {}, // they stay closed
  );
  find("close").textContent = data.words.close;
  find("help").textContent = data.words.help;
  stage.setAttribute("aria-label", data.words.title);

  function show(position) {
    at = Math.min(Math.max(position, 0), data.pages.length - 1);
    picture.src = shown[at];
    picture.alt = data.pages[at].alt;
    place.textContent = `${at + 1} / ${data.pages.length}`;
    paper();
    notes?.open() && notes.show(at, shown, data.pages);
  }

  function paper(colour = "") {
    stage.classList.toggle("blank", Boolean(colour));
    stage.style.background = colour;
  }

  // A red dot, at shares of the picture's width and height; nowhere without them.
  function point(x, y) {
    pointer.hidden = x === undefined;
    if (pointer.hidden) return;
    const ratio = picture.naturalWidth / picture.naturalHeight || 1;
    const width = Math.min(stage.clientWidth, stage.clientHeight * ratio);
    pointer.style.left = `${(stage.clientWidth - width) / 2 + x * width}px`;
    pointer.style.top = `${(stage.clientHeight - width / ratio) / 2 + (y * width) / ratio}px`;
  }

  function open(position, button) {
    began = button;
    show(position);
    stage.hidden = false;
    stage.focus();
    const asked = stage.requestFullscreen && stage.requestFullscreen();
    if (asked) asked.catch(() => {}); // a browser that refuses still shows the pages over the whole window
  }

  function close() {
    if (stage.hidden) return;
    stage.hidden = true;
    notes?.close();
    notes = null;
    const left = document.fullscreenElement ? document.exitFullscreen() : Promise.resolve();
    left.finally(() => began.focus()); // a browser gives the focus away while it leaves the whole screen
  }

  function key(event) {
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (pressed === "Tab") find("close").focus();
    else if (pressed === "Enter" && event.target === find("close")) return;
    else if (pressed >= "0" && pressed <= "9") typed += pressed;
    else if (pressed === "Enter" && typed) show(Number(typed) - 1);
    else if (NEXT.includes(pressed) || pressed === "Enter") show(at + 1);
    else if (BACK.includes(pressed)) show(at - 1);
    else if (pressed === "Home") show(0);
    else if (pressed === "End") show(data.pages.length - 1);
    else if (pressed === "Escape") close();
    else if (PAPER[pressed]) paper(stage.classList.contains("blank") ? "" : PAPER[pressed]);
    else if (pressed === "l") {
      pointing = !pointing;
      point();
    } else if (pressed === "s") {
      notes = notes?.open() ? notes : desk(data.words, key, point);
      notes?.show(at, shown, data.pages);
    } else return;
    if (!(pressed >= "0" && pressed <= "9")) typed = "";
    event.preventDefault();
    event.stopPropagation();
  }

  function left() {
    if (!document.fullscreenElement && !notes?.open()) close();
  }

  starts[0].onclick = () => open(0, starts[0]);
  starts[1].onclick = () => open(data.start || 0, starts[1]);
  find("close").onclick = close;
  picture.onclick = () => show(at + 1);
  picture.onmousemove = (event) => {
    if (!pointing) return;
    pointer.hidden = false;
    pointer.style.left = `${event.clientX}px`;
    pointer.style.top = `${event.clientY}px`;
  };
  stage.onkeydown = key;
  document.addEventListener("fullscreenchange", left);
  return () => document.removeEventListener("fullscreenchange", left);
}
