"""A programme as a table: reading an XLSX file row by row, and the file to fill in."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from flask_babel import gettext as _
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from app.agenda.imports import (
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
from app.agenda.plans import MOST_SESSIONS, Plan, PlannedSession
from app.workshops.models import Workshop

LARGEST_UNPACKED = 12 * 1024 * 1024
"""Bytes of all parts of the file together."""

MOST_PARTS = 200
HEADER_WITHIN = 20  # rows from the top
WIDEST = 30  # columns that are looked at

# Field → what the column may be called, the first as the template has it.
COLUMNS = {
    "day": ("Tag", "Datum", "Day", "Date"),
    "starts": ("Beginn", "Start", "Von", "From"),
    "ends": ("Ende", "End", "Bis", "Until"),
    "title": ("Titel", "Title", "Programmpunkt"),
    "kind": ("Art", "Kind", "Type", "Typ"),
    "room": ("Raum", "Room"),
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


def read_table(content: bytes, days: Sequence[date]) -> Plan:
    """The programme in the first sheet that is not hidden. Raises `Unreadable`."""
    _check_parts(content)
    reader = _Reader(days)
    sessions = [s for number, row in _rows(content) if (s := reader.session(number, row))]
    return Plan(sessions=tuple(sessions), problems=tuple(reader.problems))


class _Reader:
    """Makes sessions of rows, and notes what is wrong with them."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = days
        self.clean = Cleaner()
        self.problems = self.clean.problems

    def session(self, number: int, row: Row) -> PlannedSession | None:
        """The row's session; None, and noted, if it has no title."""
        where = str(_("Row %(number)s", number=number))

        def line(name: str, longest: int) -> str:
            return self.clean.line(row.get(name), longest, where)

        title = line("title", LONGEST_TITLE)
        if not title:
            self._note(where, _("The title is missing; the row is left out."))
            return None
        word = line("kind", LONGEST_NAME)
        kind = find_kind(word)
        if word and kind is None:
            self._note(where, _("The kind “%(word)s” is not known; it becomes a talk.", word=word))

        def named(name: str) -> str:
            return people(split_people(self.clean.text(row.get(name), LONGEST_PEOPLE, where)))

        return PlannedSession(
            where=where,
            title=title,
            kind=kind or SessionKind.TALK,
            day=self._day(where, row.get("day")),
            starts=self._clock(where, row.get("starts")),
            ends=self._clock(where, row.get("ends")),
            room=line("room", LONGEST_NAME),
            topic=line("topic", LONGEST_NAME),
            abstract=self.clean.text(row.get("abstract"), LONGEST_TEXT, where),
            speakers=named("speakers"),
            chair=named("chair"),
        )

    def _day(self, where: str, value: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = self.clean.line(value, LONGEST_NAME, where)
        number = re.fullmatch(r"(?:Tag |Day )?([0-9]{1,2})(?:\.0)?", text, re.IGNORECASE)
        if number and 1 <= int(number[1]) <= len(self.days):
            return self.days[int(number[1]) - 1]
        for pattern in ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - days have no zone
            except ValueError:
                continue
        if text:
            self._note(where, _("“%(text)s” is no day; it goes to the tray.", text=text[:40]))
        return None

    def _clock(self, where: str, value: Any) -> time | None:
        if isinstance(value, datetime):
            return value.time().replace(second=0, microsecond=0)
        if isinstance(value, time):
            return value.replace(second=0, microsecond=0, tzinfo=None)
        if isinstance(value, timedelta):
            value = value.total_seconds() / 86400
        if isinstance(value, float) and 0 <= value < 1:  # a part of a day
            hours, minutes = divmod(round(value * 1440) % 1440, 60)
            return time(hours, minutes)
        text = self.clean.line(value, LONGEST_NAME, where)
        found = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::[0-9]{2})?(?: ?Uhr| ?h)?", text)
        if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
            return time(int(found[1]), int(found[2] or 0))
        if text:
            self._note(where, _("“%(text)s” is no time.", text=text[:40]))
        return None

    def _note(self, where: str, problem: str) -> None:
        self.problems.append(f"{where}: {problem}")


def _check_parts(content: bytes) -> None:
    """Refuse what would grow when it is unpacked: zip checks each part against these sizes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _broken() from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Unreadable(_("The file is too large when it is unpacked."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The file is protected by a password."))


def _rows(content: bytes) -> Iterator[tuple[int, Row]]:
    """The rows below the heading that hold anything, each with its number in the sheet."""
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        sheet: Any = next(s for s in book.worksheets if s.sheet_state == "visible")
        sheet.reset_dimensions()  # what the file says about its size may be wrong
        cells = list(
            sheet.iter_rows(
                max_row=HEADER_WITHIN + 2 * MOST_SESSIONS, max_col=WIDEST, values_only=True
            )
        )
        book.close()
    except Exception as error:  # a file made to do harm fails anywhere in the package
        raise _broken() from error
    heading, names = _heading(cells)
    for number, values in enumerate(cells[heading + 1 :], start=heading + 2):
        row = {name: value for name, value in zip(names, values, strict=False) if name}
        if any(value not in {None, ""} for value in row.values()):
            yield number, row


def _heading(cells: list[tuple[Any, ...]]) -> tuple[int, list[str | None]]:
    """Where the heading stands, and the field of each of its columns."""
    for number, values in enumerate(cells[:HEADER_WITHIN]):
        names: list[str | None] = []
        for value in values:
            name = _FIELDS.get(str(value).strip().casefold())
            names.append(None if name in names else name)
        if "title" in names:
            return number, names
    raise Unreadable(_("The column “Titel” is missing. Please use the file to fill in."))


def _broken() -> Unreadable:
    return Unreadable(_("The file cannot be read. Please save it anew as an XLSX table."))


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
