"""What WeasyPrint leaves unfinished in a tagged PDF is completed before the file is written."""

from typing import Any

from app.press.unicode_maps import mend_texts


def finish(document: Any, pdf: Any) -> None:
    """All that is left to do in a tagged file."""
    mend_texts(document, pdf)
    describe_tables(document, pdf)


def describe_tables(_document: object, pdf: Any) -> None:
    """Complete the tags that WeasyPrint leaves unfinished (its issue 2508).

    Header cells get a Scope, their identifiers an IDTree, annotations the print flag, as
    ISO 14289-1 asks (7.5, 7.18). Done on the objects before they are written, so that the
    file is not read and written a second time.
    """
    import pydyf

    named = []
    for element in pdf.objects:
        if not isinstance(element, pydyf.Dictionary):
            continue
        if element.get("S") == "/TH":
            row = _referred(pdf, element["P"])
            in_head = _referred(pdf, row["P"])["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"
            named.append((element["ID"].string, element))
        elif element.get("Type") == "/Annot":
            element["F"] = 4  # print
    if named:
        names = pydyf.Array()
        for name, element in sorted(named, key=lambda pair: pair[0]):
            names.extend((pydyf.String(name), element.reference))
        root = _referred(pdf, pdf.catalog["StructTreeRoot"])
        root["IDTree"] = pydyf.Dictionary({"Names": names})


def _referred(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
