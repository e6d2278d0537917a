// The conversation. What is said to her comes over /stream, what she says goes to /say; nothing is kept but on the screen.

import { exit, hasLeft } from "./exit.js";

const $ = (selector) => document.querySelector(selector);
const html = document.documentElement;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
let words = JSON.parse(document.body.dataset.words);
const start = JSON.parse(document.body.dataset.start); // what a link or QR code asked for
history.replaceState(null, "", "/"); // the address does not tell which link it was

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function icon(name) {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

// ---------------------------------------------------------------- what she says

const queue = []; // what is on its way, in order; the first is being sent
let sending = false;
let failed = null; // what did not get through: said again, it goes under the same id, so it can never count twice
let expected = 0; // replies that should still come
let overdue, dots;

function uuid() { // crypto.randomUUID is missing where a page comes over plain http
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
}

function say(body, bubble = null, quiet = false) {
  if (hasLeft()) return;
  const key = JSON.stringify(body);
  queue.push({ id: failed?.key === key ? failed.id : uuid(), key, body, bubble });
  if (bubble) $("#log").append(bubble);
  if (bubble) $("#log").scrollTo({ top: $("#log").scrollHeight });
  if (!quiet) wait(400);
  trouble("");
  expected += 1;
  if (!sending) deliver();
}

async function deliver() {
  sending = true;
  while (queue.length && !hasLeft()) {
    const sentence = await post(queue[0]);
    if (sentence !== null) {
      giveBack(sentence);
      break;
    }
    queue.shift();
    failed = null;
    clearTimeout(overdue);
    if (expected) overdue = setTimeout(connect, 8000); // it got through and nothing came: a connection can die without a word
  }
  sending = false;
}

/** Send one event. null: it is safe with the server; else the sentence to show. The network gets three tries. */
async function post({ id, body }) {
  for (const pause of [0, 1000, 3000]) {
    await sleep(pause);
    const tooLong = new AbortController();
    const alarm = setTimeout(() => tooLong.abort(), 10000);
    try {
      const answer = await fetch("/say", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id, ...body }),
        signal: tooLong.signal,
      });
      if (answer.ok) return null;
      return (await answer.json().catch(() => ({}))).sentence ?? words.not_sent;
    } catch { /* no network just now */ } finally { clearTimeout(alarm); }
    if (hasLeft()) return null;
  }
  return words.not_sent;
}

/** Nothing she wrote is lost: it goes back to where she wrote it. */
function giveBack(sentence) {
  const unsent = queue.splice(0);
  [failed] = unsent;
  expected = 0;
  unsent.forEach(({ bubble }) => bubble?.remove());
  box().value = [...unsent.map(({ body }) => body.text), box().value].filter(Boolean).join("\n");
  grow();
  wait(null);
  if (last) choices(last);
  trouble(sentence, true);
}

function trouble(sentence, again = false) {
  $("#trouble").textContent = sentence;
  $("#retry").hidden = !again;
}

