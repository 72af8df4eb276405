"""Pages placed on sheets: side by side to be folded, or behind each label. The tags stay.

A page becomes a form XObject, and each mark of its content is named anew: on this sheet, in this
form. The tree keeps the order of the pages, whatever place they have on the sheets. No database, no
request, no words: all comes from the given file.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import pikepdf
from pikepdf import Dictionary, Name

from app.press.places import Spot
from app.press.sheets import Sheets, point_to_sheets

A4_LANDSCAPE = (297.0, 210.0)
_A5_WIDTH = 148.5
_PAGES_A_SHEET = 4


def fold(pages: bytes, *, spare: int = 0) -> bytes:
    """Pages of A5 on sheets of A4, printed on both sides and folded to a booklet.

    Of the last `spare` pages only those are taken that fill the last sheet.
    """
    with pikepdf.open(io.BytesIO(pages)) as file:
        count = len(file.pages) - spare
    count += -count % _PAGES_A_SHEET
    return impose(pages, _sides(count), sheet=A4_LANDSCAPE, flip="short")


def _sides(count: int) -> Iterator[Sequence[Spot]]:
    """The sides of the sheets: pages 4 and 1, then 2 and 3, where there are four."""
    for first in range(0, count // 2, 2):
        last = count - 1 - first
        for left, right in ((last, first), (first + 1, last - 1)):
            yield Spot(left, 0, 0), Spot(right, _A5_WIDTH, 0)


def impose(
    pages: bytes,
    sides: Iterable[Sequence[Spot]],
    *,
    sheet: tuple[float, float],
    flip: Literal["short", "long"],
) -> bytes:
    """A PDF whose pages are `sides` of a sheet (width, height in millimetres).

    A page that is placed more than once is read aloud once; one that is placed nowhere is left
    out with its tags. The file tells the printer to print at actual size, on both sides, flipped
    on that edge.
    """
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        sources = [page.obj for page in pdf.pages]
        placed = Sheets(pdf, sources, sheet)
        for spots in sides:
            placed.add([Spot(*spot) for spot in spots])  # through the socket they came as lists
        point_to_sheets(pdf, placed)
        del pdf.pages[: len(sources)]
        pdf.Root.ViewerPreferences = Dictionary(
            Duplex=Name("/DuplexFlipShortEdge" if flip == "short" else "/DuplexFlipLongEdge"),
            PrintScaling=Name("/None"),
            DisplayDocTitle=True,
        )
        file = io.BytesIO()
        # The tags are many small objects, which shrink only together.
        together = pikepdf.ObjectStreamMode.generate
        pdf.save(file, deterministic_id=True, object_stream_mode=together)
    return file.getvalue()
