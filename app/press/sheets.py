"""Pages that become parts of sheets, and the tags that follow them there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem

from app.press.places import Spot

_POINTS = 72 / 25.4  # a millimetre
_MARKS = frozenset({"BDC", "BMC", "EMC"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page is read: the sheet, the form that it became, how far it moved; points."""

    sheet: Any
    form: Any
    x: float
    y: float


class Sheets:
    """The sheets of a file, behind its pages, and the place at which each page is read."""

    def __init__(self, pdf: pikepdf.Pdf, pages: Sequence[Any], size: tuple[float, float]) -> None:
        self._pdf = pdf
        self._pages = pages
        self._size = (size[0] * _POINTS, size[1] * _POINTS)
        self._places: dict[tuple[int, int], _Place] = {}
        self._silent: dict[tuple[int, int], Any] = {}

    def add(self, spots: Sequence[Spot]) -> None:
        """A sheet with pages at their spots."""
        width, height = self._size
        sheet = self._pdf.add_blank_page(page_size=(width, height)).obj
        sheet.Tabs = Name.S
        sheet.Resources = Dictionary(XObject=Dictionary())
        drawn = []
        for number, spot in enumerate(spots):
            page = self._pages[spot.page]
            top = float(page.MediaBox[3])
            x, y = spot.left * _POINTS, height - spot.top * _POINTS - top
            shown = f"q 1 0 0 1 {x:.4f} {y:.4f} cm /P{number} Do Q"
            if page.objgen in self._places:
                sheet.Resources.XObject[f"/P{number}"] = self._silent_form(page)
                shown = f"/Artifact <</Type /Layout>> BDC {shown} EMC"
            else:
                sheet.Resources.XObject[f"/P{number}"] = self._place(page, sheet, x, y)
            drawn.append(shown)
        sheet.Contents = self._pdf.make_stream("\n".join(drawn).encode())

    def of(self, page: Any) -> _Place | None:
        """Where a page is read; None if it is on no sheet."""
        return self._places.get(page.objgen)

    @property
    def left_out(self) -> set[int]:
        """The keys that pages on no sheet have in the parent tree."""
        return {int(page.StructParents) for page in self._pages if self.of(page) is None}

    def _place(self, page: Any, sheet: Any, x: float, y: float) -> Any:
        form = self._pdf.make_indirect(pikepdf.Page(page).as_form_xobject())
        form.StructParents = page.StructParents
        self._places[page.objgen] = _Place(sheet, form, x, y)
        for annotation in page.get("/Annots", []):
            left, bottom, right, top = (float(edge) for edge in annotation.Rect)
            annotation.Rect = Array([left + x, bottom + y, right + x, top + y])
            annotation.P = sheet
            if "/Annots" not in sheet:
                sheet.Annots = Array()
            sheet.Annots.append(annotation)
        return form

    def _silent_form(self, page: Any) -> Any:
        """The page without marks of content: whoever listens has heard it already."""
        if page.objgen not in self._silent:
            form = self._places[page.objgen].form
            kept = [
                instruction
                for instruction in pikepdf.parse_content_stream(form)
                if str(instruction.operator) not in _MARKS
            ]
            silent = self._pdf.make_stream(pikepdf.unparse_content_stream(kept))
            for key in ("/Type", "/Subtype", "/BBox", "/Resources"):
                silent[key] = form[key]
            self._silent[page.objgen] = silent
        return self._silent[page.objgen]


def point_to_sheets(pdf: pikepdf.Pdf, sheets: Sheets) -> None:
    """Make tags and bookmarks point to where the pages went."""
    root = pdf.Root.StructTreeRoot
    for element in root.K:
        _move(element, sheets)
    left_out = sheets.left_out
    kept = [pair for pair in _pairs(root.ParentTree.Nums) if int(pair[0]) not in left_out]
    root.ParentTree.Nums = Array([part for pair in kept for part in pair])
    if "/IDTree" in root:
        # What was left out with its page has no parent any more.
        named = [pair for pair in _pairs(root.IDTree.Names) if "/P" in pair[1]]
        root.IDTree.Names = Array([part for pair in named for part in pair])
    if "/Outlines" in pdf.Root:
        with pdf.open_outline() as outline:
            outline.root[:] = _moved_bookmarks(outline.root, sheets)


def _move(element: Any, sheets: Sheets) -> bool:
    """Point a tag and those below to the sheets; False if all of it was left out."""
    page = element.get("/Pg")
    kids = element.get("/K", Array())
    kept = []
    for kid in kids if isinstance(kids, Array) else [kids]:
        moved = _moved(kid, page, sheets)
        if moved is not None:
            kept.append(moved)
    place = page is not None and sheets.of(page)
    if page is not None and not kept and not place:
        del element.P
        return False
    element.K = Array(kept)
    if place:
        element.Pg = place.sheet
    elif page is not None:
        del element.Pg
    return True


def _moved(kid: Any, page: Any, sheets: Sheets) -> Any:
    """A kid as it is on its sheet; None if it was left out."""
    if isinstance(kid, Dictionary) and "/S" in kid:
        return kid if _move(kid, sheets) else None
    of_page = kid.get("/Pg", page) if isinstance(kid, Dictionary) else page
    place = sheets.of(of_page)
    if place is None:
        return None
    if isinstance(kid, Dictionary) and kid.Type == Name.OBJR:
        kid.Pg = place.sheet
        return kid
    mcid = int(kid.MCID) if isinstance(kid, Dictionary) else int(kid)
    return Dictionary(Type=Name.MCR, Pg=place.sheet, Stm=place.form, MCID=mcid)


def _moved_bookmarks(items: Sequence[OutlineItem], sheets: Sheets) -> list[OutlineItem]:
    kept = []
    for item in items:
        destination: Any = item.destination
        page, kind, x, y, zoom = destination  # as WeasyPrint writes them: /XYZ
        item.children[:] = _moved_bookmarks(item.children, sheets)
        place = sheets.of(page)
        if place is not None:
            moved = [float(x) + place.x, float(y) + place.y]
            item.destination = Array([place.sheet, kind, *moved, zoom])
            kept.append(item)
    return kept


def _pairs(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Keys and values of a number tree or name tree of one level."""
    flat = list(tree)
    return zip(flat[::2], flat[1::2], strict=True)
