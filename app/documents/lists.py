"""Lists: columns are described once, then drawn as tables of a PDF or written as a workbook."""

import enum
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import format_date, format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.documents.pdf import render_pdf
from app.web.language import weekday

LARGEST_WHOLE = 8  # people of an organisation who stay together on one page

Value = str | int | date


class ListKind(enum.StrEnum):
    """Whom the list is for, which decides what stands in it."""

    INTERNAL = "internal"
    HANDOUT = "handout"
    SIGNATURE = "signature"
    GATE = "gate"
    HOTEL = "hotel"
    CATERING = "catering"


@dataclass(frozen=True, slots=True)
class ListField:
    """What is told of each row: a column of the workbook, alone or with others one on paper.

    `joint` stands on paper between it and the field before it, if both are as strong.
    """

    heading: str
    value: Callable[[Any], Value]
    is_strong: bool = False
    joint: str = "\n"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column on paper. `width` in hundredths of the table's, 0 for a share of what is left.

    One that `may_lack` is left out where it would hold nothing.
    """

    key: str
    heading: str
    fields: tuple[ListField, ...]
    width: int = 0
    may_lack: bool = False
    is_number: bool = False


def column(
    key: str,
    heading: str,
    value: Callable[[Any], Value],
    *,
    width: int = 0,
    is_number: bool = False,
    is_strong: bool = False,
) -> ListColumn:
    """A column that tells one thing alone."""
    field = ListField(heading, value, is_strong=is_strong)
    return ListColumn(key, heading, (field,), width, is_number=is_number)


@dataclass(frozen=True, slots=True)
class ListGroup:
    """Rows that belong together; without a name they are all there are."""

    name: str
    rows: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ListTable:
    """A table of a list; `name` is that of its sheet in the workbook.

    `title` stands above it, `empty` in its place if it has no rows. `grouped_by` is what the
    names of the groups are, beside which their rows are counted if they are people.
    `row_height` in millimetres, 0 for that of the text.
    """

    name: str
    columns: tuple[ListColumn, ...]
    groups: tuple[ListGroup, ...]
    title: str = ""
    empty: str = ""
    grouped_by: str = ""
    counts_people: bool = False
    row_height: float = 0
    starts_page: bool = False
    is_marked: Callable[[Any], bool] | None = None

    @property
    def rows_count(self) -> int:
        """How many rows there are in all groups."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def shown_columns(self) -> tuple[ListColumn, ...]:
        """The columns without those that hold nothing."""
        return tuple(c for c in self.columns if not c.may_lack or self._holds(c))

    def _holds(self, column: ListColumn) -> bool:
        rows = itertools.chain.from_iterable(group.rows for group in self.groups)
        return any(field.value(row) != "" for row in rows for field in column.fields)


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A list as it is given out. `printed_at` in the workshop's zone.

    `empty` is what it says where no table has rows, `note` how to treat what stands in it.
    """

    kind: ListKind
    title: str
    subtitle: str
    summary: tuple[str, ...]
    tables: tuple[ListTable, ...]
    note: str
    printed_at: datetime
    people_count: int
    empty: str
    is_landscape: bool = False

    @property
    def has_rows(self) -> bool:
        """Whether there is anything in it."""
        return any(table.rows_count for table in self.tables)

    @property
    def shown_tables(self) -> tuple[ListTable, ...]:
        """The tables with rows, or with words in their place."""
        return tuple(t for t in self.tables if t.rows_count or t.empty) if self.has_rows else ()


def render_list(data: PrintedList) -> bytes:
    """A tagged PDF (PDF/UA-1), A4. Needs an application context; raises `PressUnavailable`."""
    environment = current_app.jinja_env
    locale = get_locale()
    page_before, page_between, page_after = _page_words()
    html = environment.get_template("documents/list.html").render(
        lang=locale.language if locale else "en",
        list=data,
        columns={c.key: c for table in data.shown_tables for c in table.columns},
        largest_whole=LARGEST_WHOLE,
        cell=_cell,
        page_before=page_before,
        page_between=page_between,
        page_after=page_after,
    )
    style = environment.get_template("documents/list.css").render()
    return render_pdf(html, styles=[style])


def people_in_words(count: int) -> str:
    """'70 people', for the summary."""
    return str(ngettext("%(num)d person", "%(num)d people", count))


def days_text(days: Sequence[date], of: Sequence[date]) -> str:
    """'all days', or those of them that are meant: '4. Dez.'."""
    if tuple(days) == tuple(of):
        return str(ngettext("the day", "all days", len(of)))
    return ", ".join(format_date(day, _("d MMM")) for day in days) or "–"


def _cell(column: ListColumn, row: Any) -> Markup:
    """What stands in a cell on paper; a change between strong and plain begins a new line."""
    told = [(f, text) for f in column.fields if (text := _on_paper(f.value(row)))]
    lines = []
    for is_strong, run in itertools.groupby(told, key=lambda part: part[0].is_strong):
        (_first, begin), *rest = run
        text = begin + "".join(field.joint + more for field, more in rest)
        lines.append(Markup("<b>%s</b>") % text if is_strong else escape(text))
    return Markup("\n").join(lines)


def _on_paper(value: Value) -> str:
    if isinstance(value, date):
        return weekday(value)
    return value if isinstance(value, str) else str(format_decimal(value))


def _page_words() -> list[str]:
    """What stands before, between and after the numbers in 'Page 1 of 3'."""
    text: str = _("Page %(page)s of %(pages)s", page="\n", pages="\n")
    return text.split("\n")
