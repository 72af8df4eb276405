"""Pages placed on sheets: side by side to be folded, or once on each label.

Placing takes the tags of pages: what has to be read aloud is offered as pages of its own, too.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pikepdf
from pikepdf import Dictionary, Name, Rectangle

from app.documents.fitting import MM_PER_POINT


@dataclass(frozen=True, slots=True)
class Spot:
    """A page, counted from 0, and where its top left corner lies on the sheet; millimetres."""

    page: int
    left: float
    top: float


def impose(
    pages: bytes,
    sides: Iterable[Sequence[Spot]],
    *,
    sheet: tuple[float, float],
    title: str,
    flip: Literal["short", "long"],
) -> bytes:
    """A PDF whose pages are `sides` of a sheet (width, height in millimetres).

    It tells the printer to print at actual size, on both sides, flipped on that edge.
    """
    width, height = (_points(length) for length in sheet)
    with pikepdf.open(io.BytesIO(pages)) as source, pikepdf.new() as made:
        for spots in sides:
            side = made.add_blank_page(page_size=(width, height))
            for spot in spots:
                page = source.pages[spot.page]
                _left, _bottom, right, top = (float(edge) for edge in page.mediabox)
                x, y = _points(spot.left), height - _points(spot.top) - top
                side.add_overlay(page, Rectangle(x, y, x + right, y + top))
        made.docinfo["/Title"] = title
        made.Root.ViewerPreferences = Dictionary(
            Duplex=Name("/DuplexFlipShortEdge" if flip == "short" else "/DuplexFlipLongEdge"),
            PrintScaling=Name("/None"),
            DisplayDocTitle=True,
        )
        file = io.BytesIO()
        made.save(file, deterministic_id=True)
    return file.getvalue()


def _points(millimetres: float) -> float:
    return millimetres / MM_PER_POINT