/** A quiet "…" where an answer lets itself be waited for; null takes it away. */
function wait(after) {
  clearTimeout(dots);
  $("#dots")?.remove();
  if (after !== null) dots = setTimeout(() => {
    $("#log").append(make("p", { id: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i")));
    $("#log").scrollTo({ top: $("#log").scrollHeight });
    dots = setTimeout(wait, 20000, null);
  }, after);
}

// ---------------------------------------------------------------- what is said to her

let last = null; // the newest reply
let locked = false; // one answer to one question
let redraw;

/** What the server sends is safe already; all the same, nothing else gets through here. */
function clean(text) {
  const { body } = new DOMParser().parseFromString(text, "text/html");
  for (const element of [...body.querySelectorAll("*")].reverse()) { // children before parents
    const link = element.matches("a[href^='tel:']") && element.getAttribute("href");
    const spoiler = element.matches("span.spoiler");
    [...element.attributes].forEach(({ name }) => element.removeAttribute(name));
    if (link) {
      element.setAttribute("href", link);
      const before = (element.parentElement.matches("strong") ? element.parentElement : element).previousSibling;
      if (!before || before.nodeName === "BR") element.className = "number"; // begins its line: shown as a button to call
    }
    if (spoiler) hide(element);
    else if (!link && !element.matches("p, br, strong, code")) element.replaceWith(...element.childNodes);
  }
  return [...body.childNodes];
}

const hidden = new WeakMap(); // what stands under a spoiler; until it is tapped it is not in the page at all

function hide(spoiler) {
  const under = [...spoiler.childNodes];
  spoiler.replaceChildren(words.show_hidden);
  Object.entries({ class: "spoiler", role: "button", tabindex: "0" }).forEach((attribute) => spoiler.setAttribute(...attribute));
  hidden.set(spoiler, under);
}

function turn(spoiler) {
  if (!hidden.has(spoiler)) return hide(spoiler);
  spoiler.replaceChildren(...hidden.get(spoiler));
  spoiler.className = "spoiler open";
  return hidden.delete(spoiler);
}

function show(reply) {
  const before = last;
  wait(null);
  if (before && before.cover !== reply.cover) clear(); // on neither side of the cover may the other be read
  // The same question with other ticks, or in another language, is not asked twice; unless she wrote something below it.
  const inPlace = before?.step === reply.step && before.element.isConnected && !$("#log").lastElementChild.matches(".mine")
    && (reply.shape === "tick" || reply.locale !== before.locale);
  last = { ...reply, element: inPlace ? before.element : make("article", { class: "reply" }) };
  const { element } = last;
  Object.assign(element.dataset, { step: reply.step, shape: reply.shape });
  element.lang = reply.locale;
  if (!inPlace || before.html !== reply.html) {
    element.replaceChildren(make("h2", { class: "hidden" }, words.reply), make("div", { class: "text" }, ...clean(reply.html)));
  }
  if (!inPlace) $("#log").append(element);
  expected = Math.max(0, expected - 1);
  clearTimeout(overdue);
  clearTimeout(redraw);
  if (inPlace && expected) redraw = setTimeout(choices, 600, last); // more taps are on their way: what this one says of them is old
  else choices(last);
  if (ready && !inPlace) reach(element);
  if (ready) dress();
}

/** The buttons of the newest reply. Those of older ones are gone: none can be pressed late. */
function choices(reply) {
  const ticks = reply.shape === "tick";
  const old = $("#options");
  const buttons = old?.previousElementSibling === reply.element ? [...old.children] : [];
  const held = document.activeElement?.closest("#options, #actions"); // a keyboard user stands here: she must not fall to the top
  locked = false;
  if (buttons.length && buttons.map((button) => button.dataset.option).join() === reply.options.map(({ id }) => id).join()) {
    reply.options.forEach((option, at) => paint(buttons[at], option, ticks)); // the same buttons: focus stays, nothing is read again
  } else {
    old?.remove();
    if (reply.options.length) {
      reply.element.after(make("div",
        { id: "options", class: ticks ? "ticks" : "", role: "group", tabindex: "-1", lang: reply.locale, "aria-label": words.answers },
        ...reply.options.map((option) => paint(make("button", { type: "button" }), option, ticks))));
    }
    if (held) ($("#options") ?? $("#log")).focus({ preventScroll: true });
  }
  $("#actions").hidden = !reply.actions.length;
  $("#actions").replaceChildren(...reply.actions.map(({ id, label }) => {
    const button = $(`[data-action="${id}"]`) ?? make("button", { type: "button", "data-action": id }, icon(id), make("span"));
    button.lastChild.textContent = label.replace(/^[^\p{L}\p{N}]+/u, ""); // without its sign: we draw our own
    return button;
  }));
  $("#place").hidden = !reply.asks_place || !navigator.geolocation;
  const secret = reply.shape === "word" && $("#secret") !== null;
  if ($("#secret")) $("#secret").hidden = !secret;
  $("#say").hidden = secret;
}

function paint(button, { id, label, chosen }, ticks) {
  button.dataset.option = id;
  if (button.textContent !== label) button.textContent = label;
  button.removeAttribute("aria-disabled");
  if (ticks && chosen !== null && id !== "done") button.setAttribute("aria-pressed", String(chosen));
  return button;
}

/** Bring a reply into view from its beginning, with what she said before it if that is short. */
function reach(element) {
  const log = $("#log");
  const mine = element.previousElementSibling;
  const top = mine?.matches(".mine") && mine.offsetHeight < log.clientHeight / 4 ? mine : element;
  log.scrollTo({ top: element.matches(".mine ~ *, .reply ~ *") ? top.offsetTop - 16 : 0 }); // the first is read from the very top
  if (getComputedStyle(log).overflowY === "visible") element.scrollIntoView(); // enlarged so far that the whole page scrolls
}

function clear() {
  document.querySelectorAll(".reply, .mine, #options, #notice, #dots").forEach((element) => element.remove());
}

/** After a change of language or cover: the page around the talk is fetched anew and exchanged; what she is writing stays. */
async function dress() {
  const { locale, cover } = last;
  if (html.lang === locale && html.classList.contains("cover") === cover) return;
  html.classList.toggle("cover", cover); // at once, before anything is fetched
  html.lang = locale;
  const answer = await fetch("/", { cache: "no-store" }).catch(() => null);
  if (hasLeft() || html.lang !== locale) return;
  if (!answer?.ok) {
    setTimeout(() => { html.lang = ""; dress(); }, 3000);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const draft = box().value;
  const focus = document.activeElement?.id ? `#${document.activeElement.id}` : `[data-language="${document.activeElement?.dataset.language}"]`;
  document.title = page.title;
  document.body.dataset.words = page.body.dataset.words;
  words = JSON.parse(page.body.dataset.words);
  for (const id of ["skips", "top", "foot"]) document.getElementById(id).replaceWith(page.getElementById(id));
  $("#log").setAttribute("aria-label", page.getElementById("log").getAttribute("aria-label"));
  $("#notice")?.replaceWith(page.getElementById("notice") ?? "");
  $("#foot").hidden = false;
  choices(last);
  box().value = draft;
  grow();
  $(focus)?.focus({ preventScroll: true });
}

// ---------------------------------------------------------------- the stream

const seen = new Set(); // ids of replies: a stream that begins anew tells everything again
let stream, broken, talk; // talk: whose stream this is, where the server tells it
let ready = false; // has everything said before been told again?
let pause = 1000;

function connect() {
  stream?.close();
  if (hasLeft()) return;
  expected = 0;
  stream = new EventSource("/stream");
  let known = seen.size > 0; // a stream that begins anew tells the same talk again; if it does not, the talk on this screen is over
  stream.addEventListener("open", () => {
    pause = 1000;
    clearTimeout(broken);
    broken = null;
    if (!failed) trouble("");
  });
  stream.addEventListener("reply", ({ lastEventId, data }) => {
    if (hasLeft()) return;
    if (known && !seen.has(lastEventId)) location.reload();
    known = false;
    if (seen.has(lastEventId)) return;
    seen.add(lastEventId);
    show(JSON.parse(data));
  });
  stream.addEventListener("gone", exit);
  stream.addEventListener("ready", ({ data }) => {
    const { empty, talk: told } = JSON.parse(data);
    talk ??= told;
    if (talk !== told || (known && empty)) return exit(); // she left, and perhaps began anew, in another tab
    known = false;
    if (ready) return;
    ready = true;
    $("#log").setAttribute("aria-live", "polite");
    if (last) reach(last.element);
    if (last) dress();
    if (empty || start) say({ hello: { link: start } });
  });
  stream.addEventListener("error", ({ target }) => {
    broken ??= setTimeout(() => { if (!failed) trouble(words.broken); }, 2500); // most breaks mend themselves unseen
    if (target !== stream || target.readyState !== EventSource.CLOSED) return; // else the browser itself comes back, from where it was
    if (seen.size) over();
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 15000);
  });
}

/** 204: this browser has no talk any more. She left in another tab while this one was cut off; then this one goes too. */
async function over() {
  const look = new AbortController();
  const answer = await fetch("/stream", { signal: look.signal }).catch(() => null);
  look.abort();
  if (answer?.status === 204) exit();
}

let away = 0;
function again() {
  if (document.hidden) away = Date.now();
  else if (stream?.readyState !== EventSource.OPEN || Date.now() - away > 60000) connect(); // a sleeping tab may have missed much
}

// ---------------------------------------------------------------- hands on the page

const box = () => ($("#secret")?.hidden === false ? $("#word") : $("#say"));

function bubble(text) {
  return make("p", { class: "mine", "aria-live": "off" }, make("span", { class: "hidden" }, `${words.you}: `), text);
}

function grow() {
  const area = $("#say");
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, innerHeight * 0.3)}px`;
}

function submit() {
  const text = box().value.trim();
  if (!text) return box().focus();
  if (queue.some(({ body }) => body.text)) return undefined; // one at a time: what she writes next waits in the box
  box().value = "";
  grow();
  return say({ text }, bubble(box().id === "word" ? "•".repeat(8) : text));
}

function tap(button) {
  if (locked) return;
  const tick = button.getAttribute("aria-pressed");
  if (tick) button.setAttribute("aria-pressed", String(tick !== "true")); // at once; the reply confirms it
  else {
    locked = true;
    button.setAttribute("aria-disabled", "true"); // "disabled" would lose the keyboard's place
  }
  say({ tap: { step: last.step, option: button.dataset.option } }, tick ? null : bubble(button.textContent), Boolean(tick));
}

function whereabouts(button) {
  if (button.disabled) return;
  button.disabled = true;
  trouble(words.place_asking);
  const round = (degrees) => Math.round(degrees * 100) / 100; // about a kilometre: nothing finer leaves the device
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    button.disabled = false;
    say({ spot: { lat: round(coords.latitude), lon: round(coords.longitude) } }, bubble(words.place_sent));
  }, () => {
    button.disabled = false;
    trouble(words.place_refused);
  }, { enableHighAccuracy: false, timeout: 15000, maximumAge: 600000 });
}

function peek(button) {
  const hidden = $("#word").type === "password";
  $("#word").type = hidden ? "text" : "password";
  button.setAttribute("aria-pressed", String(hidden));
}

const universal = (option) => (option === "leave" ? exit() : say({ tap: { step: "*", option } }));
const deeds = {
  "#options button": tap,
  "[data-action]": (button) => universal(button.dataset.action),
  "[data-language]": (button) => universal(button.dataset.language),
  "#place": whereabouts,
  "#retry": () => (box().value.trim() ? submit() : failed && say(failed.body)),
  "#show-word": peek,
  ".spoiler": turn,
  "a[href='#say']": () => box().focus(), // a fragment would be one more entry in the history
};
document.addEventListener("click", (event) => {
  const found = Object.keys(deeds).find((selector) => event.target.closest(selector));
  if (!found) return;
  if (found.startsWith("a")) event.preventDefault();
  deeds[found](event.target.closest(found));
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches?.(".spoiler") && [" ", "Enter"].includes(event.key)) turn(event.target);
  else if (event.target.id === "say" && event.key === "Enter" && !event.shiftKey && !event.isComposing) submit();
  else return;
  event.preventDefault();
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
document.addEventListener("input", grow);
document.addEventListener("visibilitychange", again);
document.addEventListener("leaving", () => stream?.close());
addEventListener("online", again);
addEventListener("pagehide", () => { // nothing may wait in a kept page or a kept form
  stream?.close();
  if (hasLeft()) return;
  clear();
  box().value = "";
});
// The keyboard of a telephone must not lie over the box: where the browser does not shrink the page, this does.
window.visualViewport?.addEventListener("resize", () => {
  if (visualViewport.scale > 1.01) return; // she has zoomed in: leave the page alone
  html.style.setProperty("--height", `${visualViewport.height}px`);
  scrollTo(0, 0);
});

$("#say").value = ""; // some browsers fill a form again by themselves
$("#foot").hidden = false;
connect();
