"""The one way from a document to its PDF."""

from app.press.drawing import draw as render_pdf
from app.press.drawing import warm_up

__all__ = ["render_pdf", "warm_up"]
