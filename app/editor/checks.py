"""What is to be checked in the draft: by kind, in the order of weight, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.agenda.draft.warnings import AgendaWarning, Facts, Standing, WarningKind, find_warnings
from app.agenda.timetable import Slot
from app.editor.draft import AgendaDraft

TITLES = {
    WarningKind.ROOM_TAKEN: _l("Room taken twice"),
    WarningKind.PERSON_TWICE: _l("Person in two places"),
    WarningKind.SPEAKER_CANCELLED: _l("Speaker has cancelled"),
    WarningKind.OVERBOOKED: _l("More sign-ups than seats"),
    WarningKind.DOUBLE_BOOKED: _l("Participants in two places"),
    WarningKind.OUTSIDE_DAY: _l("Outside the workshop's days"),
    WarningKind.BREAK_SHORT: _l("Break too short"),
    WarningKind.SPEAKER_UNREGISTERED: _l("Speaker not registered"),
    WarningKind.NO_ROOM: _l("Without a room"),
    WarningKind.NO_ABSTRACT: _l("Without a description"),
}
# Where it is put right, if not in the plan: the field of the session's form. Who is not registered
# yet is linked or gets an address on the speaker's own page.
FIELDS = {
    WarningKind.SPEAKER_CANCELLED: "speakers",
    WarningKind.OVERBOOKED: "seats",
    WarningKind.NO_ABSTRACT: "abstract",
}
# What is usual while one still plans stays folded: the plan is full of it at first.
QUIET = {WarningKind.SPEAKER_UNREGISTERED, WarningKind.NO_ROOM, WarningKind.NO_ABSTRACT}
MOST_SHOWN = 20
MISSING = {Standing.UNKNOWN, Standing.WAITING}
SAID_BY_TITLE = {WarningKind.OUTSIDE_DAY, WarningKind.NO_ROOM, WarningKind.NO_ABSTRACT}
# What most sessions lack is said once, not at each of them: a template has no descriptions at all.
SAID_ONCE = {WarningKind.NO_ROOM, WarningKind.NO_ABSTRACT}
FEW = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """One warning with the address of its place."""

    kind: WarningKind
    session_id: int
    title: str
    text: str
    href: str

    @property
    def is_quiet(self) -> bool:
        """Whether it is usual while one still plans."""
        return self.kind in QUIET


@dataclass(frozen=True, slots=True)
class Check:
    """All warnings of a kind."""

    kind: WarningKind
    title: str
    hints: tuple[Hint, ...]
    # The sessions of the draft that could have it.
    of: int

    @property
    def is_usual(self) -> bool:
        """Whether most sessions have it, so that it is said of all of them at once."""
        return self.kind in SAID_ONCE and self.count > max(FEW, self.of // 2)

    @property
    def count(self) -> int:
        """How many."""
        return len(self.hints)

    @property
    def weight(self) -> int:
        """As how many it counts: what is said once counts once."""
        return 1 if self.is_usual else self.count

    @property
    def shown(self) -> tuple[Hint, ...]:
        """As many as one can work through; all of them stand in the list of sessions."""
        return () if self.is_usual else self.hints[:MOST_SHOWN]

    @property
    def session_ids(self) -> frozenset[int]:
        """The sessions that have it."""
        return frozenset(hint.session_id for hint in self.hints)

    @property
    def is_open(self) -> bool:
        """Whether they are shown at once."""
        return self.kind not in QUIET

    @property
    def says_more(self) -> bool:
        """Whether the single texts say more than the title."""
        return self.kind not in SAID_BY_TITLE


def find_checks(draft: AgendaDraft, facts: Facts) -> list[Check]:
    """The warnings of the whole draft by kind, each kind in the order of the sessions.

    What two sessions do to each other stands there for both.
    """
    places = _Places(draft, facts)
    sessions = sum(not slot.is_quiet for slot in draft.slots.values())
    by_kind: dict[WarningKind, list[Hint]] = {}
    for warning in find_warnings(draft.slots.values(), draft.rooms, facts):
        hint = _hint(warning, draft.slots[warning.session_id], places)
        by_kind.setdefault(hint.kind, []).append(hint)
    return [
        Check(kind, str(title), tuple(by_kind[kind]), sessions)
        for kind, title in TITLES.items()
        if kind in by_kind
    ]


def by_session(checks: Sequence[Check]) -> dict[int, list[Hint]]:
    """Session id → its hints, without those that most sessions have."""
    found: dict[int, list[Hint]] = {}
    for check in checks:
        for hint in () if check.is_usual else check.hints:
            found.setdefault(hint.session_id, []).append(hint)
    return found


class _Places:
    """The addresses where things are put right."""

    def __init__(self, draft: AgendaDraft, facts: Facts) -> None:
        self.room_seats = {room.id: room.seats for room in draft.rooms}
        self.facts = facts
        # Made once: a draft may well have some hundred warnings.
        self.plan = url_for("editor.grid")
        self.form = url_for("editor.edit_session", session_id=0).removesuffix("0")
        self.speakers = url_for("speakers.index")

    def find(self, kind: WarningKind, slot: Slot) -> str:
        """Where a warning of this kind on this session is put right."""
        if kind is WarningKind.SPEAKER_UNREGISTERED:
            return self._speaker(slot)
        if kind in FIELDS and not (kind is WarningKind.OVERBOOKED and self._needs_room(slot)):
            return f"{self.form}{slot.id}#{FIELDS[kind]}"
        return f"{self.plan}?day={slot.starts.date().isoformat()}#session-{slot.id}"

    def _needs_room(self, slot: Slot) -> bool:
        """Whether more seats of its own would not help: its room holds no more."""
        room = self.room_seats.get(slot.room_id) if slot.room_id else None
        return room is not None and (slot.seats is None or slot.seats >= room)

    def _speaker(self, slot: Slot) -> str:
        known = self.facts.speakers
        missing = {
            p.id for p in slot.people if p.id not in known or known[p.id].standing in MISSING
        }
        return f"{self.speakers}/{missing.pop()}" if len(missing) == 1 else self.speakers


def _hint(warning: AgendaWarning, slot: Slot, places: _Places) -> Hint:
    href = places.find(warning.kind, slot)
    return Hint(warning.kind, slot.id, slot.title, warning.text, href)
