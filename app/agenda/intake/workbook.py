"""What stands in the sheets of an XLSX file: run by `app.limited`, so nothing heavy here.

Cells come as JSON: a text, a number, true or false, nothing; `{"day": …}` is a date with its time
(ISO 8601), `{"clock": …}` a time of day or a length, in seconds. Formulas are never evaluated; what
the program that saved the file has computed stands in their place.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries

LARGEST_UNPACKED = 12 * 1024 * 1024
"""Bytes of all parts of the file together."""

MOST_PARTS = 200
MOST_ROWS = 822  # twice as many as sessions can be, and those above the heading
WIDEST = 30  # columns that are looked at
MOST_SHEETS = 20
MOST_MERGED = 2000
LONGEST = 12_000  # characters of a cell
# Excel counts days from here; what is less than that is a time that went over midnight.
_FIRST_DAYS = {1899: datetime(1899, 12, 31), 1904: datetime(1904, 1, 1)}  # noqa: DTZ001 - Excel's have no zone
_ROW = re.compile(rb"<(?:\w{1,9}:)?row r=[\"']([0-9]{1,7})")
_VALUE = re.compile(rb"<(?:\w{1,9}:)?[vt][ >]")
# How Excel writes characters that XML cannot hold, and an underscore before what looks like that.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(
    rb"<(?:\w{1,9}:)?mergeCell ref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"
)


def check_parts(content: bytes) -> str:
    """Why the archive is not unpacked: 'broken', 'large' or 'locked'; empty if it is.

    Zip checks each part against the sizes that it names.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "broken"
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return "large"
    return "locked" if any(part.flag_bits & 1 for part in parts) else ""


def read_sheets(content: bytes) -> list[dict[str, Any]] | None:
    """The sheets that are not hidden; None if the file cannot be read.

    Each has its `name`, `rows` of cells, `merged` (column, first and last row, counted from 0), and
    `goes_on`: whether there is more below them.
    """
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        first_day = _FIRST_DAYS[1904 if book.epoch.year == 1904 else 1899]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [_sheet(archive, sheet, first_day) for sheet in shown[:MOST_SHEETS]]
    except MemoryError:
        raise
    except Exception:
        return None


def _sheet(archive: zipfile.ZipFile, sheet: Any, first_day: datetime) -> dict[str, Any]:
    sheet.reset_dimensions()  # what the file says about its size may be wrong
    read = sheet.iter_rows(max_row=MOST_ROWS, max_col=WIDEST, values_only=True)
    rows = [[_cell(value, first_day) for value in row] for row in read]
    part = archive.read(sheet._worksheet_path)
    merged = [*_merged(part)]
    return {"name": sheet.title[:100], "rows": rows, "merged": merged, "goes_on": _goes_on(part)}


def _goes_on(part: bytes) -> bool:
    """Whether rows hold anything that are not looked at."""
    beyond = next((row for row in _ROW.finditer(part) if int(row[1]) > MOST_ROWS), None)
    return beyond is not None and _VALUE.search(part, beyond.end()) is not None


def _merged(part: bytes) -> Iterator[tuple[int, int, int]]:
    """What is merged over several rows: column, first and last row, counted from 0."""
    for found in islice(_MERGED.finditer(part), MOST_MERGED):
        left, top, _right, bottom = range_boundaries(found[1].decode())
        if left <= WIDEST and top < bottom and top <= MOST_ROWS:
            yield left - 1, top - 1, min(bottom, MOST_ROWS) - 1


def _cell(value: Any, first_day: datetime) -> Any:
    match value:
        case str():
            return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value[:LONGEST])
        case timedelta():
            return {"clock": value.total_seconds()}
        case time():
            return _cell(datetime.combine(first_day, value), first_day)
        case datetime() if value.year <= first_day.year + 1:
            return {"clock": (value - first_day).total_seconds()}
        case date():
            at = value if isinstance(value, datetime) else datetime.combine(value, time())
            return {"day": at.isoformat()}
    return value
