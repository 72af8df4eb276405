"""A programme as a table: making sessions of an XLSX file's rows, and the file to fill in.

Nothing is left out in silence: what is not understood or not used is named with its row.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

import openpyxl
from flask_babel import gettext as _
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from app.agenda.intake.cells import (
    MIDNIGHT,
    Clock,
    read_clock,
    read_clocks,
    read_day,
    shown,
    time_of_day,
)
from app.agenda.intake.plans import MOST_SESSIONS, Plan, PlannedSession
from app.agenda.intake.reading import (
    LONGEST_NAME,
    LONGEST_PEOPLE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Cleaner,
    Unreadable,
    find_kind,
    people,
    split_people,
)
from app.agenda.models import SessionKind
from app.web.language import weekday
from app.workshops.models import Workshop

HEADER_WITHIN = 20  # rows from the top

# Field → what the column may be called, the first as the template has it.
COLUMNS = {
    "day": ("Tag", "Datum", "Day", "Date"),
    "starts": ("Beginn", "Start", "Von", "From", "Zeit", "Uhrzeit", "Time", "Anfang"),
    "ends": ("Ende", "End", "Bis", "Until", "To"),
    "title": ("Titel", "Title", "Programmpunkt"),
    "kind": ("Art", "Kind", "Type", "Typ"),
    "room": ("Raum", "Room", "Ort"),
    "topic": ("Thema", "Topic", "Track"),
    "speakers": ("Vortragende", "Speakers", "Referenten"),
    "chair": ("Moderation", "Chair"),
    "abstract": ("Beschreibung", "Abstract", "Description"),
}
_FIELDS = {word.casefold(): name for name, words in COLUMNS.items() for word in words}
KINDS = {
    SessionKind.TALK: "Vortrag",
    SessionKind.WORKSHOP: "Arbeitsgruppe",
    SessionKind.PANEL: "Diskussion",
    SessionKind.BREAK: "Pause",
    SessionKind.EVENING: "Abendveranstaltung",
}
Row = dict[str, Any]
Rows = list[list[Any]]


def read_table(sheets: Sequence[dict[str, Any]], days: Sequence[date]) -> Plan:
    """The programme in the first sheet that has one, as `app.agenda.intake.workbook` read it.

    Raises `Unreadable`.
    """
    found = [(sheet, at) for sheet in sheets if (at := _heading(sheet["rows"])) is not None]
    if not found:
        raise Unreadable(_("The column “Titel” is missing. Please use the file to fill in."))
    (sheet, heading), *others = found
    reader = _TableReader(days)
    for other, _at in others:
        reader.problems.append(
            _("The sheet “%(name)s” is not read, only the first is.", name=other["name"])
        )
    if sheet["goes_on"]:
        reader.problems.append(_("Rows from %(row)s on are not read.", row=len(sheet["rows"]) + 1))
    names = reader.columns(sheet["rows"], heading)
    rows = [_row(names, values) for values in sheet["rows"]]
    merged = _carried_down(sheet["merged"], names, rows, heading)
    read = (
        reader.session(number + 1, merged.get(number, {}) | rows[number])
        for number in range(heading + 1, len(rows))
        if rows[number]
    )
    sessions = tuple(session for session in read if session)
    reader.finish()
    return Plan(sessions=sessions, problems=tuple(reader.problems))


def _row(names: Sequence[str | None], values: Sequence[Any]) -> Row:
    """The cells that hold something, by the fields of their columns."""
    return {n: v for n, v in zip(names, values, strict=False) if n and v not in (None, "")}


def _carried_down(
    merged: Iterable[tuple[int, int, int]],
    names: Sequence[str | None],
    rows: list[Row],
    heading: int,
) -> dict[int, Row]:
    """Row → what it has of cells that are merged over it; a title or text is of one row only."""
    carried: dict[int, Row] = {}
    for column, first, last in merged:
        name = names[column] if column < len(names) else None
        if name in (None, "title", "abstract") or not heading < first < len(rows):
            continue
        if name in rows[first]:
            for number in range(first + 1, min(last + 1, len(rows))):
                carried.setdefault(number, {})[name] = rows[first][name]
    return carried


def _heading(rows: Rows) -> int | None:
    """Where the heading stands: the first row with a column for titles."""
    for number, values in enumerate(rows[:HEADER_WITHIN]):
        if "title" in map(_field, values):
            return number
    return None


def _field(cell: Any) -> str | None:
    return _FIELDS.get(shown(cell).strip().rstrip(":").casefold())


class _TableReader:
    """Makes sessions of rows, and notes what is wrong with them."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = days
        self.clean = Cleaner()
        self.problems = self.clean.problems
        self.last_day: date | None = None
        self.carried: list[int] = []

    def columns(self, rows: Rows, heading: int) -> list[str | None]:
        """The field of each column; those that are not read are noted."""
        names: list[str | None] = []
        for number, cell in enumerate(rows[heading]):
            name = _field(cell)
            is_new = name is not None and name not in names
            names.append(name if is_new else None)
            below = (row[number] for row in rows[heading + 1 :] if number < len(row))
            if not is_new and any(value not in (None, "") for value in below):
                called = self.clean.line(shown(cell), LONGEST_NAME) or _letter(number)
                self.problems.append(_("The column “%(name)s” is not read.", name=called[:40]))
        if any(value not in (None, "") for row in rows[:heading] for value in row):
            self.problems.append(_("What stands above the headings is not read."))
        return names

    def finish(self) -> None:
        """Note what concerns several rows."""
        if self.carried:
            rows = ", ".join(map(str, self.carried))
            self.problems.append(
                _("Without a day, so on that of the row above: %(rows)s.", rows=rows)
            )

    def session(self, number: int, row: Row) -> PlannedSession | None:
        """The row's session; None, and noted, if it has no title."""
        where = str(_("Row %(number)s", number=number))

        def line(name: str, longest: int) -> str:
            return self.clean.line(shown(row.get(name)), longest, where)

        title = line("title", LONGEST_TITLE)
        if row.keys() == {"day"}:  # a line that says of which day those below are
            self._day(where, number, row, None, None)
            return None
        if not title:
            self._note(where, _("The title is missing; the row is left out."))
            return None
        word = line("kind", LONGEST_NAME)
        kind = find_kind(word)
        if word and kind is None:
            self._note(where, _("The kind “%(word)s” is not known; it becomes a talk.", word=word))

        def named(name: str) -> str:
            text = self.clean.text(shown(row.get(name)), LONGEST_PEOPLE, where)
            return people(split_people(text))

        starts, ends = self._clocks(where, row)
        return PlannedSession(
            where=where,
            title=title,
            kind=kind or SessionKind.TALK,
            day=self._day(where, number, row, starts, ends),
            starts=_time(starts),
            ends=_time(ends),
            room=line("room", LONGEST_NAME),
            topic=line("topic", LONGEST_NAME),
            abstract=self.clean.text(shown(row.get("abstract")), LONGEST_TEXT, where),
            speakers=named("speakers"),
            chair=named("chair"),
        )

    def _day(
        self, where: str, number: int, row: Row, starts: Clock | None, ends: Clock | None
    ) -> date | None:
        """The row's day, else that of its start, else that of the row above."""
        cell = row.get("day")
        if cell is None and time_of_day(row.get("starts")):
            cell = row["starts"]
        if cell is None:
            if starts is None and ends is None:
                return None
            if self.last_day is None:
                clocks = "–".join(str(clock) for clock in (starts, ends) if clock)
                self._note(
                    where,
                    _("The day is missing; it goes to the tray (%(clocks)s).", clocks=clocks),
                )
                return None
            self.carried.append(number)
            return self.last_day
        day = read_day(cell, self.days)
        if day is None:
            # What follows without a day is not on an earlier one.
            self.last_day = None
            text = self.clean.line(shown(cell), LONGEST_NAME)[:40]
            self._note(where, _("“%(text)s” is no day; it goes to the tray.", text=text))
            return None
        if day.is_guess:
            text = self.clean.line(shown(cell), LONGEST_NAME)[:40]
            self._note(where, _("“%(text)s” is a %(day)s.", text=text, day=weekday(day.on)))
        self.last_day = day.on
        return day.on

    def _clocks(self, where: str, row: Row) -> tuple[Clock | None, Clock | None]:
        """Start and end, of the columns or of a range in the first; and in the day's cell."""
        starts, until = read_clocks(row.get("starts"))
        self._check_clock(where, row.get("starts"), starts)
        ends = read_clock(row.get("ends"), is_end=True)
        self._check_clock(where, row.get("ends"), ends)
        in_day = time_of_day(row.get("day"))
        if starts is None and "starts" not in row:
            starts = in_day
        unused = [(in_day, starts)] if in_day else []
        if until and ends:
            unused.append((until, ends))
        for found, used in unused:
            if used is None or found.minutes != used.minutes:
                self._note(where, _("The time %(clock)s is not used.", clock=str(found)))
        return starts, ends or until

    def _check_clock(self, where: str, cell: Any, clock: Clock | None) -> None:
        text = self.clean.line(shown(cell), LONGEST_NAME)[:40]
        if text and clock is None:
            self._note(where, _("“%(text)s” is no time.", text=text))
        elif clock and clock.is_guess:
            self._note(where, _("“%(text)s” is read as %(clock)s.", text=text, clock=str(clock)))

    def _note(self, where: str, problem: str) -> None:
        self.problems.append(f"{where}: {problem}")


