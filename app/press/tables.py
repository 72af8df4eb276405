"""Which cells of a table are heads, and of which cells (ISO 14289-1, 7.5; WeasyPrint's 2508)."""

from collections.abc import Callable, Iterator
from typing import Any

Elements = Callable[[Any], Iterator[Any]]


def describe(table: Any, elements: Elements) -> list[Any]:
    """Give heads their scope and cells the names of their heads; returns the heads.

    A head that has a row for itself is that of the rows below it in its group.
    """
    import pydyf

    heads: list[Any] = []
    columns: dict[int, list[Any]] = {}
    for part in elements(table):
        in_head = part["S"] == "/THead"
        group: list[Any] = []
        lasting: list[tuple[int, Any]] = []  # heads of rows: rows that they have left, name
        for cells in _rows(part, elements):
            row = [cell for _column, cell in cells if cell["S"] == "/TH"]
            heads += row
            for cell in row:
                cell["A"]["Scope"] = "/Column" if in_head else "/Row"
            lasting = [(left - 1, name) for left, name in lasting if left > 1]
            lasting += [(_span(cell, "RowSpan"), cell["ID"]) for cell in row]
            if in_head:
                for column, cell in cells:
                    for covered in range(column, column + _span(cell, "ColSpan")):
                        columns.setdefault(covered, []).append(cell["ID"])
            elif len(row) == len(cells):
                group = [cell["ID"] for cell in row]
            else:
                for column, cell in cells:
                    if cell["S"] == "/TD":
                        own = [*columns.get(column, ()), *group]
                        own += [name for _left, name in lasting]
                        cell["A"]["Headers"] = pydyf.Array(own)
    return heads


def _rows(part: Any, elements: Elements) -> Iterator[list[tuple[int, Any]]]:
    """The cells of each row with the number of their first column."""
    taken: dict[int, int] = {}  # column → rows that a cell above still covers
    for row in elements(part):
        cells = []
        column = 0
        for cell in elements(row):
            while taken.get(column):
                taken[column] -= 1
                column += 1
            cells.append((column, cell))
            for covered in range(column, column + _span(cell, "ColSpan")):
                taken[covered] = _span(cell, "RowSpan") - 1
            column += _span(cell, "ColSpan")
        for beyond in [number for number, left in taken.items() if number >= column and left]:
            taken[beyond] -= 1
        yield cells


def _span(cell: Any, name: str) -> int:
    return int(cell["A"].get(name, 1))
