"""What a screen at the venue shows at a moment: what is on, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.agenda.timetable import Slot


@dataclass(frozen=True, slots=True)
class Column:
    """A room at that moment. `then` is the next session there or, if sooner, one that all go to."""

    room: str
    on: Slot | None
    then: Slot | None


@dataclass(frozen=True, slots=True)
class Screen:
    """All that a screen shows.

    `alone`: the session that is on, if it is the only one. `columns`: the rooms, while several are
    on. `then`: what comes next, each session once; of another day if `is_other_day`. `later`: what
    follows on that day, on the screen of one room. `change`: when the next session starts or ends.
    """

    alone: Slot | None
    columns: tuple[Column, ...]
    then: tuple[Slot, ...]
    later: tuple[Slot, ...]
    change: datetime | None
    is_other_day: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self.change is None

    def minutes_to_change(self, at: datetime) -> int | None:
        """Full minutes until something changes, if that is within the hour."""
        if self.change is None:
            return None
        minutes = -int((at - self.change).total_seconds() // 60)
        return minutes if 0 < minutes < 60 else None


def make_screen(slots: Iterable[Slot], at: datetime, room_id: int | None = None) -> Screen:
    """The screen at that moment: of all rooms, or of one with what is for all. `slots` in order."""
    concerned = [s for s in slots if room_id is None or s.room_id in {None, room_id}]
    on = [slot for slot in concerned if slot.starts <= at < slot.ends]
    ahead = [slot for slot in concerned if slot.starts > at]
    today = [s for s in ahead if _day(s) == at.astimezone(s.starts.tzinfo).date()]
    # While something is on, another day is of no interest yet.
    coming = today if on or today else [s for s in ahead if _day(s) == _day(ahead[0])]
    columns = _columns(on, today) if len(on) > 1 else ()
    then = tuple(coming[:1]) if room_id is not None else _next_in_all_rooms(coming)
    if columns:
        columns, then = _what_all_share(columns)
    return Screen(
        alone=on[0] if len(on) == 1 else None,
        columns=columns,
        then=then,
        later=tuple(coming[1:]) if room_id is not None else (),
        change=min([slot.ends for slot in on] + [slot.starts for slot in coming], default=None),
        is_other_day=bool(coming) and not today,
    )


def _day(slot: Slot) -> date:
    return slot.starts.date()


def _columns(on: list[Slot], today: list[Slot]) -> tuple[Column, ...]:
    known = [*on, *today]
    rooms = {s.room_id: s for s in known if s.room_id is not None or s in on}
    # Whatever has no room comes last.
    ordered = sorted(rooms.values(), key=lambda s: (s.room_id is None, s.room_position))
    for_all = {s.id for s in today if s.room_id is None or not _has_company(s, known)}
    return tuple(
        Column(
            slot.room,
            next((s for s in on if s.room_id == slot.room_id), None),
            next((s for s in today if s.room_id == slot.room_id or s.id in for_all), None),
        )
        for slot in ordered
    )


def _has_company(slot: Slot, others: list[Slot]) -> bool:
    return any(slot.overlaps(other) for other in others if other is not slot)


def _what_all_share(columns: tuple[Column, ...]) -> tuple[tuple[Column, ...], tuple[Slot, ...]]:
    """What comes next for all rooms alike is told once."""
    nexts = {column.then for column in columns}
    if len(nexts) > 1:
        return columns, ()
    return tuple(replace(c, then=None) for c in columns), tuple(s for s in nexts if s)


def _next_in_all_rooms(coming: list[Slot]) -> tuple[Slot, ...]:
    """The next session of each room, as far as they run beside each other."""
    found: dict[int | None, Slot] = {}
    for slot in coming:
        if any(slot.starts >= known.ends for known in found.values()):
            break
        found.setdefault(slot.room_id, slot)
    return tuple(found.values())
