"""Reads PDF files back, as a printer or a screen reader would."""

from collections.abc import Iterator
from dataclasses import dataclass

import page as validator
import pypdfium2
import zxingcpp

MM = 72 / 25.4


@dataclass(frozen=True)
class Glyph:
    """A printed character and its ink; millimetres from the page's top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Pdf:
    """A PDF file read back."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.document = pypdfium2.PdfDocument(data)

    @property
    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each page in millimetres."""
        return [
            (round(page.get_width() / MM, 1), round(page.get_height() / MM, 1))
            for page in self.document
        ]

    def text(self, page: int = 0) -> str:
        """What a page says, in its order."""
        return str(self.document[page].get_textpage().get_text_range()).replace("\r\n", "\n")

    @property
    def all_text(self) -> str:
        """What all pages say."""
        return "\n".join(self.text(page) for page in range(len(self.document)))

    def glyphs(self, page: int = 0) -> Iterator[Glyph]:
        """Each character with ink on a page."""
        height = self.document[page].get_height()
        words = self.document[page].get_textpage()
        for index in range(words.count_chars()):
            text = words.get_text_range(index, 1)
            if text.strip():
                left, bottom, right, top = words.get_charbox(index)
                yield Glyph(
                    text, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM
                )

    def codes(self, page: int = 0) -> dict[str, tuple[float, float, float, float]]:
        """The QR codes of a page as printed at 300 dpi: text, and left, top, right, bottom."""
        scale = 300 / 72
        image = self.document[page].render(scale=scale).to_pil().convert("L")
        found = {}
        for code in zxingcpp.read_barcodes(image):
            corners = code.position
            one, other = corners.top_left, corners.bottom_right
            edges = (one.x, one.y, other.x, other.y)
            left, top, right, bottom = (edge / scale / MM for edge in edges)
            found[code.text] = (left, top, right, bottom)
        return found


def accessibility_failures(data: bytes) -> list[str]:
    """What PDF/UA-1 (ISO 14289-1) finds wrong with a file."""
    report = validator.validate_pdf_bytes(data, profile="ua1")
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]
