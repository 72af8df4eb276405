"""Reads the structure tree of a PDF file, and tells what a screen reader would miss in it.

Validators look at what the tree holds; that a whole page is not in it they do not notice.
"""

import io
from collections.abc import Iterator
from ctypes import c_ushort
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name

Place = tuple[tuple[int, int], int]  # page or form XObject by its object's number; MCID
_SHOWN = {"Tj", "TJ", "'", '"', "Do", "sh", "f", "f*", "F", "S", "s", "B", "B*", "b", "b*", "BI"}


@dataclass
class Tag:
    """An element of the tree. `kids` are tags and places of marked content, in reading order."""

    kind: str
    element: Any
    kids: list["Tag | Place"] = field(default_factory=list)

    def all(self, kind: str) -> list["Tag"]:
        """The tags of this kind below, in reading order."""
        return [tag for tag in self.walk() if tag.kind == kind]

    def walk(self) -> Iterator["Tag"]:
        """This tag and all below."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.walk()

    def places(self) -> Iterator[Place]:
        """The marked content of this tag and those below."""
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.places()
            else:
                yield kid

    @property
    def shape(self) -> Any:
        """'P', or ('L', [...]) with what is below; without tags that only hold text."""
        kids = [kid.shape for kid in self.kids if isinstance(kid, Tag) and kid.kind != "Span"]
        return (self.kind, kids) if kids else self.kind


class Structure:
    """The tree of a file, and all the file's content."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pdf = pikepdf.open(io.BytesIO(data))
        self.faults: list[str] = []
        self._annotations: set[tuple[int, int]] = set()
        self._objects: dict[tuple[int, int], Any] = {}
        self.root = self.pdf.Root.StructTreeRoot
        top = self.root.K
        self.documents = [self._tag(kid, self.root) for kid in (top if _is_array(top) else [top])]
        # The MCIDs of each page and form; forms in the order in which a page shows them.
        self.content: list[Place] = []
        self.forms: dict[tuple[int, int], list[Any]] = {}
        for page in self.pdf.pages:
            self.forms[page.obj.objgen] = []
            self._read(page.obj, page.obj, is_marked=False)

    def _tag(self, element: Any, parent: Any) -> Tag:
        if element.P.objgen != parent.objgen:
            self.faults.append(f"{element.S} does not know its parent")
        tag = Tag(str(element.S)[1:], element)
        kids = element.get("/K", [])
        for kid in kids if _is_array(kids) else [kids]:
            if isinstance(kid, int):
                tag.kids.append(self._place(element.Pg, kid, element))
            elif kid.get("/Type") == Name.MCR:
                holder = kid.get("/Stm", kid.get("/Pg", element.get("/Pg")))
                tag.kids.append(self._place(holder, int(kid.MCID), element))
            elif kid.get("/Type") == Name.OBJR:
                self._annotations.add(kid.Obj.objgen)
                if not _is_same(self._parents().get(int(kid.Obj.StructParent)), element):
                    self.faults.append("an annotation does not know its tag")
            else:
                tag.kids.append(self._tag(kid, element))
        return tag

    def _place(self, holder: Any, mcid: int, element: Any) -> Place:
        self._objects[holder.objgen] = holder
        known: Any = self._parents().get(int(holder.StructParents))
        if not _is_array(known) or mcid >= len(known) or not _is_same(known[mcid], element):
            self.faults.append(f"MCID {mcid} of {holder.objgen} does not know its tag")
        return holder.objgen, mcid

    def _parents(self) -> dict[int, Any]:
        if not hasattr(self, "_parent_tree"):
            numbers = list(self.root.ParentTree.Nums)
            keys = [int(number) for number in numbers[::2]]
            if keys != sorted(set(keys)) or int(self.root.ParentTreeNextKey) <= max(keys):
                self.faults.append("the keys of the parent tree are out of order")
            self._parent_tree = dict(zip(keys, numbers[1::2], strict=True))
        return self._parent_tree

    def _read(self, page: Any, holder: Any, *, is_marked: bool) -> None:
        """Note all MCIDs that are shown; content outside of tags and artifacts is a fault."""
        resources = holder.get("/Resources", page.get("/Resources"))
        marks: list[bool] = []
        for instruction in pikepdf.parse_content_stream(holder):
            operator, operands = str(instruction.operator), instruction.operands
            if operator in {"BDC", "BMC"}:
                properties: Any = operands[1] if operator == "BDC" else {}
                if "/MCID" in properties:
                    self.content.append((holder.objgen, int(properties["/MCID"])))
                marks.append("/MCID" in properties or operands[0] == "/Artifact")
            elif operator == "EMC":
                marks.pop()
            elif operator == "Do":
                shown = resources.XObject[str(operands[0])]
                if shown.Subtype == Name.Form:
                    self.forms[page.objgen].append(shown)
                    self._read(page, shown, is_marked=is_marked or any(marks))
                    continue
            if operator in _SHOWN and not (is_marked or any(marks)):
                self.faults.append(f"{operator} of {holder.objgen} is neither tagged nor artifact")

    def check(self) -> list[str]:
        """What is wrong: content that the tree lacks or has twice, wrong ways back, names."""
        reached = [place for document in self.documents for place in document.places()]
        faults = list(self.faults)
        faults += [f"{place} is shown twice" for place in _repeated(self.content)]
        faults += [f"{place} is twice in the tree" for place in _repeated(reached)]
        faults += [f"{place} is not in the tree" for place in set(self.content) - set(reached)]
        faults += [f"{place} is not in the file" for place in set(reached) - set(self.content)]
        for page in self.pdf.pages:
            for annotation in page.obj.get("/Annots", []):
                if annotation.objgen not in self._annotations:
                    faults.append("an annotation is not in the tree")
        return faults + list(self._wrong_shapes()) + list(self._wrong_names())

    def _wrong_names(self) -> Iterator[str]:
        named = {bytes(t.element.ID): t.element for t in self.walk() if "/ID" in t.element}
        pairs = list(self.root.get("/IDTree", Dictionary(Names=Array([]))).Names)
        tree = {bytes(name): element for name, element in zip(pairs[::2], pairs[1::2], strict=True)}
        is_right = all(_is_same(tree.get(name), element) for name, element in named.items())
        if not is_right or len(tree) != len(named) or list(tree) != sorted(tree):
            yield "the names of the tree are not those of the tags"
        for tag in self.walk():
            attributes = tag.element.get("/A", {})
            if any(bytes(name) not in tree for name in attributes.get("/Headers", [])):
                yield "a cell names a head that is not there"

    def _wrong_shapes(self) -> Iterator[str]:
        allowed = {
            "Table": {"THead", "TBody", "TFoot", "TR", "Caption"},
            "TR": {"TH", "TD"},
            "L": {"LI", "Caption"},
            "LI": {"Lbl", "LBody"},
        }
        for tag in self.walk():
            kinds = [kid.kind for kid in tag.kids if isinstance(kid, Tag)]
            if tag.kind in allowed and not set(kinds) <= allowed[tag.kind]:
                yield f"{tag.kind} holds {kinds}"
            if tag.kind == "Table" and kinds.count("THead") > 1:
                yield "a table has two heads"
            if tag.kind == "LI" and kinds.count("LBody") != 1:
                yield "an entry of a list has not one body"
            if tag.kind == "Figure" and not str(tag.element.get("/Alt", "")):
                yield "a figure has no words"

    def walk(self) -> Iterator[Tag]:
        """All tags in reading order."""
        for document in self.documents:
            yield from document.walk()

    def all(self, kind: str) -> list[Tag]:
        """All tags of a kind in reading order."""
        return [tag for tag in self.walk() if tag.kind == kind]

    def spoken(self, tag: Tag | None = None) -> list[str]:
        """The words of marked content in reading order, as PDFium reads them."""
        texts = self._texts()
        tags = [tag] if tag else self.documents
        return [texts[place] for each in tags for place in each.places() if place in texts]

    def _texts(self) -> dict[Place, str]:
        if not hasattr(self, "_text_of"):
            self._text_of: dict[Place, str] = {}
            document = pypdfium2.PdfDocument(self.data)
            for number, page in enumerate(document):
                objgen = self.pdf.pages[number].obj.objgen
                words = page.get_textpage()
                forms = iter(self.forms[objgen])
                for index in range(pdfium.FPDFPage_CountObjects(page)):
                    shown = pdfium.FPDFPage_GetObject(page, index)
                    if pdfium.FPDFPageObj_GetType(shown) != pdfium.FPDF_PAGEOBJ_FORM:
                        self._note(objgen, shown, words)
                        continue
                    holder = next(forms).objgen
                    for inner in range(pdfium.FPDFFormObj_CountObjects(shown)):
                        self._note(holder, pdfium.FPDFFormObj_GetObject(shown, inner), words)
        return self._text_of

    def _note(self, holder: tuple[int, int], shown: Any, words: Any) -> None:
        mcid = pdfium.FPDFPageObj_GetMarkedContentID(shown)
        if mcid < 0 or pdfium.FPDFPageObj_GetType(shown) != pdfium.FPDF_PAGEOBJ_TEXT:
            return
        size = pdfium.FPDFTextObj_GetText(shown, words, None, 0)
        buffer = (c_ushort * (size // 2))()
        pdfium.FPDFTextObj_GetText(shown, words, buffer, size)
        text = bytes(buffer).decode("utf-16-le").rstrip("\0")
        self._text_of[holder, mcid] = self._text_of.get((holder, mcid), "") + text


def _repeated(places: list[Place]) -> set[Place]:
    seen: set[Place] = set()
    return {place for place in places if place in seen or seen.add(place)}  # type: ignore[func-returns-value]


def _is_same(one: Any, other: Any) -> bool:
    return one is not None and bool(one.objgen == other.objgen)


def _is_array(thing: Any) -> bool:
    return isinstance(thing, Array)
