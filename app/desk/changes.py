"""What changed, in words: 'Raum: Großer Saal → Studio'.

Names of fields are those of their forms. Where the journal keeps no values, of people and of long
texts, only the names of the fields stand there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import JournalEntry
from app.agenda.draft import conflicts
from app.agenda.words import COLOURS, KINDS, SIGN_UP
from app.editor.entry_forms import RoomForm, TopicForm
from app.registration.forms import DetailsForm
from app.web.language import clock, day, moment, weekday
from app.workshops.forms import (
    ACCESS,
    BasicsForm,
    ConsentTextsForm,
    DeletionForm,
    LegalForm,
    OrganisationEntryForm,
    PlaceForm,
    QuestionsForm,
    RegistrationSettingsForm,
)

_NOTHING = "–"
_SPAN = ("starts_at", "ends_at")


def changes_in_words(entry: JournalEntry, zone: ZoneInfo) -> tuple[str, ...]:
    """Each change of an entry, those with values first; empty where nothing is known."""
    labels = LABELS.get(entry.subject, {})
    changes: Mapping[str, list[Any]] = entry.detail.get("changes") or {}
    fields: Sequence[str] = entry.detail.get("fields") or ()
    told = tuple(_told(changes, labels, zone))
    bare = dict.fromkeys(str(labels[n]) for n in fields if n not in changes and n in labels)
    return (*told, *((", ".join(bare),) if bare else ()))


def _told(
    changes: Mapping[str, list[Any]], labels: Mapping[str, Any], zone: ZoneInfo
) -> Iterator[str]:
    if set(_SPAN) & set(changes):
        before, after = (_span(changes, place, zone) for place in (0, 1))
        yield f"{labels['starts_at']}: {before} → {after}"
    for name in labels:
        if name in changes and name not in _SPAN:
            before, after = (_shown(name, value, zone) for value in changes[name])
            if before != after:  # a form cuts off seconds that nobody sees
                yield f"{labels[name]}: {before} → {after}"


def _span(changes: Mapping[str, list[Any]], place: int, zone: ZoneInfo) -> str:
    """'Freitag, 4. Dezember, 09:00–10:00', or as much of it as has changed; the tray without."""
    ends = [
        datetime.fromisoformat(changes[name][place]).astimezone(zone)
        for name in _SPAN
        if name in changes and changes[name][place]
    ]
    if not ends:
        return str(_("Tray"))
    clocks = "–".join(clock(at, zone) for at in ends)
    return f"{weekday(ends[0].date())}, {clocks}"


def _shown(name: str, value: Any, zone: ZoneInfo) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name in _WORDS:
        return str(_WORDS[name](value))
    if name.endswith("_on"):
        return day(date.fromisoformat(value))
    if name.endswith(("_at", "_until")):
        return moment(datetime.fromisoformat(value), zone)
    return f"„{value}“" if name in _QUOTED else str(value)


def _labels(*forms: type) -> dict[str, Any]:
    """Field → its label, of forms that nobody has opened: WTForms keeps what fields are made of."""
    parts = {name: getattr(form, name) for form in forms for name in dir(form)}
    fields = {name: part for name, part in parts.items() if hasattr(part, "creation_counter")}
    in_order = sorted(fields.items(), key=lambda field: field[1].creation_counter)
    return {name: unbound.args[0] for name, unbound in in_order if unbound.args}


_QUOTED = frozenset({"title", "name", "evening_event"})
_WORDS: dict[str, Callable[[Any], Any]] = {
    "access": lambda value: ACCESS.get(value, value),
    "kind": lambda value: KINDS.get(value, value),
    "sign_up": lambda value: SIGN_UP.get(value, value),
    "colour": lambda value: COLOURS.get(value, value),
    "minutes": lambda value: ngettext("%(num)s minute", "%(num)s minutes", value),
}
LABELS: dict[str, Mapping[str, Any]] = {
    "session": conflicts.FIELDS,
    "room": _labels(RoomForm),
    "topic": _labels(TopicForm),
    "organisation": _labels(OrganisationEntryForm),
    "registration": _labels(DetailsForm),
    "workshop": _labels(
        BasicsForm,
        PlaceForm,
        RegistrationSettingsForm,
        QuestionsForm,
        LegalForm,
        DeletionForm,
        ConsentTextsForm,
    ),
}
