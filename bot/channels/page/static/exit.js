// Leaving at once: the button, the first link of the page, and Shift pressed three times.
// Follows GOV.UK's "Exit this page"; where it differs, the comment says why.

const PRESSES = 3;
const WITHIN = 5000; // milliseconds after the last press, as GOV.UK counts

let exiting = false;
let presses = 0;
let alone = false; // is Shift down with nothing else?
let timer;

const words = () => JSON.parse(document.body.dataset.words);
export const hasLeft = () => exiting;

/** Take everything off the screen, then off the server, then out of the history. */
export function exit() {
  if (exiting) return;
  exiting = true;
  document.dispatchEvent(new Event("leaving"));
  const overlay = document.createElement("div");
  overlay.className = "overlay";
  overlay.setAttribute("role", "alert");
  const { loading } = words();
  document.body.replaceChildren(overlay); // not only covered: nothing is left underneath for a screen reader, a selection or the back button
  document.title = loading;
  overlay.textContent = loading; // after it stands in the page: screen readers speak it more reliably
  navigator.sendBeacon?.("/exit"); // reaches the server even where the next line is slow or stopped
  location.replace("/exit"); // wipes too, and leads to a harmless page in this page's place
}

function press() {
  presses += 1;
  show();
  if (presses >= PRESSES) return exit();
  say(presses === 1 ? "two" : "one");
  clearTimeout(timer);
  timer = setTimeout(reset, WITHIN);
}

function reset() {
  clearTimeout(timer);
  if (!presses) return;
  presses = 0;
  show();
  say("over");
  timer = setTimeout(() => say(""), WITHIN);
}

function show() {
  document.querySelectorAll(".lights").forEach((lights) => {
    lights.classList.toggle("visible", presses > 0 && !document.documentElement.classList.contains("cover"));
    [...lights.children].forEach((light, at) => light.classList.toggle("on", at < presses));
  });
}

function say(which) {
  const status = document.getElementById("exit-status"); // absent in cover, where nothing may speak of an exit
  if (status) status.textContent = status.dataset[which] ?? "";
}

// GOV.UK counts every Shift that comes up. Here people switch between three keyboards with Alt+Shift or Ctrl+Shift, many times
// a minute; that must not end a conversation. So Shift counts only if nothing else was pressed while it was down.
addEventListener("keydown", (event) => {
  if (event.key === "Shift") {
    if (!event.repeat) alone = !(event.altKey || event.ctrlKey || event.metaKey);
    return;
  }
  alone = false;
  reset();
  if (event.key === " " && event.target.closest?.("[data-exit]")) {
    event.preventDefault(); // a link that is called a button must obey the space bar
    exit();
  }
}, true);
addEventListener("keyup", (event) => {
  if (event.key === "Shift" && alone && !event.altKey && !event.ctrlKey && !event.metaKey) press();
}, true);
addEventListener("pointerdown", () => { alone = false; }, true); // Shift + click marks text
addEventListener("input", () => { alone = false; reset(); }, true); // letters can come without a key: composed, dictated

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-exit], a[data-in-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.exit !== undefined) exit();
  else location.replace(link.href); // no second entry in the history: after an exit there is nothing to go back to
}, true);

// Some browsers keep the whole page for the back button. What they keep is empty, and what comes back is loaded anew.
addEventListener("pagehide", () => { if (!exiting) document.body.hidden = true; });
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
  else document.body.hidden = false;
});
