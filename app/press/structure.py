"""The structure tree of a PDF that WeasyPrint is about to write, as a screen reader needs it.

WeasyPrint builds a tree for each page. What runs over pages (a table, a list, a paragraph) or
lines (a link) is one thing again here; what repeats or decorates is no content; lists and tables
have the tags that ISO 14289-1 asks for (7.1, 7.2, 7.5, 7.6).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.press.tables import describe

_NULL = "null"


class Tree:
    """The tree of one file; `boxes` tells by its number of which box a tag was made.

    Every step takes time in proportion to the number of tags.
    """

    def __init__(self, pdf: Any, boxes: Mapping[int, Any]) -> None:
        self._pdf = pdf
        self._boxes = boxes
        self._root = self._at(pdf.catalog["StructTreeRoot"])
        self._tables: list[Any] = []
        # References of tags that are no content, and of those that became part of another.
        self._dropped: set[bytes] = set()
        self._joined: dict[bytes, bytes] = {}

    def complete(self) -> None:
        """Mend the tree, and all that points into it."""
        import pydyf

        document = self._at(self._root["K"][0])
        self._drop_margins(document)
        self._mend(document)
        named = [head for table in self._tables for head in describe(table, self._elements)]
        if named:
            names = pydyf.Array()
            for head in sorted(named, key=lambda head: head["ID"].string):
                names.extend((head["ID"], head.reference))
            self._root["IDTree"] = pydyf.Dictionary({"Names": names})
        self._settle_parents()

    def _drop_margins(self, document: Any) -> None:
        """Page numbers and running heads: tags whose parent does not know them."""
        known = set(document["K"])
        for element in self._pdf.objects:
            is_tag = isinstance(element, dict) and element.get("Type") == "/StructElem"
            if is_tag and element["P"] == document.reference and element.reference not in known:
                self._drop(element)

    def _mend(self, element: Any) -> None:
        if element["S"] == "/L":
            self._nest_lists(element)
        elif element["S"] == "/LI":
            self._give_body(element)
        elif element["S"] == "/Table":
            self._tables.append(element)
        kids: list[Any] = []
        heads = set()
        for kid in element["K"]:
            child = self._element(kid)
            if child is not None:
                key = self._key(child)
                if _is_decoration(child) or (child["S"] == "/THead" and key in heads):
                    self._drop(child)
                    continue
                before = self._element(kids[-1]) if kids else None
                if before is not None and key is not None and self._key(before) == key:
                    self._join(before, child)
                    continue
                if child["S"] == "/THead":
                    heads.add(key)
            kids.append(kid)
        element["K"][:] = kids
        for child in self._elements(element):
            self._mend(child)

    def _key(self, element: Any) -> tuple[int, str, str] | None:
        """The same for all tags of one kind that were made of one element of the HTML."""
        box = self._boxes.get(element.number)
        if box is None or box.element is None:
            return None
        return id(box.element), box.element_tag, element["S"]

    def _join(self, first: Any, more: Any) -> None:
        """Make `more` the end of `first`; its marked content may lie on another page."""
        import pydyf

        for kid in more["K"]:
            child = self._element(kid)
            if child is not None:
                child["P"] = first.reference
            is_elsewhere = isinstance(kid, int) and more["Pg"] != first["Pg"]
            if is_elsewhere:
                reference = {"Type": "/MCR", "Pg": more["Pg"], "MCID": kid}
            first["K"].append(pydyf.Dictionary(reference) if is_elsewhere else kid)
        self._joined[more.reference] = first.reference
        more.clear()

    def _drop(self, element: Any) -> None:
        self._dropped.add(element.reference)
        for child in self._elements(element):
            self._drop(child)
        element.clear()

    def _nest_lists(self, element: Any) -> None:
        """Lists within a list belong to the entry before them."""
        kids: list[Any] = []
        for kid in element["K"]:
            child = self._element(kid)
            if kids and child is not None and child["S"] == "/L":
                entry = self._at(kids[-1])
                entry["K"].append(kid)
                child["P"] = entry.reference
            else:
                kids.append(kid)
        element["K"][:] = kids

    def _give_body(self, entry: Any) -> None:
        """An entry has a label, if any, and one body with all the rest."""
        import pydyf

        labels, rest, body = [], [], None
        for kid in entry["K"]:
            child = self._element(kid)
            if child is not None and child["S"] == "/Lbl":
                labels.append(kid)
            elif child is not None and child["S"] == "/LBody":
                rest += child["K"]
                if body is None:
                    body = child
                else:
                    self._joined[child.reference] = body.reference
                    child.clear()
            else:
                rest.append(kid)
        if body is None:
            body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "Pg": entry["Pg"]})
            self._pdf.add_object(body)
        body["P"], body["K"] = entry.reference, pydyf.Array(rest)
        for child in self._elements(body):
            child["P"] = body.reference
        entry["K"][:] = [*labels, body.reference]

    def _settle_parents(self) -> None:
        """The way back from content to tags; content without a tag becomes an artifact."""
        numbers = self._at(self._root["ParentTree"])["Nums"]
        pages = self._pdf.page_references
        for index in range(0, len(numbers), 2):
            key, parents = numbers[index : index + 2]
            if not isinstance(parents, list):
                numbers[index + 1] = self._joined_end(parents)
                continue
            gone = {mcid for mcid, parent in enumerate(parents) if parent in self._dropped}
            parents[:] = [
                _NULL if mcid in gone else self._joined_end(parent)
                for mcid, parent in enumerate(parents)
            ]
            if gone:
                _mark_artifacts(self._at(self._at(pages[key])["Contents"]), gone)
        self._root["ParentTreeNextKey"] = len(numbers) // 2

    def _joined_end(self, reference: bytes) -> bytes:
        while reference in self._joined:
            reference = self._joined[reference]
        return reference

    def _elements(self, element: Any) -> Iterator[Any]:
        """The tags right below."""
        for kid in element["K"]:
            child = self._element(kid)
            if child is not None:
                yield child

    def _element(self, kid: Any) -> Any:
        """The tag that a kid is; None for marked content and annotations."""
        if isinstance(kid, bytes):
            child = self._at(kid)
            return child if child.get("Type") == "/StructElem" else None
        return None

    def _at(self, reference: bytes) -> Any:
        return self._pdf.objects[int(reference.split()[0])]


def _is_decoration(element: Any) -> bool:
    """`alt=""` in HTML; a figure without words is none in PDF/UA (7.3)."""
    return element["S"] == "/Figure" and "Alt" not in element


def _mark_artifacts(stream: Any, mcids: set[int]) -> None:
    """Turn marked content into artifacts of the layout, where it begins."""
    import pydyf

    for index, item in enumerate(stream.stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in mcids:
            stream.stream[index - 1] = "/Artifact"
            stream.stream[index] = pydyf.Dictionary({"Type": "/Layout"})
