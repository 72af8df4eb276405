"""What is to be checked in the draft: by kind, in the order of weight, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.agenda.timetable import Slot
from app.agenda.warnings import AgendaWarning, Facts, WarningKind, find_warnings
from app.editor.draft import Draft

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
# Where it is put right, if not in the plan: the field of the session's form.
FIELDS = {
    WarningKind.SPEAKER_CANCELLED: "speakers",
    WarningKind.SPEAKER_UNREGISTERED: "speakers",
    WarningKind.OVERBOOKED: "seats",
    WarningKind.NO_ABSTRACT: "abstract",
}
# What is usual while one still plans stays folded: the plan is full of it at first.
QUIET = {WarningKind.SPEAKER_UNREGISTERED, WarningKind.NO_ROOM, WarningKind.NO_ABSTRACT}
MOST_SHOWN = 20
SAID_BY_TITLE = {WarningKind.OUTSIDE_DAY, WarningKind.NO_ROOM, WarningKind.NO_ABSTRACT}


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

    @property
    def count(self) -> int:
        """How many."""
        return len(self.hints)

    @property
    def shown(self) -> tuple[Hint, ...]:
        """As many as one can work through; all of them stand in the list of sessions."""
        return self.hints[:MOST_SHOWN]

    @property
    def is_open(self) -> bool:
        """Whether they are shown at once."""
        return self.kind not in QUIET

    @property
    def says_more(self) -> bool:
        """Whether the single texts say more than the title."""
        return self.kind not in SAID_BY_TITLE


def list_hints(draft: Draft, facts: Facts) -> tuple[Hint, ...]:
    """The warnings of the whole draft, in the order of the sessions."""
    found = find_warnings(draft.slots.values(), draft.rooms, facts)
    # Made once: a draft may well have some hundred warnings.
    plan = url_for("editor.grid")
    form = url_for("editor.edit_session", session_id=0).removesuffix("0")
    return tuple(_hint(warning, draft.slots[warning.session_id], plan, form) for warning in found)


def group(hints: Sequence[Hint]) -> list[Check]:
    """The hints by kind. What two sessions do to each other stands there for both."""
    by_kind: dict[WarningKind, list[Hint]] = {}
    for hint in hints:
        by_kind.setdefault(hint.kind, []).append(hint)
    return [
        Check(kind, str(title), tuple(by_kind[kind]))
        for kind, title in TITLES.items()
        if kind in by_kind
    ]


def by_session(hints: Sequence[Hint]) -> dict[int, list[Hint]]:
    """Session id → its hints."""
    found: dict[int, list[Hint]] = {}
    for hint in hints:
        found.setdefault(hint.session_id, []).append(hint)
    return found


def _hint(warning: AgendaWarning, slot: Slot, plan: str, form: str) -> Hint:
    field = FIELDS.get(warning.kind)
    if field:
        href = f"{form}{slot.id}#{field}"
    else:
        href = f"{plan}?day={slot.starts.date().isoformat()}#session-{slot.id}"
    return Hint(warning.kind, slot.id, slot.title, warning.text, href)
