"""The participant list on paper: internal, with all that staff need, or as a handout."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import current_app
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from app.documents.pdf import render_pdf
from app.sorting import name_sort_key

LARGEST_WHOLE = 8  # people of an organisation who stay together on one page


class ListKind(enum.StrEnum):
    """Whom the list is for, which decides what stands in it."""

    INTERNAL = "internal"
    HANDOUT = "handout"


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person. For a handout the caller gives only what was agreed to.

    `status`, `role` and `marks` are words as they shall be read, `status` and `role` empty where
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

    @property
    def listed_name(self) -> str:
        """'von der Lühe, Anna', as it stands in a list sorted by last names."""
        return f"{self.last_name}, {self.first_name}" if self.first_name else self.last_name


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """An organisation with its people; organisations stand in the order in which they come."""

    name: str
    people: tuple[ListedPerson, ...]


@dataclass(frozen=True, slots=True)
class ParticipantList:
    """A list to be printed. `days` are the workshop's, `printed_at` in the workshop's zone."""

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
    """A tagged PDF (PDF/UA-1), A4, grouped by organisation, names sorted by DIN 5007-2.

    The internal list is in landscape. Needs an application context.
    """
    environment = current_app.jinja_env
    locale = get_locale()
    page_before, page_between, page_after = _page_words()
    html = environment.get_template("documents/participant_list.html").render(
        lang=locale.language if locale else "en",
        list=replace(data, organisations=tuple(map(_sorted, data.organisations))),
        columns=_columns(data),
        largest_whole=LARGEST_WHOLE,
        days_text=lambda days: _days_text(days, data.days),
        page_before=page_before,
        page_between=page_between,
        page_after=page_after,
    )
    style = environment.get_template("documents/participant_list.css").render()
    return render_pdf(html, styles=[style])


def _sorted(organisation: ListedOrganisation) -> ListedOrganisation:
    people = sorted(organisation.people, key=lambda p: name_sort_key(p.last_name, p.first_name))
    return replace(organisation, people=tuple(people))


def _columns(data: ParticipantList) -> list[str]:
    """The columns of this kind of list that hold anything."""
    people = [person for group in data.organisations for person in group.people]
    wanted = {
        "name": True,
        "place": any(person.department or person.function for person in people),
        "contact": any(person.email or person.phone for person in people),
    }
    if data.kind == ListKind.INTERNAL:
        wanted["days"] = len(data.days) > 1
        wanted["notes"] = True
    return [name for name, is_wanted in wanted.items() if is_wanted]


def _days_text(days: Sequence[date], of: Sequence[date]) -> str:
    """'all days', or those of them that are meant: '4. Dez.'."""
    if tuple(days) == tuple(of):
        return str(ngettext("the day", "all days", len(of)))
    return ", ".join(format_date(day, _("d MMM")) for day in days) or "–"


def _page_words() -> list[str]:
    """What stands before, between and after the numbers in 'Page 1 of 3'."""
    text: str = _("Page %(page)s of %(pages)s", page="\n", pages="\n")
    return text.split("\n")
