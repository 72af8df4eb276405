"""The one way from a document to its PDF: the press draws it, in a process of its own."""

from collections.abc import Mapping, Sequence
from typing import Literal

from flask import Flask, current_app

from app.press.asking import Press
from app.press.limits import Limits
from app.press.places import Spot

_EXTENSION = "press"


def init_press(app: Flask) -> None:
    """Give the application the press of its instance folder."""
    limits = Limits(seconds=app.config["PRESS_SECONDS"], memory=app.config["PRESS_MEMORY_MB"])
    app.extensions[_EXTENSION] = Press(app.config["INSTANCE_DIR"], limits)


def press() -> Press:
    """The press of the current application."""
    found: Press = current_app.extensions[_EXTENSION]
    return found


def render_pdf(
    html: str,
    *,
    styles: Sequence[str] = (),
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of an HTML document; see `app.press.drawing.draw`. Needs an application context.

    Raises `PressUnavailable`, which is shown as a page with status 503: leave no transaction
    open meanwhile.
    """
    pdf: bytes = press().ask("draw", html=html, styles=list(styles), images=dict(images or {}))
    return pdf


def fold(pages: bytes, *, spare: int = 0) -> bytes:
    """Pages of A5 on sheets of A4; see `app.press.imposition.fold`. Raises `PressUnavailable`."""
    pdf: bytes = press().ask("fold", pages=pages, spare=spare)
    return pdf


def impose(
    pages: bytes,
    sides: Sequence[Sequence[Spot]],
    *,
    sheet: tuple[float, float],
    flip: Literal["short", "long"],
) -> bytes:
    """Pages placed on sheets; see `app.press.imposition.impose`. Raises `PressUnavailable`."""
    pdf: bytes = press().ask("impose", pages=pages, sides=sides, sheet=sheet, flip=flip)
    return pdf
