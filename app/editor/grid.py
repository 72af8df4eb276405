"""A day as a plan: rooms side by side, time downwards in steps of five minutes.

The first column belongs to all rooms. What has no room of its own stands there, and reaches over
all columns where nothing else runs at the same time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from app.agenda.models import Room
from app.agenda.timetable import Slot, connected

STEP = 5  # minutes; a row of the plan
ROWS_A_DAY = 24 * 60 // STEP
# The hours that are shown even if nothing is planned in them.
OPENS, CLOSES = 8, 18
# More would be too narrow to read; further sessions lie above the last one.
MOST_LANES = 4
# A card lower than so many rows shows less.
SIZES = {"tiny": 4, "short": 8, "medium": 12}


@dataclass(frozen=True, slots=True)
class Card:
    """A session in the plan. Rows count from midnight, columns from 1 (all rooms)."""

    slot: Slot
    column: int
    spans: bool
    row: int
    rows: int
    # Sessions at the same time in the same room stand side by side in lanes.
    lane: int
    lanes: int

    @property
    def classes(self) -> str:
        """Where the style sheet puts it."""
        hours, rest = divmod(self.row, 60 // STEP)
        long, more = divmod(self.rows, 60 // STEP)
        words = [f"h-{hours}", f"m-{rest}", f"lh-{long}", f"lm-{more}", f"c-{self.column}"]
        words += ["slot--wide"] if self.spans else []
        if self.lanes > 1:
            lanes = min(self.lanes, MOST_LANES)
            words += [f"lane-{min(self.lane, lanes)}", f"lanes-{lanes}"]
        words += [f"slot--{size}" for size, below in SIZES.items() if self.rows < below][:1]
        return " ".join(words)


@dataclass(frozen=True)
class Grid:
    """The plan of one day. `first` and `last` are whole hours."""

    on: date
    rooms: Sequence[Room]
    cards: Sequence[Card]
    first: int
    last: int

    @property
    def hours(self) -> range:
        """The hours that are shown."""
        return range(self.first, self.last)

    @cached_property
    def ids(self) -> frozenset[int]:
        """The sessions that stand in it."""
        return frozenset(card.slot.id for card in self.cards)


def make_grid(on: date, slots: Iterable[Slot], rooms: Sequence[Room]) -> Grid:
    """Lay out the sessions of a day."""
    slots = tuple(slots)
    cards = tuple(_cards(slots, rooms))
    first = min([OPENS, *(card.row * STEP // 60 - 1 for card in cards)])
    last = max([CLOSES, *(-(-(card.row + card.rows) * STEP // 60) + 1 for card in cards)])
    return Grid(on, rooms, cards, max(first, 0), min(last, 24))


def _cards(slots: Sequence[Slot], rooms: Sequence[Room]) -> Iterable[Card]:
    columns: dict[int | None, int] = {room.id: number for number, room in enumerate(rooms, 2)}
    # What has no room, or whose room is deleted while this is read, belongs to all.
    columns[None] = 1
    alone = {
        slot.id
        for slot in slots
        if slot.room_id is None and not any(slot.overlaps(o) for o in slots if o.id != slot.id)
    }
    ordered = sorted(slots, key=lambda s: (columns.get(s.room_id, 1), s.starts, s.ends, s.id))
    for column, group in groupby(ordered, key=lambda s: columns.get(s.room_id, 1)):
        for together in connected(group):
            lanes = _lanes(together)
            for slot in together:
                row = _row(slot.starts, slot)
                rows = max(_row(slot.ends, slot, up=True) - row, 1)
                yield Card(
                    slot,
                    column=column,
                    spans=slot.id in alone,
                    row=row,
                    rows=rows,
                    lane=lanes[slot.id],
                    lanes=max(lanes.values()),
                )


def _row(at: datetime, slot: Slot, *, up: bool = False) -> int:
    """The row of an instant; what goes on after midnight ends with the day."""
    if at.date() > slot.starts.date():
        return ROWS_A_DAY
    minutes = at.hour * 60 + at.minute
    return -(-minutes // STEP) if up else minutes // STEP


def _lanes(slots: Sequence[Slot]) -> dict[int, int]:
    """Session id → lane, from 1; a lane is used again as soon as it is free."""
    lanes: dict[int, int] = {}
    free_from: list[datetime] = []
    for slot in slots:
        at = next((n for n, end in enumerate(free_from) if end <= slot.starts), len(free_from))
        free_from[at : at + 1] = [slot.ends]
        lanes[slot.id] = at + 1
    return lanes
