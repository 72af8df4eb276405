"""The programme as a booklet: pages of A5, placed on sheets of A4 to be folded in the middle."""

from app.documents.fitting import BOLD, Box, fit
from app.documents.pdf import fold, render_pdf
from app.documents.programme import Density, PrintedProgramme, choose_density, render

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
_MOST_NOTES = 3  # pages that a sheet of four may lack


def render_booklet(data: PrintedProgramme, *, with_abstracts: bool = False) -> bytes:
    """Sheets of A4 to be printed on both sides, flipped on the short edge, and folded.

    The pages are a cover, the days, and as many for notes as fill the last sheet. Tagged
    (PDF/UA-1), and read in the order of the pages. Needs an application context.
    """
    style = render("documents/booklet.css", density=choose_density(data.days, DENSITIES, _DAY))
    html = render(
        "documents/booklet.html",
        programme=data,
        title=fit([data.title], _TITLE),
        with_abstracts=with_abstracts,
        notes=_MOST_NOTES,
    )
    return fold(render_pdf(html, styles=[style]), spare=_MOST_NOTES)


def render_detailed_booklet(data: PrintedProgramme) -> bytes:
    """The same with descriptions of the sessions."""
    return render_booklet(data, with_abstracts=True)
