"""Reads files in the test's own process; that the site does it in a child is tested apart."""

import io
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

from app.agenda.intake.frab import read_frab
from app.agenda.intake.plans import Plan, fit
from app.agenda.intake.schedule_parts import read_events
from app.agenda.intake.table import COLUMNS, read_table
from app.agenda.intake.workbook import read_sheets
from app.workshops.models import Workshop

HEADING = [words[0] for words in COLUMNS.values()]


def book(
    *rows: list[Any], heading: list[str] | None = None, merged: tuple[str, ...] = ()
) -> openpyxl.Workbook:
    """A workbook with a table; `merged` are ranges such as 'A2:A4'."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in (heading or HEADING, *rows):
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    """The workbook as a file."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def read_book(workshop: Workshop, content: bytes) -> Plan:
    """The programme in an XLSX file, fitted to the workshop."""
    sheets = read_sheets(content)
    assert sheets is not None
    return fit(workshop, read_table(sheets, workshop.days))


def read_schedule(workshop: Workshop, content: str) -> Plan:
    """The programme in a `schedule.xml`, fitted to the workshop."""
    events = read_events(content.encode())
    assert events is not None
    return fit(workshop, read_frab(events, workshop.zone))


def event(on: date, *, room: str = "Saal", generator: str = "", **texts: str) -> str:
    """A `schedule.xml` with one event."""
    plain = {"title": "Lage", "start": "10:00", "duration": "00:30", "room": room} | texts
    inner = "".join(
        f"<{name}>{text if name == 'persons' else escape(text)}</{name}>"
        for name, text in plain.items()
    )
    made_by = f"<generator name={quoteattr(generator)}/>" if generator else ""
    return (
        f'<schedule>{made_by}<day index="1" date="{on}"><room name={quoteattr(room)}>'
        f'<event id="1">{inner}</event></room></day></schedule>'
    )
