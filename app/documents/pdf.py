"""The one way from a document to its PDF: the press draws it, in a process of its own."""

from collections.abc import Mapping, Sequence

from flask import Flask, current_app

from app.press.asking import Press
from app.press.limits import PDF_VARIANT, Limits

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
    variant: str | None = PDF_VARIANT,
) -> bytes:
    """The PDF of an HTML document; see `app.press.drawing.draw`. Needs an application context.

    Raises `PressUnavailable`, which is shown as a page with status 503: leave no transaction
    open meanwhile.
    """
    pdf: bytes = press().ask(
        "draw", html=html, styles=list(styles), images=dict(images or {}), variant=variant
    )
    return pdf
