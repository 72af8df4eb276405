"""Badges on label sheets, as tagged PDF (PDF/UA-1).

Badges are laid out at their place on the sheet: for 70 that takes two thirds of the time of
one page a badge, which would have to be placed on sheets afterwards, and keeps the tags.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from app.badges.bands import BANDS, pattern_images
from app.badges.design import Badge, PlacedBadge, layout_for, place
from app.documents.fitting import LINE_HEIGHT
from app.documents.pdf import render_pdf
from app.documents.stock import Stock
from app.qr import qr_png
from app.refusals import Refused


class NothingToPrint(Refused):
    """There is no badge to print."""


def render_badges(
    badges: Sequence[Badge],
    stock: Stock,
    start_at: int = 1,
    offset_mm: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """A PDF of label sheets with these badges in their order.

    The first badge stands on label `start_at` of the first sheet; `offset_mm` moves all to the
    right and down, for a printer that is off. Raises `NothingToPrint` and `NoSuchLabel`. Needs
    an application context.
    """
    if not badges:
        raise NothingToPrint(_("There is no badge to print."))
    stock.check(start_at)
    images = {**pattern_images(), **_no_photos()}
    pages: list[list[tuple[int, PlacedBadge, str]]] = []
    for number, badge in enumerate(badges, start=start_at - 1):
        page, slot = divmod(number, stock.labels_per_page)
        image = f"qr-{number}.png"
        images[image] = qr_png(badge.code_url)
        if page == len(pages):
            pages.append([])
        pages[page].append((slot + 1, place(badge, stock), image))
    layout = layout_for(stock.width, stock.height)
    html = _render("badges/sheets.html", pages=pages, layout=layout)
    style = _render(
        "badges/sheets.css",
        stock=stock,
        layout=layout,
        bands=BANDS,
        offset=offset_mm,
        line_height=LINE_HEIGHT,
    )
    return render_pdf(html, styles=[style], images=images)


def render_calibration(stock: Stock, offset_mm: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """A page with the outlines of all labels and rulers, to hold against the label sheet."""
    html = _render("badges/calibration.html", stock=stock, offset=offset_mm)
    return render_pdf(html)


def _render(template: str, **values: object) -> str:
    locale = get_locale()
    language = locale.language if locale else "en"
    return current_app.jinja_env.get_template(template).render(lang=language, **values)


@functools.cache
def _no_photos() -> dict[str, bytes]:
    return {"no-photos.svg": (Path(__file__).parent / "data" / "no_photos.svg").read_bytes()}
