"""The participant list: internal, with all that staff need, or as a handout."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from flask_babel import gettext as _
from flask_babel import ngettext

from app.documents.lists import (
    ListColumn,
    ListField,
    ListGroup,
    ListKind,
    ListTable,
    PrintedList,
    column,
    days_text,
    people_in_words,
    render_list,
)
from app.sorting import name_sort_key


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person. For a handout the caller gives only what was agreed to.

    `role` and `marks` are words as they shall be read, `status` and `role` empty where
    there is nothing special; `days` are those on which the person takes part.
    """

    first_name: str
    last_name: str
    title: str = ""
    rank: str = ""
    department: str = ""
    function: str = ""
    email: str = ""
    phone: str = ""
    days: tuple[date, ...] = ()
    status: str = ""
    role: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """An organisation with its people; organisations stand in the order in which they come."""

    name: str
    people: tuple[ListedPerson, ...]


@dataclass(frozen=True, slots=True)
class ParticipantList:
    """Who is listed. `days` are the workshop's, `printed_at` in the workshop's zone."""

    kind: ListKind
    title: str
    subtitle: str
    organisations: tuple[ListedOrganisation, ...]
    days: tuple[date, ...]
    printed_at: datetime

    @property
    def people_count(self) -> int:
        """How many people are listed."""
        return sum(len(organisation.people) for organisation in self.organisations)


def render_participant_list(data: ParticipantList) -> bytes:
    """The list as `render_list` draws it: tagged, A4, the internal one in landscape."""
    return render_list(lay_out(data))


def lay_out(data: ParticipantList) -> PrintedList:
    """Grouped by organisation, names sorted by DIN 5007-2."""
    is_internal = data.kind is ListKind.INTERNAL
    organisations = len(data.organisations)
    return PrintedList(
        kind=data.kind,
        title=data.title,
        subtitle=data.subtitle,
        summary=(
            people_in_words(data.people_count),
            ngettext("%(num)d organisation", "%(num)d organisations", organisations),
        ),
        tables=(
            ListTable(
                name=_("Participants"),
                columns=tuple(_internal(data.days) if is_internal else _handout()),
                groups=tuple(ListGroup(o.name, _sorted(o.people)) for o in data.organisations),
                grouped_by=_("Organisation"),
                counts_people=True,
            ),
        ),
        note=_("Contains personal data: only for the organising team. Destroy after the event.")
        if is_internal
        else _("Listed are those who agreed to it. Only for participants; please do not pass on."),
        printed_at=data.printed_at,
        people_count=data.people_count,
        empty=_("Nobody is listed yet."),
        is_landscape=is_internal,
    )


def name_fields() -> tuple[ListField, ...]:
    """'von der Lühe, Anna', as it stands in a list sorted by last names."""
    return (
        ListField(_("Last name"), attrgetter("last_name"), is_strong=True),
        ListField(_("First name"), attrgetter("first_name"), is_strong=True, joint=", "),
    )


def _sorted(people: Iterable[ListedPerson]) -> tuple[ListedPerson, ...]:
    return tuple(sorted(people, key=lambda p: name_sort_key(p.last_name, p.first_name)))


def _internal(days: tuple[date, ...]) -> Iterable[ListColumn]:
    yield _name(24)
    yield _place(27)
    yield _contact(26)
    if len(days) > 1:
        yield column("days", _("Days"), lambda person: days_text(person.days, days), width=9)
    yield ListColumn(
        "notes",
        _("Notes"),
        (
            ListField(_("Status"), attrgetter("status"), is_strong=True),
            ListField(_("Role"), attrgetter("role"), is_strong=True),
            ListField(_("Notes"), lambda person: ", ".join(person.marks)),
        ),
    )


def _handout() -> Iterable[ListColumn]:
    return _name(36), _place(0), _contact(0)


def _name(width: int) -> ListColumn:
    fields = (
        *name_fields(),
        ListField(_("Title"), attrgetter("title")),
        ListField(_("Rank"), attrgetter("rank"), joint=" · "),
    )
    return ListColumn("name", _("Name"), fields, width)


def _place(width: int) -> ListColumn:
    fields = (
        ListField(_("Department"), attrgetter("department")),
        ListField(_("Function"), attrgetter("function")),
    )
    return ListColumn("place", _("Department and function"), fields, width, may_lack=True)


def _contact(width: int) -> ListColumn:
    fields = (
        ListField(_("E-mail"), attrgetter("email")),
        ListField(_("Phone"), attrgetter("phone")),
    )
    return ListColumn("contact", _("Contact"), fields, width, may_lack=True)
