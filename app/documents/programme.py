"""The programme on paper: what it holds, and the sheets of A4 with a day on each page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from app.agenda.models import AgendaRelease, SessionKind
from app.agenda.releases.content import read_agenda
from app.agenda.timetable import Day, Slot, Topic
from app.agenda.words import KINDS, language_name
from app.documents.fitting import BOLD, MM_PER_POINT, lines_height
from app.documents.pdf import render_pdf
from app.web.language import day_range, moment
from app.workshops.models import Workshop

LINE = 1.22  # line height of running text, of its size
# Kinds that go without saying.
_PLAIN = frozenset({SessionKind.TALK, SessionKind.BREAK, SessionKind.EVENING})


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedProgramme:
    """A release to be printed. Times are in the workshop's zone."""

    slug: str
    title: str
    dates: str
    place: str
    host: str
    contact: tuple[str, ...]
    number: int
    released_at: datetime
    topics: tuple[Topic, ...]
    rooms: tuple[tuple[int, str], ...]
    days: tuple[Day, ...]

    @property
    def version(self) -> str:
        """'Fassung 3 vom 12. November 2026, 14:05'."""
        when = moment(self.released_at, self.released_at.tzinfo)
        return str(_("Release %(number)d of %(moment)s", number=self.number, moment=when))


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A session as a line of the programme; `is_parallel` if it has the time of the one before."""

    slot: Slot
    details: str
    is_parallel: bool


@dataclass(frozen=True, slots=True)
class Density:
    """How close the lines stand: points, millimetres; `text` is as wide as titles may be."""

    title: float
    details: float
    padding: float
    text: float

    def height(self, row: ProgrammeRow) -> float:
        """About how high the row becomes; rather more than less."""
        height = lines_height(row.slot.title, self.text, self.title, LINE, BOLD)
        if row.details:
            height += lines_height(row.details, self.text, self.details, LINE)
        return height + 2 * self.padding + 0.3


# From airy to dense; the first with which each day fits its page is taken.
A4_TEXT = 104.0
A4_DENSITIES = (
    Density(13, 10.5, 3.4, A4_TEXT),
    Density(12, 9.5, 2.6, A4_TEXT),
    Density(11, 9, 1.9, A4_TEXT),
    Density(10, 8.5, 1.3, A4_TEXT),
    Density(9, 8, 0.8, A4_TEXT),
)
_A4_DAY = 232.0  # what a page has for its rows
_A4_HEAD = 38.0  # what the first page has above its day, with a title of one line
_A4_TITLE, _TITLE_LINE = 27.0, 1.1  # points, em; programme.css has the same
_PAGES = (1.0, 1.9)  # pages that a day should take at most, better first


def read_programme(workshop: Workshop, release: AgendaRelease) -> PrintedProgramme:
    """All that the papers say, as it stood in the release."""
    agenda = read_agenda(release.content, workshop.zone, release.released_at)
    venue = workshop.venue
    place = "" if workshop.place and workshop.place in venue else workshop.place
    return PrintedProgramme(
        slug=workshop.slug,
        title=workshop.title,
        dates=day_range(workshop.starts_on, workshop.ends_on),
        place=", ".join(filter(None, (venue, place))),
        host=workshop.host_name,
        contact=tuple(
            filter(None, (workshop.contact_name, workshop.contact_phone, workshop.contact_email))
        ),
        number=release.number,
        released_at=release.released_at.astimezone(workshop.zone),
        topics=agenda.topics,
        rooms=tuple((room["id"], room["name"]) for room in release.content["rooms"]),
        days=agenda.days,
    )


def render_programme(data: PrintedProgramme, *, with_abstracts: bool = False) -> bytes:
    """A tagged PDF (PDF/UA-1), A4 upright, each day on a page of its own or two.

    Needs an application context.
    """
    title = lines_height(data.title, 178, _A4_TITLE, _TITLE_LINE, BOLD)
    head = _A4_HEAD + title - _A4_TITLE * _TITLE_LINE * MM_PER_POINT
    density = choose_density(data.days, A4_DENSITIES, _A4_DAY, head)
    return render_pdf(
        render(
            "documents/programme.html",
            programme=data,
            with_abstracts=with_abstracts,
            page_words=page_words(),
        ),
        styles=[render("documents/programme.css", density=density, line=LINE)],
    )


def render_detailed_programme(data: PrintedProgramme) -> bytes:
    """The same with descriptions of the sessions."""
    return render_programme(data, with_abstracts=True)


def rows(day: Day) -> list[ProgrammeRow]:
    """The sessions of a day as they stand below each other."""
    made: list[ProgrammeRow] = []
    for slot in day.slots:
        before = made[-1].slot if made else None
        parallel = before is not None and (before.starts, before.ends) == (slot.starts, slot.ends)
        made.append(ProgrammeRow(slot, details_of(slot), parallel))
    return made


def details_of(slot: Slot) -> str:
    """'Workshop · Jana Tischendorf, Polizei Sachsen · Moderation: Ole Brandt · Englisch'."""
    chair = "; ".join(person.label for person in slot.chair)
    parts = (
        "" if slot.kind in _PLAIN else str(KINDS[slot.kind]),
        slot.speaker_names,
        _("Chair: %(names)s", names=chair) if chair else "",
        "" if slot.language == "de" else language_name(slot.language),
    )
    return " · ".join(filter(None, parts))


def short_day(day: Day) -> str:
    """'Fr, 4. Dez.'."""
    return str(format_date(day.on, _("EEE, d MMM")))


def choose_density(
    days: Iterable[Day], densities: Sequence[Density], page_height: float, head: float = 0.0
) -> Density:
    """The airiest with which each day takes one page, or else two; `head` is above the first."""
    by_day = [rows(day) for day in days]
    for pages in _PAGES:
        for density in densities:
            heights = [sum(map(density.height, day)) for day in by_day]
            if head + heights[0] <= pages * page_height and max(heights) <= pages * page_height:
                return density
    return densities[-1]


def render(template: str, **values: object) -> str:
    """A template of a paper, which gets the language and the helpers of this module."""
    locale = get_locale()
    return current_app.jinja_env.get_template(template).render(
        lang=locale.language if locale else "en",
        rows=rows,
        details_of=details_of,
        short_day=short_day,
        **values,
    )


def page_words() -> list[str]:
    """What stands before, between and after the numbers in 'Page 1 of 3'."""
    text: str = _("Page %(page)s of %(pages)s", page="\n", pages="\n")
    return text.split("\n")
