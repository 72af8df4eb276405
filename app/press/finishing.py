"""What WeasyPrint leaves unfinished in a tagged PDF is completed before the file is written.

Done on the objects in memory, so that no file is read and written a second time.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from app.press.limits import PDF_VARIANT
from app.press.structure import Tree
from app.press.unicode_maps import mend_texts

_PRINT = 4  # the flag of an annotation that is printed (ISO 32000-1, table 165)


def write_tagged(document: Any) -> bytes:
    """The PDF/UA-1 file of a document that WeasyPrint has laid out."""
    with _noted_boxes() as boxes:

        def finish(_document: object, pdf: Any) -> None:
            mend_texts(document, pdf)
            Tree(pdf, boxes).complete()
            for element in pdf.objects:
                if isinstance(element, dict) and element.get("Type") == "/Annot":
                    element["F"] = _PRINT  # ISO 14289-1, 7.18

        written: bytes = document.write_pdf(pdf_variant=PDF_VARIANT, finisher=finish)
    return written


@contextlib.contextmanager
def _noted_boxes() -> Iterator[dict[int, Any]]:
    """Number of a tag → the box that WeasyPrint made it of.

    WeasyPrint forgets the box, and without it two tags of one paragraph on two pages look like
    two paragraphs. Its function has no hook, so it is wrapped while one document is written;
    the caller writes one at a time.
    """
    from weasyprint.pdf import tags

    original = tags._build_box_tree
    boxes: dict[int, Any] = {}

    def noting(box: Any, *rest: Any) -> Iterator[Any]:
        for element in original(box, *rest):
            boxes.setdefault(element.number, box)  # a page yields what its children are noted for
            yield element

    tags._build_box_tree = noting
    try:
        yield boxes
    finally:
        tags._build_box_tree = original
