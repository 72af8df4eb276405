// The plan by keyboard alone. Letters count only while a session has the focus (WCAG 2.1.4).

const HOUR = 60;
const MORNING = 9 * HOUR;
const FAR = 10000; // px: between the plan and the tray one goes only where nothing else is left
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export function enable(plan) {
  const { planner } = plan;
  let lifted = null; // { card, from, place }

  // ------------------------------------------------------------ From session to session

  const isInTray = (card) => card.dataset.starts === "";

  /** The nearest session in that direction; one straight ahead comes before one aside. */
  function neighbour(card, [dx, dy]) {
    const from = card.getBoundingClientRect();
    let best = null;
    for (const other of planner.querySelectorAll("li.slot")) {
      if (other === card || other.classList.contains("slot--ghost")) continue;
      const box = other.getBoundingClientRect();
      const ahead = dy ? (dy > 0 ? box.top - from.bottom : from.top - box.bottom)
        : dx > 0 ? box.left - from.right : from.left - box.right;
      if (ahead < -3) continue;
      const aside = dy
        ? Math.max(0, box.left - from.right, from.left - box.right) * 3
        : Math.max(0, box.top - from.bottom, from.top - box.bottom) + Math.abs(box.top - from.top) / 8;
      const elsewhere = isInTray(other) === isInTray(card) ? 0 : FAR;
      const distance = Math.max(0, ahead) + aside + elsewhere;
      if (!best || distance < best.distance) best = { other, distance };
    }
    return best?.other;
  }

  function focus(card) {
    card?.querySelector(".slot__link").focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // ------------------------------------------------------------ Picked up

  /** Where a session of the tray first appears: the first gap of its room, from nine o'clock. */
  function firstGap({ minutes, room }) {
    const { from, to } = plan.bounds();
    const taken = [...planner.querySelectorAll(".grid .slot:not(.slot--ghost)")]
      .map(plan.placeOf)
      .filter((p) => p.room === room || p.room === "")
      .sort((a, b) => a.starts - b.starts);
    let starts = Math.max(from, MORNING);
    for (const p of taken) {
      if (p.starts < starts + minutes && starts < p.starts + p.minutes) starts = p.starts + p.minutes;
    }
    return starts + minutes <= to ? starts : Math.max(from, MORNING);
  }

  function pickUp(card) {
    const from = plan.placeOf(card);
    let place = from;
    if (Number.isNaN(from.starts)) {
      const room = from.room || (plan.columns()[1] ?? plan.columns()[0]).dataset.room;
      place = plan.fit({ ...from, room, starts: firstGap({ ...from, room }) });
    }
    lifted = { card, from, place };
    card.classList.add("slot--lifted");
    show();
    plan.say(`${plan.fill(plan.words.lifted, { title: plan.titleOf(card) })} ${plan.placeInWords(place)}`);
  }

  function show() {
    plan.showGhost(lifted.card, lifted.place);
    plan.part(".slot--ghost").scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function change(values) {
    const place = { ...lifted.place, ...values };
    // A start that somebody typed, such as 9:03, stays until the session is moved in time.
    lifted.place = "starts" in values ? plan.fit(place) : place;
    show();
    plan.say(plan.placeInWords(lifted.place));
  }

  function putDown(place = lifted.place) {
    const { card, from } = lifted;
    lifted = null;
    if (plan.isSame(place, from)) return settle(card);
    return plan.move(card, place);
  }

  function settle(card) {
    card.classList.remove("slot--lifted");
    plan.hideGhost();
  }

  function cancel() {
    const { card } = lifted;
    lifted = null;
    settle(card);
    plan.say(plan.words.cancelled);
  }

  function whileLifted(event) {
    const { starts, minutes, room } = lifted.place;
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (dy && event.shiftKey) {
      // Keep the start: the length gives way at the day's end.
      const wanted = plan.snap(minutes + dy * plan.STEP);
      if (starts + wanted <= plan.bounds().to) change({ minutes: Math.max(plan.STEP, wanted) });
    } else if (dy) change({ starts: starts + dy * plan.STEP });
    else if (dx) {
      const rooms = plan.columns().map((column) => column.dataset.room);
      change({ room: rooms[Math.max(0, Math.min(rooms.indexOf(room) + dx, rooms.length - 1))] });
    } else if (event.key === "PageUp") change({ starts: starts - HOUR });
    else if (event.key === "PageDown") change({ starts: starts + HOUR });
    else if (event.key === "Enter" || event.key === " ") putDown();
    else if (event.key.toLowerCase() === "t") putDown({ ...lifted.from, starts: NaN });
    else if (event.key === "Escape") cancel();
    else return false;
    return true;
  }

  // ------------------------------------------------------------ Keys

  function onCard(event, card) {
    if (event.key in ARROWS && !event.shiftKey) focus(neighbour(card, ARROWS[event.key]));
    else if (event.key === " ") pickUp(card);
    else if (event.key === "Delete") plan.command(card, "delete");
    else if (event.shiftKey) return false;
    else if (event.key === "d") plan.command(card, "duplicate");
    else if (event.key === "e") location.href = card.querySelector("a").href.replace(/\/move\b.*$/, "");
    else if (event.key === "t" && !isInTray(card)) {
      plan.move(card, { ...plan.placeOf(card), starts: NaN });
    } else return false;
    return true;
  }

  function stepBack(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
    if (event.target.closest("input, textarea, select, dialog")) return false;
    const key = event.key.toLowerCase();
    const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (!name) return false;
    if (lifted) cancel();
    const form = planner.querySelector(`.steps-back form[action$="/${name}"]`);
    form?.requestSubmit();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (stepBack(event)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const link = event.target.closest(".planner .slot__link");
    if (!link || planner.classList.contains("planner--busy")) return;
    const isDone = lifted ? whileLifted(event) : onCard(event, link.closest("li.slot"));
    if (isDone) event.preventDefault();
  });
  planner.addEventListener("focusout", () => lifted && cancel());
  planner.addEventListener("pointerdown", () => lifted && cancel());
}
