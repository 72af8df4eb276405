"""What a screen reader is told of a paper: one thing is one thing, and nothing is left out."""

import io

import pikepdf
import pytest

from app.press import finishing
from app.press.drawing import draw
from app.press.structure import Tree
from app.qr import qr_png
from tests.pdf import Pdf, accessibility_failures
from tests.structure import Structure, Tag

SMALL = "@page { size: 90mm 60mm; margin: 10mm; @bottom-left { content: 'Fuß ' counter(page) } }"


def paper(body: str, style: str = SMALL) -> bytes:
    """A document of small pages, so that much of it runs over several."""
    return draw(
        f'<!doctype html><html lang="de"><title>Probe</title><style>{style}</style>'
        f"<body><h1>Probe</h1>{body}",
        images={"code.png": qr_png("x")},
    )


def read(data: bytes) -> Structure:
    """The file's structure, after three readers found nothing wrong with it."""
    structure = Structure(data)
    assert structure.check() == []
    assert accessibility_failures(data) == []
    return structure


def table(groups: int, people: int = 4) -> str:
    """A table of groups that have a head of their own."""
    bodies = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="2">Gruppe {group}</th></tr>'
        + "".join(f"<tr><td>N{group}{n}</td><td>O{group}{n}</td></tr>" for n in range(people))
        + "</tbody>"
        for group in range(groups)
    )
    return f"<table><thead><tr><th>Name</th><th>Ort</th></tr></thead>{bodies}</table>"


def heads_of(structure: Structure, cell: Tag) -> list[str]:
    """The words of the heads that a cell names."""
    named = {bytes(tag.element.ID): tag for tag in structure.all("TH")}
    headers = cell.element.A.get("/Headers", [])
    return ["".join(structure.spoken(named[bytes(name)])).strip() for name in headers]


def test_a_table_over_pages_is_one_table_with_one_head() -> None:
    data = paper(table(5))
    structure = read(data)

    assert len(Pdf(data).sizes) > 3
    (found,) = structure.all("Table")
    assert [kid.kind for kid in found.kids if isinstance(kid, Tag)] == ["THead"] + ["TBody"] * 5
    rows = [len(body.all("TR")) for body in found.all("TBody")]
    assert rows == [5] * 5
    said = [word.strip() for word in structure.spoken(found)]
    people = [[f"N{g}{n}", f"O{g}{n}"] for g in range(5) for n in range(4)]
    assert [word for word in said if word[0] in "NO"][2:] == [
        word for pair in people for word in pair
    ]
    assert said.count("Name") == 1
    # It still stands above the columns of each page, for those who see.
    assert Pdf(data).all_text.count("Name") == len(Pdf(data).sizes)


def test_cells_name_the_heads_of_their_column_and_group_on_every_page() -> None:
    structure = read(paper(table(5)))

    cells = structure.all("TD")
    assert heads_of(structure, cells[0]) == ["Name", "Gruppe 0"]
    assert heads_of(structure, cells[-1]) == ["Ort", "Gruppe 4"]
    scopes = [str(head.element.A.Scope) for head in structure.all("TH")]
    assert scopes == ["/Column"] * 2 + ["/Row"] * 5


def test_heads_over_several_columns_and_rows() -> None:
    structure = read(
        paper(
            '<table><thead><tr><th rowspan="2">Tag</th><th colspan="2">Zeit</th></tr>'
            "<tr><th>von</th><th>bis</th></tr></thead><tbody>"
            '<tr><th scope="row" rowspan="2">Fr</th><td>9</td><td>10</td></tr>'
            "<tr><td>11</td><td>12</td></tr></tbody></table>"
        )
    )

    assert [heads_of(structure, cell) for cell in structure.all("TD")] == [
        *(["Zeit", "von", "Fr"], ["Zeit", "bis", "Fr"]),
        *(["Zeit", "von", "Fr"], ["Zeit", "bis", "Fr"]),
    ]


def test_paragraphs_lists_and_links_over_pages_and_lines_are_one_each() -> None:
    long = "Wer schreibt, wer gibt frei, wer beantwortet Rückfragen? " * 14
    data = paper(
        f"<section><p>{long}</p><ul>"
        + "".join(f"<li>Punkt {n}</li>" for n in range(12))
        + f'</ul><p>Siehe <a href="https://example.org/">{long[:120]}</a>.</p></section>'
    )
    structure = read(data)

    assert len(Pdf(data).sizes) > 3
    (document,) = structure.documents
    entries = ["LI", ["Lbl", "LBody"]]
    assert document.shape == (
        "Document",
        ["H1", ("Sect", ["P", ("L", [tuple(entries)] * 12), ("P", ["Link"])])],
    )
    assert len(structure.spoken(structure.all("P")[0])) > 12
    # A rectangle to click on for each line, all of one link.
    assert len(structure.pdf.pages[-1].Annots) > 1


def test_lists_keep_their_shape_however_they_are_nested_and_spaced() -> None:
    structure = read(
        paper(
            "<ul><li>eng<li>zwei<ul><li>in<li>nen</ul></ul>"
            "<ol><li><p>weit</p><p>noch</p><li><p>b</p><ul><li><p>tief</p></ul></ol>"
        )
    )

    simple = ("LI", ["Lbl", "LBody"])
    assert structure.documents[0].shape[1][1:] == [
        ("L", [simple, ("LI", ["Lbl", ("LBody", [("L", [simple, simple])])])]),
        (
            "L",
            [
                ("LI", ["Lbl", ("LBody", ["P", "P"])]),
                ("LI", ["Lbl", ("LBody", ["P", ("L", [("LI", ["Lbl", ("LBody", ["P"])])])])]),
            ],
        ),
    ]
    words = [word.strip() for word in structure.spoken()]
    assert [w for w in words if w.isalpha()] == [
        *("Probe", "eng", "zwei", "in", "nen", "weit", "noch", "b", "tief"),
    ]


def test_pictures_without_words_are_no_figures() -> None:
    image = '<img src="app:image/code.png" width="40" alt="{}">'
    structure = read(paper(f"<p>Text {image.format('')}</p><p>{image.format('QR-Code')}</p>"))

    (figure,) = structure.all("Figure")
    assert str(figure.element.Alt) == "QR-Code"


def test_page_numbers_are_seen_and_not_read() -> None:
    data = paper("<p>Text</p>")

    assert "Fuß 1" in Pdf(data).text()
    assert [word.strip() for word in read(data).spoken()] == ["Probe", "Text"]


def test_the_check_notices_a_page_that_the_tree_lacks() -> None:
    with (
        pikepdf.open(io.BytesIO(paper("<p>Text</p>"))) as pdf,
        pikepdf.open(io.BytesIO(paper("<p>Mehr</p>"))) as more,
    ):
        pdf.pages.extend(more.pages)
        file = io.BytesIO()
        pdf.save(file)

    assert accessibility_failures(file.getvalue()) == []  # so much for validators
    assert any("not in the tree" in fault for fault in Structure(file.getvalue()).check())


def test_the_work_grows_as_the_paper_does(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []

    class Counted(Tree):
        def _at(self, reference: bytes) -> object:
            steps.append(1)
            return super()._at(reference)

    monkeypatch.setattr(finishing, "Tree", Counted)
    counts = []
    for groups in (10, 40):
        steps.clear()
        paper(table(groups))
        counts.append(len(steps))
    assert counts[1] < counts[0] * 4.5
