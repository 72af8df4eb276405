// The screen at the venue: keeps the clock, fetches what has changed, and outlasts a lost network.

const EVERY_MS = 30_000;
const EVERY_WHILE_LOST_MS = 5_000;
const PATIENCE_MS = 10_000;

const body = document.querySelector("[data-foyer]");
const clock = document.querySelector("[data-clock]");
const lostNote = document.querySelector(".foyer-lost");
const words = body.dataset;
const isFixed = "fixed" in words; // a moment that is only tried out
const format = new Intl.DateTimeFormat("de-DE", { hour: "2-digit", minute: "2-digit", timeZone: words.zone });

// The server's clock counts: a screen's own may be wrong. So many milliseconds is it ahead.
let ahead = Date.parse(words.now) - Date.now();
let etag = null;
let lostAt = null;
let isFetching = false;
let timer;

const now = () => (isFixed ? Date.parse(words.now) : Date.now() + ahead);
const nextChange = () => Date.parse(body.querySelector("[data-change]")?.dataset.change);

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function countdown() {
  const minutes = Math.ceil((nextChange() - now()) / 60_000);
  if (!(minutes > 0 && minutes < 60)) return "";
  return minutes === 1 ? words.minute : words.minutes.replace("{n}", minutes);
}

function paint() {
  setText(clock, format.format(now()));
  setText(body.querySelector("[data-countdown]"), countdown());
  lostNote.hidden = lostAt === null;
  if (lostAt !== null) setText(lostNote.querySelector("span"), format.format(lostAt));
}

function show(html) {
  const part = new DOMParser().parseFromString(html, "text/html").querySelector(".foyer-part");
  if (!part) throw new Error("not the screen's part"); // a hotel's log-in page, say
  body.replaceChildren(part);
}

function setClock(date) {
  const difference = Date.parse(date) - Date.now();
  if (Math.abs(difference - ahead) > 2_000) ahead = difference; // the header tells full seconds
}

async function fetchPart(signal) {
  const headers = etag ? { "If-None-Match": etag } : {};
  const answer = await fetch(words.foyer, { headers, cache: "no-store", signal });
  if (answer.status === 403) location.reload(); // no longer for everybody: the page says so
  if (answer.status !== 304 && !answer.ok) throw new Error(`status ${answer.status}`);
  if (answer.ok) {
    show(await answer.text());
    etag = answer.headers.get("ETag");
  }
  if (answer.headers.has("Date")) setClock(answer.headers.get("Date"));
}

// At the next change at the latest; a change that has passed unseen is no reason to hurry.
function pause() {
  if (lostAt !== null) return EVERY_WHILE_LOST_MS;
  const left = nextChange() - now() + 1_000;
  return left > 0 && !isFixed ? Math.min(left, EVERY_MS) : EVERY_MS;
}

async function refresh() {
  if (isFetching) return;
  isFetching = true;
  clearTimeout(timer);
  const patience = new AbortController();
  const end = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    await fetchPart(patience.signal);
    lostAt = null;
  } catch {
    lostAt ??= now();
  }
  clearTimeout(end);
  isFetching = false;
  paint();
  timer = setTimeout(refresh, pause());
}

// Keep the screen from going dark where the browser can.
async function stayAwake() {
  if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => {});
}

addEventListener("online", refresh);
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
setInterval(paint, 1_000);
paint();
timer = setTimeout(refresh, pause());
