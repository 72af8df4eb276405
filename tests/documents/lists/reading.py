"""Asks for a list, and reads it as a screen reader does."""

from datetime import date

from app.workshops.models import ConsentKind, Workshop
from tests.pages import Visitor
from tests.pdf import Pdf
from tests.structure import Structure

NEEDS = frozenset({ConsentKind.NEEDS})
FIRST, SECOND = date(2026, 12, 4), date(2026, 12, 5)


def ask(visitor: Visitor, workshop: Workshop, kind: str, day: str = "") -> Pdf:
    """The list as a PDF."""
    query = f"?day={day}" if day else ""
    page = visitor.get(f"/{workshop.slug}/desk/lists/{kind}.pdf{query}")
    return Pdf(page.response.data)


def rows(pdf: Pdf) -> list[list[str]]:
    """The rows of all tables, head and body, cell by cell as a screen reader reads them."""
    structure = Structure(pdf.data)
    return [
        [" ".join("".join(structure.spoken(cell)).split()) for cell in row.kids]  # type: ignore[arg-type]
        for row in structure.all("TR")
    ]
