"""What a release changes: computed from two contents, and said in words for a person."""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from app.agenda.models import SessionRole
from app.agenda.releases.content import Content, read_slots
from app.agenda.timetable import Slot
from app.extensions import now


class ChangeKind(enum.StrEnum):
    """In what respect a session differs."""

    NEW = "new"
    CANCELLED = "cancelled"
    MOVED = "moved"
    ROOM = "room"
    PEOPLE = "people"
    TITLE = "title"
    SIGN_UP = "sign_up"
    TEXT = "text"


# What somebody must hear of who comes to the session or speaks in it.
NOTEWORTHY = frozenset(ChangeKind) - {ChangeKind.SIGN_UP, ChangeKind.TEXT}
# Whoever had agreed to the old place, or to one given up since, has not agreed to the new one.
ELSEWHERE = frozenset({ChangeKind.NEW, ChangeKind.MOVED, ChangeKind.ROOM})


@dataclass(frozen=True, slots=True)
class Change:
    """All that changed about one session. `before` is None if it is new, `after` if cancelled."""

    kinds: tuple[ChangeKind, ...]
    before: Slot | None
    after: Slot | None

    @property
    def slot(self) -> Slot:
        """The session as it is now; a cancelled one as it was."""
        slot = self.after or self.before
        if slot is None:
            raise ValueError("a change has a session before it, after it, or both")
        return slot

    @property
    def session_id(self) -> int:
        """Which session."""
        return self.slot.id

    @property
    def day(self) -> date:
        """The day under which it is listed."""
        return self.slot.starts.date()

    @property
    def is_noteworthy(self) -> bool:
        """Whether those whom it concerns are told; a corrected text alone is no reason."""
        return not NOTEWORTHY.isdisjoint(self.kinds)

    @property
    def asks_anew(self) -> bool:
        """Whether those who speak there have to confirm the slot, perhaps again."""
        return not ELSEWHERE.isdisjoint(self.kinds)

    def ids_of(self, role: SessionRole) -> set[int]:
        """Speakers by id who have this role now or had it before."""
        slots = (slot for slot in (self.before, self.after) if slot)
        return {person.id for slot in slots for person in slot.people if person.role is role}


def find_changes(before: Content | None, after: Content, zone: ZoneInfo) -> tuple[Change, ...]:
    """What `after` changes, in the order of the agenda; without a release before, all is new."""
    old = _slots(before, zone) if before else {}
    new = _slots(after, zone)
    changes = [*_changed(old, new), *_only(old, new, ChangeKind.CANCELLED)]
    return tuple(sorted(changes, key=lambda c: (c.slot.starts, c.slot.room_position, c.session_id)))


def by_day(changes: Iterable[Change]) -> list[tuple[date, list[Change]]]:
    """The changes, already in order, under their days."""
    return [(on, list(group)) for on, group in groupby(changes, key=lambda change: change.day)]


def lines(change: Change) -> list[str]:
    """The change in words, the most important first, in the present language."""
    before, after = change.before, change.after
    if before is None:
        return [_("New: %(place)s", place=_place(change.slot, with_end=True))]
    if after is None:
        return [_("Cancelled: %(place)s", place=_place(before, with_end=True))]
    return list(_lines(change.kinds, before, after))


def _slots(content: Content, zone: ZoneInfo) -> dict[int, Slot]:
    return {slot.id: slot for slot in read_slots(content, content["sessions"], zone, now())}


def _changed(old: dict[int, Slot], new: dict[int, Slot]) -> Iterator[Change]:
    for slot in new.values():
        before = old.get(slot.id)
        if before is None:
            yield Change((ChangeKind.NEW,), None, slot)
        elif kinds := tuple(_kinds(before, slot)):
            yield Change(kinds, before, slot)


def _only(old: dict[int, Slot], new: dict[int, Slot], kind: ChangeKind) -> Iterator[Change]:
    return (Change((kind,), slot, None) for slot in old.values() if slot.id not in new)