def _time(clock: Clock | None) -> time | None:
    return time(*divmod(clock.minutes % MIDNIGHT, 60)) if clock else None


def _letter(number: int) -> str:
    """What Excel calls a column: 'C'."""
    return str(openpyxl.utils.get_column_letter(number + 1))


def blank_table(workshop: Workshop) -> bytes:
    """The file to fill in: headings, three lines as an example, and hints."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Programm"
    sheet.append([words[0] for words in COLUMNS.values()])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F2")
    first = workshop.days[0]
    vortrag, pause = KINDS[SessionKind.TALK], KINDS[SessionKind.BREAK]
    for row in (
        [first, time(9), time(9, 30), "Begrüßung", vortrag, "Plenarsaal"],
        [
            *(first, time(9, 30), time(10, 30), "Lage im Netz", vortrag, "Plenarsaal", "Kampagnen"),
            *("Jana Beispiel, Polizei Musterland; Ole Muster", "Ute Vorlage", "Zwei, drei Sätze."),
        ],
        [first, time(10, 30), time(11), "Kaffeepause", pause],
    ):
        sheet.append(row)
    _shape(sheet)
    hints = book.create_sheet("Hinweise")
    for hint in HINTS:
        hints.append([hint])
    hints.column_dimensions["A"].width = 90
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


HINTS = (
    "Jede Zeile wird ein Programmpunkt. Die drei Zeilen sind Beispiele: überschreiben Sie sie.",
    "Nur der Titel muss ausgefüllt sein. Was keinen Tag und keine Zeit hat, kommt in die Ablage.",
    "Tag: ein Datum wie 04.12.2026 oder die Nummer des Tages, 1 für den ersten.",
    "Beginn und Ende: Uhrzeiten wie 09:30.",
    f"Art: {', '.join(KINDS.values())}. Leer: Vortrag.",
    "Raum und Thema: Namen. Was es noch nicht gibt, wird angelegt. Ohne Raum gilt es für alle.",
    "Vortragende und Moderation: Name, Komma, Organisation; mehrere mit Semikolon getrennt.",
    "Vor dem Übernehmen sehen Sie eine Vorschau. Vorher ändert sich nichts.",
)


def _shape(sheet: Any) -> None:
    """Widths, formats and a list of kinds for the rows that can be filled in."""
    last = MOST_SESSIONS + 1
    widths = (12, 9, 9, 40, 18, 20, 24, 40, 24, 60)
    for number, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    for row in sheet.iter_rows(min_row=2, max_row=100, max_col=len(widths)):
        row[0].number_format = "DD.MM.YYYY"
        row[1].number_format = row[2].number_format = "HH:MM"
        for cell in row[3:]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    kinds = DataValidation(type="list", formula1=f'"{",".join(KINDS.values())}"', allow_blank=True)
    sheet.add_data_validation(kinds)
    kinds.add(f"E2:E{last}")
    sheet.freeze_panes = "A2"
