// The plan of the agenda: its state, its way to the server, and what its parts share. Everything
// here is also done by forms; the server draws the plan, this script only asks for it anew.

const planner = document.getElementById("planner");
const words = JSON.parse(planner.dataset.words);
const spoken = document.getElementById("plan-spoken");
const STEP = 5;
const DAY = 24 * 60;
const TOAST_MS = 10000;

const clock = (minutes) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const say = (text) => {
  // The same sentence twice in a row is read twice only if it was gone in between.
  spoken.textContent = "";
  requestAnimationFrame(() => (spoken.textContent = text));
};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

// ---------------------------------------------------------------- What stands where

const part = (selector) => planner.querySelector(selector);
const day = () => part(".plan").dataset.on;
const columns = () => [...planner.querySelectorAll(".grid__column")];

function bounds() {
  const { first, last } = part(".plan").dataset;
  // A session ends on its day: at 23:55 at the latest.
  return { from: first * 60, to: Math.min(last * 60, DAY - STEP) };
}

/** The place of a card: start in minutes from midnight (NaN in the tray), length, room. */
function placeOf(card) {
  const { starts, minutes, room } = card.dataset;
  return { starts: starts === "" ? NaN : Number(starts), minutes: Number(minutes), room };
}

const titleOf = (card) => card.querySelector(".slot__title").textContent;
const roomName = (room) => columns().find((c) => c.dataset.room === room)?.dataset.name ?? "";
const isSame = (a, b) => Object.is(a.starts, b.starts) && a.minutes === b.minutes && a.room === b.room;
const placeInWords = ({ starts, minutes, room }) =>
  Number.isNaN(starts)
    ? words.tray
    : fill(words.place, { starts: clock(starts), ends: clock(starts + minutes), room: roomName(room) });

const snap = (minutes) => Math.round(minutes / STEP) * STEP;

/** The nearest place that there is: in steps, within the shown hours. */
function fit(place) {
  const { from, to } = bounds();
  const minutes = Math.max(STEP, Math.min(place.minutes, to - from));
  return { ...place, minutes, starts: Math.max(from, Math.min(snap(place.starts), to - minutes)) };
}

// ---------------------------------------------------------------- Where it would stand

let ghost = null;

function showGhost(card, place) {
  if (!ghost) {
    ghost = document.createElement("li");
    ghost.className = "slot slot--ghost";
    ghost.setAttribute("aria-hidden", "true");
    const time = document.createElement("span");
    const title = document.createElement("span");
    time.className = "slot__ghost-time";
    title.className = "slot__ghost-title";
    title.textContent = titleOf(card);
    ghost.append(time, title);
    part(".grid__cards").append(ghost);
  }
  const column = columns().find((c) => c.dataset.room === place.room) ?? columns()[0];
  const row = (place.starts - bounds().from) / STEP + 2;
  const number = columns().indexOf(column) + 2;
  ghost.style.gridRow = `${Math.round(row)} / span ${Math.max(1, Math.round(place.minutes / STEP))}`;
  const staysWide = card.classList.contains("slot--wide") && place.room === "";
  ghost.style.gridColumn = staysWide ? "2 / -1" : String(number);
  ghost.firstChild.textContent = `${clock(place.starts)}–${clock(place.starts + place.minutes)}`;
}

function hideGhost() {
  ghost?.remove();
  ghost = null;
}

// ---------------------------------------------------------------- The way to the server

let waiting = Promise.resolve();

/**
 * Send what a form would send; the answer is the plan as it is then. One after the other.
 * `heed(status, html)` sees the answer first; false: it stays where it is.
 */
function send(address, values = {}, heed = () => true) {
  waiting = waiting.then(() => sendNow(address, values, heed));
  return waiting;
}

async function sendNow(address, values, heed) {
  planner.classList.add("planner--busy");
  const body = new URLSearchParams({ on: day(), ...values, csrf_token: part(".plan").dataset.token });
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    // An error page, or the log-in: the browser shows it better than we do.
    if (!html.includes('class="plan"')) location.reload();
    else if (heed(answer.status, html)) swap(html);
  } catch {
    say(words.offline);
    toast(words.offline);
  } finally {
    hideGhost();
    for (const c of planner.querySelectorAll(".slot--lifted")) c.classList.remove("slot--lifted");
    planner.classList.remove("planner--busy");
  }
}

function toast(text) {
  part(".toast")?.remove();
  const box = document.createElement("div");
  const line = document.createElement("p");
  box.className = "toast toast--danger";
  line.textContent = text;
  box.append(line);
  part(".plan").prepend(box);
}

/** Put the plan in the place of the present one; keep what the reader looks at and stands on. */
function swap(html) {
  const frame = part(".grid-frame");
  const [left, top] = [frame.scrollLeft, frame.scrollTop];
  const sameDay = day();
  const focused = document.activeElement?.closest?.("li.slot, .steps-back form");
  const back = focused?.id ? `#${focused.id} a` : focused && `form[action="${focused.getAttribute("action")}"] button`;
  const inPlan = planner.contains(document.activeElement);
  const open = new Map([...planner.querySelectorAll("details[id]")].map((d) => [d.id, d.open]));

  planner.innerHTML = html;
  leaveRoomForHeads();
  for (const [id, isOpen] of open) {
    const details = document.getElementById(id);
    if (details) details.open = isOpen;
  }
  if (day() === sameDay) part(".grid-frame").scrollTo(left, top);
  else showFirst();
  history.replaceState(null, "", `?day=${day()}`);

  const said = part("[data-said]");
  const card = said?.dataset.focus && document.getElementById(said.dataset.focus);
  const wanted = (back?.startsWith("form") && part(back)) || card?.querySelector("a") ||
    (back && part(back)) || (inPlan && part(".step, .slot__link"));
  wanted?.focus({ preventScroll: true });
  if (card && !isInSight(card)) card.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (said) {
    say(said.querySelector("p").textContent);
    if (said.classList.contains("toast--success")) setTimeout(() => clear(said), TOAST_MS);
  }
}

