"""How sessions are laid out: days, blocks of parallel sessions, columns by room."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby

from app.agenda.models import SessionKind, SessionRole, SignUpMode

QUIET = frozenset({SessionKind.BREAK, SessionKind.EVENING})

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Topics are lettered in their order, so that nobody needs colours to tell them apart."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with the letter that marks it wherever colour is not seen."""

    id: int
    name: str
    summary: str
    colour: str
    letter: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks in a session or chairs it."""

    id: int
    name: str
    organisation: str
    role: SessionRole

    @property
    def label(self) -> str:
        """'Jana Tischendorf, Polizei Sachsen'."""
        return ", ".join(filter(None, (self.name, self.organisation)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A session as it stands in the agenda; times are in the workshop's zone."""

    id: int
    kind: SessionKind
    title: str
    abstract: str
    language: str
    people: tuple[Person, ...]
    topic: Topic | None
    room_id: int | None
    room: str
    room_position: int
    seats: int | None
    sign_up: SignUpMode
    starts: datetime
    ends: datetime
    is_now: bool
    # What a calendar needs to know an entry again, and which of two is the newer.
    uid: str
    sequence: int
    changed_at: datetime
    # Of the draft only.
    notes: str = ""

    @property
    def speakers(self) -> tuple[Person, ...]:
        """Those who speak, in their order."""
        return tuple(person for person in self.people if person.role is SessionRole.SPEAKER)

    @property
    def chair(self) -> tuple[Person, ...]:
        """Those who chair it."""
        return tuple(person for person in self.people if person.role is SessionRole.CHAIR)

    @property
    def speaker_names(self) -> str:
        """'Jana Tischendorf, Polizei Sachsen; Ole Brandt'; empty without speakers."""
        return "; ".join(person.label for person in self.speakers)

    @property
    def length(self) -> timedelta:
        """How long it lasts, also over a change of the clock."""
        # Of two times in one zone Python takes the difference of the hands of the clock.
        return timedelta(seconds=self.ends.timestamp() - self.starts.timestamp())

    @property
    def minutes(self) -> int:
        """The length in whole minutes."""
        return self.length // timedelta(minutes=1)

    @property
    def is_quiet(self) -> bool:
        """Breaks and evening events step back."""
        return self.kind in QUIET

    def overlaps(self, other: "Slot") -> bool:
        """Whether both run at some moment; meeting end to start is no overlap."""
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True, slots=True)
class GridPlace:
    """Where a session stands in its block: column, first row, number of rows (from 1)."""

    slot: Slot
    column: int
    row: int
    rows: int


@dataclass(frozen=True, slots=True)
class Block:
    """Sessions that hang together by time, in order; one alone is a block too."""

    places: tuple[GridPlace, ...]
    columns: int

    @property
    def starts(self) -> datetime:
        """The first start."""
        return self.places[0].slot.starts

    @property
    def ends(self) -> datetime:
        """The last end."""
        return max(place.slot.ends for place in self.places)


@dataclass(frozen=True)
class Day:
    """A day of the programme."""

    on: date
    slots: tuple[Slot, ...]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The sessions that hang together by time; worked out where a page shows them so."""
        return tuple(_block(together) for together in connected(self.slots))


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda as it is shown."""

    topics: tuple[Topic, ...]
    days: tuple[Day, ...]


def make_days(slots: Iterable[Slot], days: Iterable[date] = ()) -> tuple[Day, ...]:
    """The slots, sorted by start, as days; `days` are shown even if empty."""
    by_day: dict[date, tuple[Slot, ...]] = dict.fromkeys(days, ())
    for on, group in groupby(slots, key=lambda slot: slot.starts.date()):
        by_day[on] = tuple(group)
    return tuple(Day(on, by_day[on]) for on in sorted(by_day))


def connected(slots: Iterable[Slot]) -> Iterator[list[Slot]]:
    """The slots, sorted by start, as groups that hang together by time."""
    together: list[Slot] = []
    ends: datetime | None = None
    for slot in slots:
        if ends is not None and slot.starts >= ends:
            yield together
            together, ends = [], None
        together.append(slot)
        ends = max(ends, slot.ends) if ends else slot.ends
    if together:
        yield together


def _block(slots: list[Slot]) -> Block:
    if len(slots) == 1:
        return Block((GridPlace(slots[0], 1, 1, 1),), 1)
    marks = sorted({s.starts for s in slots} | {s.ends for s in slots})
    columns = _columns(slots)
    places = []
    for slot in sorted(slots, key=lambda s: (s.starts, columns[s.id])):
        row = marks.index(slot.starts) + 1
        places.append(GridPlace(slot, columns[slot.id], row, marks.index(slot.ends) + 1 - row))
    return Block(tuple(places), max(columns.values()))


def _columns(slots: list[Slot]) -> dict[int, int]:
    """Session id → column: rooms in their order, a room taken twice gets a second column."""
    columns: dict[int, int] = {}
    last = 0
    # Whatever has no room concerns all of them and comes last.
    ordered = sorted(slots, key=lambda s: (s.room_id is None, s.room_position, s.room_id or 0))
    for _room, group in groupby(ordered, key=lambda s: s.room_id):
        free_from: list[datetime] = []
        for slot in sorted(group, key=lambda s: s.starts):
            at = next((n for n, end in enumerate(free_from) if end <= slot.starts), len(free_from))
            free_from[at : at + 1] = [slot.ends]
            columns[slot.id] = last + at + 1
        last += len(free_from)
    return columns
