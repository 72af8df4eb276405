"""What is amiss in the draft. Warnings never stand in anybody's way.

Pure: everything is computed from the sessions that have a time and from `Facts`. What lies in the
tray is not planned yet and gets none. Decided here:
- A guest whose e-mail address is known needs no registration; a mere name does.
- Breaks and evening events need neither room nor description.
- A break is short under ten minutes. Whoever speaks or chairs needs five minutes between two
  sessions in different rooms.
- A session holds as many as its own seats and its room's allow, whichever is less.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from app.agenda.models import Room, SessionKind
from app.agenda.timetable import Slot

TO_CHANGE_ROOMS = timedelta(minutes=5)
SHORTEST_BREAK = timedelta(minutes=10)
TITLES_NAMED = 3
_NOBODY: frozenset[int] = frozenset()


class WarningKind(StrEnum):
    """What may be amiss with a session."""

    ROOM_TAKEN = "room_taken"
    PERSON_TWICE = "person_twice"
    SPEAKER_UNREGISTERED = "speaker_unregistered"
    SPEAKER_CANCELLED = "speaker_cancelled"
    BREAK_SHORT = "break_short"
    OVERBOOKED = "overbooked"
    DOUBLE_BOOKED = "double_booked"
    OUTSIDE_DAY = "outside_day"
    NO_ROOM = "no_room"
    NO_ABSTRACT = "no_abstract"


class Standing(StrEnum):
    """Whether a speaker will be there, as far as we know."""

    COMING = "coming"  # registered with a seat, or a guest with an address
    WAITING = "waiting"
    UNKNOWN = "unknown"  # a name only
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SpeakerFact:
    """What we know of a speaker. Two speakers of one registration are the same person."""

    standing: Standing
    registration_id: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What warnings need to know besides the sessions."""

    days: frozenset[date]
    speakers: Mapping[int, SpeakerFact] = field(default_factory=dict)
    # Session id → the registrations that have a seat there.
    booked: Mapping[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgendaWarning:
    """Something amiss with a session, in few words; `other_ids`: the sessions it clashes with."""

    kind: WarningKind
    session_id: int
    text: str
    other_ids: tuple[int, ...] = ()


def find_warnings(
    slots: Iterable[Slot], rooms: Iterable[Room], facts: Facts
) -> list[AgendaWarning]:
    """All warnings, in the order of the sessions. What two sessions do to each other, both get."""
    draft = _Draft(sorted(slots, key=lambda slot: (slot.starts, slot.id)), rooms, facts)
    return [warning for slot in draft.slots for check in _CHECKS for warning in check(draft, slot)]


class _Draft:
    """The sessions with what several checks ask for."""

    def __init__(self, slots: Sequence[Slot], rooms: Iterable[Room], facts: Facts) -> None:
        self.slots = slots
        self.facts = facts
        self.room_seats = {room.id: room.seats for room in rooms}
        self.overlapping: dict[int, list[Slot]] = {slot.id: [] for slot in slots}
        self.just_before: dict[int, list[Slot]] = {slot.id: [] for slot in slots}
        self.people = {slot.id: self._people(slot) for slot in slots}
        self.present = {
            slot.id: facts.booked.get(slot.id, _NOBODY) | self.people[slot.id].keys()
            for slot in slots
        }
        self._meet()

    def _people(self, slot: Slot) -> dict[int, str]:
        """Who speaks or chairs: the registration's number, of others the speaker's below zero."""
        known = self.facts.speakers
        numbers = ((p, known[p.id].registration_id if p.id in known else None) for p in slot.people)
        return {number or -person.id: person.name for person, number in numbers}

    def _meet(self) -> None:
        """Find who meets whom in one pass over time."""
        near: list[Slot] = []
        for slot in self.slots:
            near = [other for other in near if other.ends > slot.starts - TO_CHANGE_ROOMS]
            for other in near:
                if other.ends > slot.starts:
                    self.overlapping[slot.id].append(other)
                    self.overlapping[other.id].append(slot)
                else:
                    self.just_before[slot.id].append(other)
            near.append(slot)


def _room_taken(draft: _Draft, slot: Slot) -> Iterator[AgendaWarning]:
    if slot.room_id is None:
        return
    others = [o for o in draft.overlapping[slot.id] if o.room_id == slot.room_id]
    if others:
        text = _("Room also taken by %(titles)s", titles=_titles(others))
        yield _warning(WarningKind.ROOM_TAKEN, slot, text, others)


def _person_twice(draft: _Draft, slot: Slot) -> Iterator[AgendaWarning]:
    for number, name in draft.people[slot.id].items():
        others = [o for o in draft.overlapping[slot.id] if number in draft.people[o.id]]
        if others:
            text = _("%(name)s is also in %(titles)s", name=name, titles=_titles(others))
            yield _warning(WarningKind.PERSON_TWICE, slot, text, others)


def _speakers_absent(draft: _Draft, slot: Slot) -> Iterator[AgendaWarning]:
    by_standing: dict[Standing, dict[str, None]] = {}
    for person in slot.people:
        fact = draft.facts.speakers.get(person.id)
        standing = fact.standing if fact else Standing.UNKNOWN
        by_standing.setdefault(standing, {})[person.name] = None
    for standing, names in by_standing.items():
        who = ", ".join(names)
        if standing is Standing.UNKNOWN:
            text = _("Not registered yet: %(names)s", names=who)
            yield _warning(WarningKind.SPEAKER_UNREGISTERED, slot, text)
        elif standing is Standing.WAITING:
            text = _("On the waiting list: %(names)s", names=who)
            yield _warning(WarningKind.SPEAKER_UNREGISTERED, slot, text)
        elif standing is Standing.CANCELLED:
            text = _("Has cancelled: %(names)s", names=who)
            yield _warning(WarningKind.SPEAKER_CANCELLED, slot, text)


def _is_for_all(slot: Slot) -> bool:
    return slot.kind is SessionKind.BREAK and slot.room_id is None


def _break_short(draft: _Draft, slot: Slot) -> Iterator[AgendaWarning]:
    if slot.kind is SessionKind.BREAK and slot.ends - slot.starts < SHORTEST_BREAK:
        text = ngettext("Only %(num)d minute long", "Only %(num)d minutes long", slot.minutes)
        yield _warning(WarningKind.BREAK_SHORT, slot, text)
    breaks = [o for o in draft.overlapping[slot.id] if _is_for_all(o)]
    if breaks and slot.kind is not SessionKind.BREAK:
        text = _("Leaves no break: %(titles)s", titles=_titles(breaks))
        yield _warning(WarningKind.BREAK_SHORT, slot, text, breaks)
    if slot.room_id is None:
        return
    for number, name in draft.people[slot.id].items():
        others = [
            other
            for other in draft.just_before[slot.id]
            if number in draft.people[other.id] and other.room_id not in {None, slot.room_id}
        ]
        if others:
            text = _(
                "%(name)s has to change rooms at once after %(titles)s",
                name=name,
                titles=_titles(others),
            )
            yield _warning(WarningKind.BREAK_SHORT, slot, text, others)


def _overbooked(draft: _Draft, slot: Slot) -> Iterator[AgendaWarning]:
    booked = len(draft.facts.booked.get(slot.id, _NOBODY))
    room = draft.room_seats.get(slot.room_id) if slot.room_id else None
    seats = min((seats for seats in (slot.seats, room) if seats is not None), default=None)
    if seats is not None and booked > seats:
        text = ngettext(
            "%(booked)d signed up, %(num)d seat",
            "%(booked)d signed up, %(num)d seats",
            seats,
            booked=booked,
        )
        yield _warning(WarningKind.OVERBOOKED, slot, text)


def _double_booked(draft: _Draft, slot: Slot) -> Iterator[AgendaWarning]:
    torn: set[int] = set()
    others = []
    for other in draft.overlapping[slot.id]:
        shared = draft.present[slot.id] & draft.present[other.id]
        if shared:
            # Who speaks in both is warned of by name already.
            shared -= draft.people[slot.id].keys() & draft.people[other.id].keys()
        if shared:
            torn |= shared
            others.append(other)
    if others:
        text = ngettext(
            "%(num)d participant is also in %(titles)s",
            "%(num)d participants are also in %(titles)s",
            len(torn),
            titles=_titles(others),
        )
        yield _warning(WarningKind.DOUBLE_BOOKED, slot, text, others)


def _outside_day(draft: _Draft, slot: Slot) -> Iterator[AgendaWarning]:
    if slot.starts.date() not in draft.facts.days:
        yield _warning(WarningKind.OUTSIDE_DAY, slot, _("Outside the workshop's days"))


def _incomplete(_draft: _Draft, slot: Slot) -> Iterator[AgendaWarning]:
    if slot.is_quiet:
        return
    if slot.room_id is None:
        yield _warning(WarningKind.NO_ROOM, slot, _("No room"))
    if not slot.abstract:
        yield _warning(WarningKind.NO_ABSTRACT, slot, _("No description"))


_CHECKS: tuple[Callable[[_Draft, Slot], Iterator[AgendaWarning]], ...] = (
    _room_taken,
    _person_twice,
    _speakers_absent,
    _break_short,
    _overbooked,
    _double_booked,
    _outside_day,
    _incomplete,
)


def _warning(
    kind: WarningKind, slot: Slot, text: str, others: Sequence[Slot] = ()
) -> AgendaWarning:
    return AgendaWarning(kind, slot.id, str(text), tuple(other.id for other in others))


def _titles(slots: Sequence[Slot]) -> str:
    """'„Gerüchten begegnen“, „Nachwuchs gewinnen“'; many are not all named."""
    named = [_("“%(title)s”", title=slot.title) for slot in slots[:TITLES_NAMED]]
    more = len(slots) - TITLES_NAMED
    return ", ".join(named) + (_(" and %(num)d more", num=more) if more > 0 else "")
