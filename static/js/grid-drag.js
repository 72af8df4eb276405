// Moving and resizing sessions of the plan with mouse, pen or finger. A finger holds for a moment
// before it drags, so that it can still scroll; the lower edge resizes at once.

const START_PX = 5;
const HOLD_MS = 350;
const EDGE_PX = 48;

export function enable(plan) {
  const { planner } = plan;
  let drag = null; // { card, mode, pointer, x, y, grab, place, isMoving, target, timer }
  let scrolling = 0;

  function begin() {
    clearTimeout(drag.timer);
    drag.isMoving = true;
    drag.card.classList.add("slot--lifted");
    document.documentElement.classList.add(drag.mode === "move" ? "is-dragging" : "is-resizing");
    update();
    scrolling = requestAnimationFrame(scroll);
  }

  /** Where the pointer is: over a day, over the tray, or over the plan. */
  function targetAt({ x, y }) {
    const under = document.elementFromPoint(x, y);
    if (drag.mode === "resize") return "grid";
    const day = under?.closest("[data-day]");
    if (day && day.dataset.day !== plan.day() && !Number.isNaN(drag.from.starts)) return day;
    const tray = under?.closest("[data-tray]");
    if (tray) return tray;
    return under?.closest(".grid-frame") ? "grid" : null;
  }

  function columnAt(x) {
    const inside = (c) => x >= c.getBoundingClientRect().left && x < c.getBoundingClientRect().right;
    return plan.columns().find(inside) ?? null;
  }

  function update() {
    const target = targetAt(drag);
    for (const e of planner.querySelectorAll(".is-target")) e.classList.remove("is-target");
    drag.target = target;
    drag.place = null;
    if (target !== "grid") {
      plan.hideGhost();
      target?.classList.add("is-target");
      return;
    }
    const at = plan.minutesAt(drag.y);
    if (drag.mode === "resize") {
      const ends = Math.min(at - drag.grab, plan.bounds().to);
      drag.place = { ...drag.from, minutes: Math.max(plan.STEP, plan.snap(ends - drag.from.starts)) };
    } else {
      const column = columnAt(drag.x);
      // What spans all rooms was taken somewhere in its width: only another column counts.
      if (column !== drag.column) drag.hasLeft = true;
      const room = column && drag.hasLeft ? column.dataset.room : drag.from.room;
      drag.place = plan.fit({ ...drag.from, starts: at - drag.grab, room });
      column?.classList.add("is-target");
    }
    plan.showGhost(drag.card, drag.place);
  }

  function scroll() {
    if (!drag?.isMoving) return;
    const frame = plan.part(".grid-frame");
    const box = frame.getBoundingClientRect();
    const head = plan.part(".grid__corner").getBoundingClientRect();
    // Only towards where one drags: a card that is taken near an edge stays under the pointer.
    const near = (value, start, low, high) => {
      if (value < start && value < low + EDGE_PX) return (value - low - EDGE_PX) / 6;
      return value > start && value > high - EDGE_PX ? (value - high + EDGE_PX) / 6 : 0;
    };
    if (drag.target === "grid") {
      const [left, top] = [frame.scrollLeft, frame.scrollTop];
      frame.scrollTop += near(drag.y, drag.startY, head.bottom, Math.min(box.bottom, innerHeight));
      if (drag.mode === "move") frame.scrollLeft += near(drag.x, drag.startX, head.right, box.right);
      if (frame.scrollLeft !== left || frame.scrollTop !== top) update();
    }
    scrolling = requestAnimationFrame(scroll);
  }

  function end() {
    if (!drag) return null;
    const ended = drag;
    drag = null;
    clearTimeout(ended.timer);
    cancelAnimationFrame(scrolling);
    document.documentElement.classList.remove("is-dragging", "is-resizing");
    for (const e of planner.querySelectorAll(".is-target")) e.classList.remove("is-target");
    return ended;
  }

  function cancel() {
    const ended = end();
    if (!ended?.isMoving) return;
    ended.card.classList.remove("slot--lifted");
    plan.hideGhost();
    plan.say(plan.words.cancelled);
  }

  function swallow(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  function drop() {
    const ended = end();
    if (!ended?.isMoving) return;
    const { card, target, from, place } = ended;
    // The click that follows is part of the drag.
    addEventListener("click", swallow, true);
    setTimeout(() => removeEventListener("click", swallow, true));
    if (place && !plan.isSame(place, from)) plan.move(card, place);
    else if (target?.dataset?.day) plan.move(card, from, target.dataset.day);
    else if (target?.matches?.("[data-tray]") && !Number.isNaN(from.starts)) {
      plan.move(card, { ...from, starts: NaN });
    } else {
      card.classList.remove("slot--lifted");
      plan.hideGhost();
    }
  }

  planner.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("li.slot");
    if (!card || event.button !== 0 || drag || planner.classList.contains("planner--busy")) return;
    const mode = event.target.closest(".slot__edge") ? "resize" : "move";
    const from = plan.placeOf(card);
    const { clientX: x, clientY: y } = event;
    drag = { card, mode, from, x, y, startX: x, startY: y, pointer: event.pointerId, isMoving: false };
    drag.column = Number.isNaN(from.starts) ? null : columnAt(x);
    // How far below its start, or its end, one has taken it.
    const held = mode === "resize" ? from.starts + from.minutes : from.starts;
    drag.grab = Number.isNaN(from.starts) ? 0 : plan.minutesAt(y) - held;
    drag.isTouch = event.pointerType === "touch";
    if (drag.isTouch && mode === "move") drag.timer = setTimeout(begin, HOLD_MS);
  });

  addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.pointer) return;
    [drag.x, drag.y] = [event.clientX, event.clientY];
    if (drag.isMoving) return update();
    if (Math.hypot(drag.x - drag.startX, drag.y - drag.startY) < START_PX) return;
    // A finger that moves before it has held scrolls.
    if (drag.isTouch && drag.mode === "move") end();
    else begin();
  });
  addEventListener("pointerup", (event) => event.pointerId === drag?.pointer && drop());
  addEventListener("pointercancel", (event) => event.pointerId === drag?.pointer && cancel());
  addEventListener("blur", cancel);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.isMoving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    cancel();
  }, true);
  // While a finger drags, nothing scrolls and no menu opens.
  planner.addEventListener("touchmove", (event) => drag?.isMoving && event.preventDefault(), { passive: false });
  planner.addEventListener("contextmenu", (event) => drag?.isTouch && event.preventDefault());
}
