"""The programme as a booklet: pages of A5, placed on sheets of A4 to be folded in the middle."""

import io
from collections.abc import Iterator, Sequence

import pikepdf
from flask_babel import gettext as _

from app.documents.fitting import BOLD, Box, fit
from app.documents.imposition import Spot, impose
from app.documents.pdf import render_pdf
from app.documents.programme import Density, Programme, choose_density, render

_TEXT = 70.0
DENSITIES = (
    Density(11.5, 9, 2.4, _TEXT),
    Density(10.5, 8.5, 2.0, _TEXT),
    Density(9.5, 8, 1.5, _TEXT),
    Density(9, 7.5, 1.0, _TEXT),
    Density(8.5, 7, 0.6, _TEXT),
)
_DAY = 162.0  # millimetres that a page has for its rows
_TITLE = Box(124, 50, 30, 14, lines=5, weight=BOLD)
_A4 = (297.0, 210.0)
_A5_WIDTH = 148.5


def render_booklet(data: Programme) -> bytes:
    """Sheets of A4 to be printed on both sides, flipped on the short edge, and folded.

    The pages are a cover, the days, and as many for notes as fill the last sheet. Untagged, as
    placed pages are: the sheets of A4 are for those who need tags. Needs an application context.
    """
    style = render("documents/booklet.css", density=choose_density(data.days, DENSITIES, _DAY))
    html = render("documents/booklet.html", programme=data, title=fit([data.title], _TITLE))
    pages = _filled_up(render_pdf(html, styles=[style], variant=None), style)
    with pikepdf.open(io.BytesIO(pages)) as made:
        count = len(made.pages)
    title = " · ".join((data.title, _("Agenda")))
    return impose(pages, _sides(count), sheet=_A4, title=title, flip="short")


def _filled_up(pages: bytes, style: str) -> bytes:
    """With pages for notes at the end, until four pages make a sheet."""
    with pikepdf.open(io.BytesIO(pages)) as made:
        missing = -len(made.pages) % 4
        if not missing:
            return pages
        html = render("documents/notes.html", count=missing)
        notes = render_pdf(html, styles=[style], variant=None)
        with pikepdf.open(io.BytesIO(notes)) as more:
            made.pages.extend(more.pages)
            file = io.BytesIO()
            made.save(file, deterministic_id=True)
    return file.getvalue()


def _sides(count: int) -> Iterator[Sequence[Spot]]:
    """The sides of the sheets: pages 4 and 1, then 2 and 3, where there are four."""
    for first in range(0, count // 2, 2):
        last = count - 1 - first
        for left, right in ((last, first), (first + 1, last - 1)):
            yield Spot(left, 0, 0), Spot(right, _A5_WIDTH, 0)
