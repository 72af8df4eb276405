"""Signs for the doors: what takes place in a room on a day, to be read from three metres."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.agenda.timetable import Slot
from app.documents.fitting import (
    BOLD,
    LINE_HEIGHT,
    MM_PER_POINT,
    Box,
    Fitted,
    fit,
    lines_height,
    wrap,
)
from app.documents.pdf import render_pdf
from app.documents.programme import PrintedProgramme, details_of, render
from app.web.language import weekday


class Orientation(enum.StrEnum):
    """How the sheet hangs."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


@dataclass(frozen=True, slots=True)
class SignRow:
    """A session on a sign."""

    slot: Slot
    title: Fitted
    details: Fitted | None


@dataclass(frozen=True, slots=True)
class Sign:
    """A sheet. Sizes in points, `time_width` in millimetres."""

    room: Fitted
    day: str
    rows: tuple[SignRow, ...]
    size: float
    time_width: float


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Millimetres: width of the text, height for the sessions; `most` sessions on one sheet.

    `is_stacked`: the time stands above its title, where there is no room beside it.
    """

    width: float
    height: float
    room_height: float
    most: int
    is_stacked: bool

    def time_width(self, size: float) -> float:
        """The width of the column for times when titles have this size."""
        return 0.0 if self.is_stacked else size * _TIME * MM_PER_POINT


_SHEETS = {
    Orientation.LANDSCAPE: _Sheet(265, 120, 27, 9, is_stacked=False),
    Orientation.PORTRAIT: _Sheet(178, 200, 34, 12, is_stacked=True),
}
# Points of titles. Letters of 24 points are read with ease from three metres.
_SIZES = (40, 36, 33, 30, 28, 26, 24, 22, 20, 18, 16, 14)
_DETAILS = 0.62  # of the title's size
_GAP = 0.6  # between sessions, of the title's size
_TIME = 6.7  # width of '09:30–11:00' in its size, with the space behind it
_STACKED = 0.75  # a time above its title, of the title's size


def render_door_signs(
    data: PrintedProgramme,
    *,
    orientation: Orientation = Orientation.LANDSCAPE,
    on: date | None = None,
    room_id: int | None = None,
) -> bytes:
    """A tagged PDF (PDF/UA-1), a sheet of A4 for each room and day on which it is used.

    `on` and `room_id` choose one day or room. Needs an application context.
    """
    sheet = _SHEETS[orientation]
    signs = tuple(_signs(data, sheet, on, room_id))
    html = render(
        "documents/door_signs.html", programme=data, signs=signs, orientation=orientation.value
    )
    style = render(
        "documents/door_signs.css", sheet=sheet, line=LINE_HEIGHT, gap=_GAP / 2, stacked=_STACKED
    )
    return render_pdf(html, styles=[style])


def _signs(
    data: PrintedProgramme, sheet: _Sheet, on: date | None, room_id: int | None
) -> Iterator[Sign]:
    for number, name in data.rooms:
        for day in data.days:
            slots = [slot for slot in day.slots if slot.room_id == number]
            if not slots or on not in {None, day.on} or room_id not in {None, number}:
                continue
            for first in range(0, len(slots), sheet.most):
                yield _sign(name, weekday(day.on), slots[first : first + sheet.most], sheet)


def _sign(room: str, day: str, slots: Sequence[Slot], sheet: _Sheet) -> Sign:
    box = Box(sheet.width, sheet.room_height, 68, 20, lines=2, weight=BOLD)
    name = fit([room], box) or Fitted(("–",), 20)
    for size in _SIZES:
        rows = _rows(slots, size, sheet)
        if rows is not None:
            return Sign(name, day, rows, size, sheet.time_width(size))
    size = _SIZES[-1]
    width = sheet.width - sheet.time_width(size)
    cut = (SignRow(s, wrap(s.title, width, size, weight=BOLD, most=1), None) for s in slots)
    return Sign(name, day, tuple(cut), size, sheet.time_width(size))


def _rows(slots: Sequence[Slot], size: float, sheet: _Sheet) -> tuple[SignRow, ...] | None:
    """The sessions with titles of this size, or None if they are too high for the sheet."""
    width = sheet.width - sheet.time_width(size)
    small = size * _DETAILS
    about = sum(
        lines_height(s.title, width, size, LINE_HEIGHT, BOLD)
        + (lines_height(details_of(s), width, small, LINE_HEIGHT) if details_of(s) else 0)
        for s in slots
    )
    others = len(slots) * size * _GAP
    if sheet.is_stacked:
        others += len(slots) * size * _STACKED * LINE_HEIGHT
    room = sheet.height - others * MM_PER_POINT
    if about > room:
        return None
    rows = tuple(
        SignRow(
            slot,
            wrap(slot.title, width, size, weight=BOLD, most=99),
            wrap(details_of(slot), width, small, most=99) if details_of(slot) else None,
        )
        for slot in slots
    )
    parts = (part for row in rows for part in (row.title, row.details) if part)
    return rows if sum(part.height for part in parts) <= room else None