def _kinds(before: Slot, after: Slot) -> Iterator[ChangeKind]:
    if (before.starts, before.ends) != (after.starts, after.ends):
        yield ChangeKind.MOVED
    if before.room != after.room:
        yield ChangeKind.ROOM
    if any(_names(before, role) != _names(after, role) for role in SessionRole):
        yield ChangeKind.PEOPLE
    if before.title != after.title:
        yield ChangeKind.TITLE
    if (before.seats, before.sign_up) != (after.seats, after.sign_up):
        yield ChangeKind.SIGN_UP
    if _texts(before) != _texts(after):
        yield ChangeKind.TEXT


def _texts(slot: Slot) -> tuple[str, ...]:
    """Abstract, topic, kind and language."""
    return slot.abstract, slot.topic.name if slot.topic else "", slot.kind, slot.language


def _names(slot: Slot, role: SessionRole) -> str:
    return "; ".join(person.label for person in slot.people if person.role is role)


def _lines(kinds: tuple[ChangeKind, ...], before: Slot, after: Slot) -> Iterator[str]:
    if ChangeKind.MOVED in kinds:
        yield _moved(before, after)
    elif ChangeKind.ROOM in kinds:
        yield _instead(_("Room"), after.room, before.room)
    if ChangeKind.PEOPLE in kinds:
        labels = {SessionRole.SPEAKER: _("Speakers"), SessionRole.CHAIR: _("Chair")}
        for role, label in labels.items():
            if _names(before, role) != _names(after, role):
                yield _instead(label, _names(after, role), _names(before, role))
    if ChangeKind.TITLE in kinds:
        yield _("Title so far: “%(title)s”", title=before.title)
    if before.seats != after.seats:
        yield _instead(_("Seats"), _seats(after), _seats(before))
    if before.sign_up is not after.sign_up:
        yield _("The way to sign up has changed.")
    if ChangeKind.TEXT in kinds:
        yield _("Changed: %(what)s", what=", ".join(_changed_texts(before, after)))


def _changed_texts(before: Slot, after: Slot) -> list[str]:
    names = (_("Description"), _("Topic"), _("Kind"), _("Language"))
    pairs = zip(names, _texts(before), _texts(after), strict=True)
    return [name for name, old, new in pairs if old != new]


def _moved(before: Slot, after: Slot) -> str:
    with_end = before.minutes != after.minutes
    if before.room != after.room:
        words = _(
            "From %(before)s to %(after)s",
            before=_place(before, with_end=with_end),
            after=_place(after, with_end=with_end),
        )
    elif before.starts == after.starts:
        words = _(
            "Now ends at %(after)s instead of %(before)s",
            after=f"{after.ends:%H:%M}",
            before=f"{before.ends:%H:%M}",
        )
    else:
        words = _(
            "Moved from %(before)s to %(after)s",
            before=_time(before, with_end=with_end),
            after=_time(after, with_end=with_end),
        )
    return str(words)


def _instead(label: str, new: str, old: str) -> str:
    """'Raum: Elster statt Plenarsaal', as short as what is known allows."""
    if not new:
        words = _("%(label)s: open (so far %(old)s)", label=label, old=old)
    elif not old:
        words = _("%(label)s: %(new)s", label=label, new=new)
    else:
        words = _("%(label)s: %(new)s instead of %(old)s", label=label, new=new, old=old)
    return str(words)


def _seats(slot: Slot) -> str:
    return str(slot.seats) if slot.seats is not None else ""


def _place(slot: Slot, *, with_end: bool) -> str:
    return ", ".join(filter(None, (_time(slot, with_end=with_end), slot.room)))


def _time(slot: Slot, *, with_end: bool) -> str:
    """'Fr 09:30' or 'Fr 09:30–10:00'."""
    weekday = format_date(slot.starts.date(), "ccc", locale=get_locale() or "de")
    end = f"–{slot.ends:%H:%M}" if with_end else ""
    return f"{weekday} {slot.starts:%H:%M}{end}"
