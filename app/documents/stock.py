"""Label sheets, badge holders and label printers that badges can be printed on.

The measures are in `data/label_stock.csv`, each with its source and how certain it is. Where
sources disagree, the sheet itself decides: the calibration page shows it, an offset mends it.
"""

import csv
import enum
import functools
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from app.refusals import Refused

A4 = (210.0, 297.0)
DEFAULT_STOCK = "avery-l4785"


class StockKind(enum.StrEnum):
    """What comes out of the printer."""

    SHEET = "sheet"  # labels side by side on A4
    SINGLE = "single"  # one card a page, for a holder
    ROLL = "roll"  # one label a page, on a label printer


class UnknownStock(Refused):
    """There is no label sheet of this name."""


class NoSuchLabel(Refused):
    """The sheet has fewer labels than that."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A label sheet; all measures in millimetres, from the sheet's top left corner."""

    slug: str
    name: str
    kind: StockKind
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    pitch_x: float
    pitch_y: float
    certainty: str
    source: str

    @property
    def labels_per_page(self) -> int:
        """How many labels one page has."""
        return self.columns * self.rows

    @property
    def page_size(self) -> tuple[float, float]:
        """Width and height of the page that is sent to the printer."""
        return A4 if self.kind == StockKind.SHEET else (self.width, self.height)

    def position(self, label: int) -> tuple[float, float]:
        """Left and top of a label on its page; labels count from 1, row by row."""
        self.check(label)
        row, column = divmod(label - 1, self.columns)
        return (
            round(self.left + column * self.pitch_x, 3),
            round(self.top + row * self.pitch_y, 3),
        )

    def check(self, label: int) -> None:
        """Raise `NoSuchLabel` unless the page has a label of this number."""
        if not 1 <= label <= self.labels_per_page:
            message = _(
                "Enter a label from 1 to %(last)d: this sheet has no others.",
                last=self.labels_per_page,
            )
            raise NoSuchLabel(message, field="start_at")


def list_stocks() -> tuple[Stock, ...]:
    """All stocks: sheets first, then holders, then label printers."""
    return tuple(_stocks().values())


def find_stock(slug: str) -> Stock | None:
    """The stock of this name, for addresses that name one."""
    return _stocks().get(slug)


def get_stock(slug: str) -> Stock:
    """The stock of this name; raises `UnknownStock`."""
    stock = find_stock(slug)
    if stock is None:
        raise UnknownStock(_("There is no label sheet “%(slug)s”.", slug=slug), field="stock")
    return stock


@functools.cache
def _stocks() -> dict[str, Stock]:
    path = Path(__file__).parent / "data" / "label_stock.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: _stock(row) for row in csv.DictReader(file)}


def _stock(row: dict[str, str]) -> Stock:
    return Stock(
        slug=row["slug"],
        name=row["name"],
        kind=StockKind(row["kind"]),
        width=float(row["width"]),
        height=float(row["height"]),
        columns=int(row["columns"]),
        rows=int(row["rows"]),
        left=float(row["left"]),
        top=float(row["top"]),
        pitch_x=float(row["pitch_x"]),
        pitch_y=float(row["pitch_y"]),
        certainty=row["certainty"],
        source=row["source"],
    )