/** Whether at least its beginning can be seen; then the plan had better not move. */
function isInSight(card) {
  const { left, top } = card.getBoundingClientRect();
  const box = part(".grid-frame").getBoundingClientRect();
  const head = part(".grid__corner").getBoundingClientRect();
  if (!card.closest(".grid")) return top >= 0 && top < innerHeight;
  const isWide = card.classList.contains("slot--wide");
  return (isWide || (left >= head.right - 1 && left < box.right)) &&
    top >= head.bottom - 1 && top < Math.min(box.bottom, innerHeight);
}

/** Whatever is scrolled into sight stops below the rooms' names and beside the hours. */
function leaveRoomForHeads() {
  const { offsetHeight, offsetWidth } = part(".grid__corner");
  part(".grid-frame").style.scrollPadding = `${offsetHeight}px 0 0 ${offsetWidth}px`;
}

function clear(said) {
  if (said.matches(":hover, :focus-within")) setTimeout(() => clear(said), TOAST_MS);
  else said.remove();
}

/** Move a card: `on` names another day than the one on the screen. */
function move(card, place, on = day()) {
  const inTray = Number.isNaN(place.starts);
  return send(card.querySelector(".slot__link").href, {
    version: card.dataset.version,
    day: inTray ? "" : on,
    starts: inTray ? "" : clock(place.starts),
    minutes: place.minutes,
    room_id: place.room,
  });
}

/** Send one of the session's other commands: their addresses are beside that of `move`. */
function command(card, name) {
  const address = card.querySelector(".slot__link").href.replace(/\/move\b.*$/, `/${name}`);
  return send(address, { version: card.dataset.version });
}

function showFirst() {
  const cards = [...planner.querySelectorAll(".grid .slot")];
  const first = Math.min(...cards.map((card) => card.offsetTop));
  const head = part(".grid__corner").offsetHeight;
  if (cards.length) part(".grid-frame").scrollTop = Math.max(0, first - head - 24);
}

// ---------------------------------------------------------------- For all parts

planner.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target.action, Object.fromEntries(new FormData(event.target)));
});
// Back from another window: show what others have done meanwhile.
document.addEventListener("visibilitychange", async () => {
  const isBusy = () =>
    planner.matches(".planner--busy") || part(".slot--lifted, .toast") || document.querySelector("dialog[open]");
  if (document.visibilityState !== "visible" || isBusy()) return;
  const answer = await fetch(`?day=${day()}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = answer?.ok ? await answer.text() : "";
  if (html.includes('class="plan"') && !isBusy()) swap(html);
});
planner.addEventListener("dragstart", (event) => event.preventDefault());
// A place in the plan that is empty: a new session there.
planner.addEventListener("dblclick", (event) => {
  const column = event.target.closest(".grid__column");
  if (!column) return;
  const at = plan.minutesAt(event.clientY);
  const query = new URLSearchParams({
    day: day(),
    starts: clock(Math.floor(at / 15) * 15),
    room: column.dataset.room,
  });
  location.href = `${planner.dataset.add}?${query}#title`;
});

const plan = {
  planner, words, STEP, say, fill, part, day, columns, bounds, placeOf, titleOf, isSame,
  placeInWords, snap, fit, showGhost, hideGhost, send, move, command,
  /** Minutes from midnight at a height of the window. */
  minutesAt(y) {
    const { top, height } = columns()[0].getBoundingClientRect();
    const { first, last } = part(".plan").dataset;
    return first * 60 + ((y - top) / height) * (last - first) * 60;
  },
};

const named = () =>
  location.hash.startsWith("#session-") ? document.getElementById(location.hash.slice(1)) : null;

/** Go to the session that the address names, and move the page only if it is out of sight. */
function showNamed() {
  const card = named();
  if (!card) return false;
  if (!isInSight(card)) card.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  card.querySelector("a").focus({ preventScroll: true });
  return true;
}

/** The same on a new page: what stands at its top, such as what was saved, stays in sight, too. */
function arrive() {
  if (!named()) return false;
  scrollTo({ top: 0, behavior: "instant" });
  return showNamed();
}

leaveRoomForHeads();
addEventListener("resize", leaveRoomForHeads);
addEventListener("hashchange", showNamed);
// The place that the address names already: no `hashchange` tells of it.
planner.addEventListener("click", (event) => {
  if (event.target.closest(".checks a")?.href === location.href && showNamed()) event.preventDefault();
});
if (!arrive()) showFirst();
else {
  // With the focus already in the plan, nobody would hear what became of the form.
  const flash = document.querySelector("main > [role=status] .kern-title");
  if (flash) say(flash.textContent);
}
// A browser that gets to the named place later moves the page, and takes the focus away.
addEventListener("load", () =>
  requestAnimationFrame(() => {
    if ([document.body, named()?.querySelector("a")].includes(document.activeElement)) arrive();
  }),
);
const modules = await Promise.all(
  ["drag", "keys", "dialog"].map((name) => import(planner.dataset[name])),
);
for (const module of modules) module.enable(plan);
planner.classList.add("planner--live");
