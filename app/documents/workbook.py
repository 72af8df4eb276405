"""A list as a workbook: the tables of its PDF, each on a sheet of its own, and how to treat them.

openpyxl is heavy and needed by few requests, so whoever calls imports this module where it does.
"""

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
from flask_babel import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from app.documents.lists import ListField, ListTable, PrintedList, Value
from app.web.language import moment

LONGEST_NAME = 31  # characters of a sheet's name
NARROWEST, WIDEST = 8, 45  # columns, in characters

_A4 = 9
_DAY = "DD.MM.YYYY"
_POINTS = 72 / 25.4  # a millimetre
_LONGEST_FOOTER = 200  # characters; Excel takes 255 of all parts together
_BOLD, _HEAD, _MARK = (
    Font(bold=True),
    PatternFill("solid", "DCE6F2"),
    PatternFill("solid", "E8EDF3"),
)
_TOP = Alignment(wrap_text=True, vertical="top")
# What a program may take for a formula, if it stands at the beginning.
_FORMULA = frozenset("=+-@")
# What programs would read as an escaped character ('_x0041_' is 'A'), and names of sheets lack.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def write_workbook(data: PrintedList) -> bytes:
    """The XLSX file, in the present language; rows are written one after the other."""
    book = openpyxl.Workbook(write_only=True)
    book.properties.title = data.title
    book.properties.creator = ""
    for table in data.shown_tables:
        if table.rows_count:
            _write_table(book, table, data)
    _write_hints(book, data)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_table(book: Any, table: ListTable, data: PrintedList) -> None:
    sheet = book.create_sheet(_NOT_IN_NAMES.sub(" ", table.name)[:LONGEST_NAME])
    fields = [field for column in table.shown_columns for field in column.fields]
    headings = [table.grouped_by] if table.grouped_by else []
    headings += [field.heading for field in fields]
    _shape(sheet, table, data, headings, fields)
    sheet.append([_styled(_cell(sheet, text), font=_BOLD, fill=_HEAD) for text in headings])
    for group in table.groups:
        for row in group.rows:
            values = [group.name] if table.grouped_by else []
            cells = [_cell(sheet, value) for value in [*values, *(f.value(row) for f in fields)]]
            if table.is_marked and table.is_marked(row):
                cells = [_styled(cell, fill=_MARK) for cell in cells]
            sheet.append(cells)


def _shape(
    sheet: Any, table: ListTable, data: PrintedList, headings: list[str], fields: list[ListField]
) -> None:
    """All that stands before the rows in the file: widths, head that stays, how it is printed."""
    for number, width in enumerate(_widths(table, headings, fields), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{table.rows_count + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape" if data.is_landscape else "portrait"
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes, one page wide
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if table.row_height:
        sheet.sheet_format.defaultRowHeight = round(table.row_height * _POINTS, 1)
        sheet.sheet_format.customHeight = True
    said = f"{data.title} · {table.title or data.subtitle}"[:_LONGEST_FOOTER]
    sheet.oddFooter.left.text = said.replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"


def _widths(table: ListTable, headings: list[str], fields: list[ListField]) -> Iterator[int]:
    """What the longest line of each column takes, within limits."""
    longest = [len(heading) + 4 for heading in headings]  # and the button of the filter
    for group in table.groups:
        lengths = [len(group.name)] if table.grouped_by else []
        for row in group.rows:
            told = [*lengths, *(_length(field.value(row)) for field in fields)]
            longest = list(map(max, longest, told))
    return (min(max(length + 1, NARROWEST), WIDEST) for length in longest)


def _length(value: Value) -> int:
    if isinstance(value, str):
        return max(map(len, value.split("\n")))
    return len(_DAY) if isinstance(value, date) else 6


def _cell(sheet: Any, value: Value) -> Any:
    """A number and a date as such; what people typed is text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.value = _ESCAPE.sub("_x005F_", value)
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in _FORMULA
    elif isinstance(value, date):
        cell.number_format = _DAY
    return _styled(cell, alignment=_TOP)


def _styled(cell: Any, **styles: Any) -> Any:
    for name, style in styles.items():
        setattr(cell, name, style)
    return cell


def _write_hints(book: Any, data: PrintedList) -> None:
    """The last sheet: what this is, as of when, and how to treat it."""
    sheet = book.create_sheet(_("Notes"))
    sheet.column_dimensions["A"].width = 90
    as_of = _("as of %(moment)s", moment=moment(data.printed_at, data.printed_at.tzinfo))
    lines = [data.title, data.subtitle, *data.summary, as_of, data.note]
    for line in lines if data.has_rows else [*lines, data.empty]:
        sheet.append([_cell(sheet, line)])
