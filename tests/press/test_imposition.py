"""Pages on sheets: where they lie, and that they are still read in their own order."""

import io
import subprocess
from typing import Any

import pikepdf
import pytest

from app.press.drawing import draw
from app.press.imposition import fold, impose
from app.press.places import Spot
from tests.pdf import Pdf, accessibility_failures
from tests.press.test_structure import read
from tests.structure import Structure

NUMBERS = ("Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht", "Neun")
SHEET = (200.0, 100.0)


def pages(count: int, more: str = "") -> bytes:
    """So many pages with a heading and a paragraph each; the last one has `more`."""
    sections = "".join(f"<h1>{word}</h1><p>Text {word}.</p>" for word in NUMBERS[:count])
    return draw(
        '<!doctype html><html lang="de"><title>Heft</title><style>'
        "@page { size: 100mm; margin: 10mm; @bottom-left { content: counter(page) } }"
        f"h1 + p ~ h1 {{ break-before: page }}</style><body>{sections}{more}"
    )


def words(structure: Structure) -> list[str]:
    """What is read aloud, without full stops and spaces."""
    return " ".join(structure.spoken()).replace("Text ", "").replace(".", "").split()


def test_a_booklet_is_read_in_the_order_of_its_pages() -> None:
    data = fold(pages(8))
    structure = read(data)

    assert words(structure) == [word for word in NUMBERS[:8] for _twice in range(2)]
    assert [Pdf(data).text(n).split()[0] for n in range(4)] == ["Acht", "Zwei", "Sechs", "Vier"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == "de"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
        assert str(pdf.docinfo["/Title"]) == "Heft"
        kinds: list[Any] = [
            o.get("/Type") for o in pdf.objects if isinstance(o, pikepdf.Dictionary)
        ]
        assert kinds.count("/Page") == 4, "nothing stays of the pages themselves"


@pytest.mark.parametrize("count", [1, 4, 5, 6])
def test_of_spare_pages_only_those_stay_that_fill_the_last_sheet(count: int) -> None:
    structure = read(fold(pages(count + 3), spare=3))

    full = -(-count // 4) * 4
    assert words(structure)[::2] == list(NUMBERS[:full])
    titles = [item.title for item in structure.pdf.open_outline().root]
    assert titles == list(NUMBERS[:full])


def test_a_page_on_every_label_is_read_once() -> None:
    spots = [Spot(0, left, 0) for left in (0.0, 50.0, 100.0)]
    data = impose(pages(1), [spots], sheet=SHEET, flip="long")

    assert words(read(data)) == ["Eins", "Eins"]
    assert Pdf(data).text().count("Text Eins.") == 3
    edges = sorted(glyph.left for glyph in Pdf(data).glyphs() if glyph.text == "T")
    assert [round(edge - edges[0]) for edge in edges] == [0, 50, 100]


def test_links_bookmarks_and_tables_move_along() -> None:
    link = '<p><a href="https://example.org/">Mehr</a></p>'
    head = (
        "<table><thead><tr><th>Kopf</th></tr></thead><tbody><tr><td>Zelle</td></tr></tbody></table>"
    )
    source = pages(2, link + head)
    data = impose(source, [[Spot(0, 0, 0), Spot(1, 100, 0)]], sheet=SHEET, flip="short")
    structure = read(data)

    before, after = (
        [float(edge) for edge in file.pdf.pages[-1].Annots[0].Rect]
        for file in (read(source), structure)
    )
    moved = 100 / 25.4 * 72
    assert [b - a for a, b in zip(before, after, strict=True)] == pytest.approx(
        [moved, 0, moved, 0], abs=0.01
    )
    assert len(structure.all("Link")) == len(structure.all("TH")) == 1
    marks = structure.pdf.open_outline().root
    assert [mark.title for mark in marks] == ["Eins", "Zwei"]
    places: list[Any] = [mark.destination for mark in marks]
    assert {place[0].objgen for place in places} == {structure.pdf.pages[0].obj.objgen}
    left, right = (float(place[2]) for place in places)
    assert right == pytest.approx(left + moved, abs=0.01)


def test_a_second_reader_finds_the_same_words() -> None:
    data = fold(pages(4))
    done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)

    for word in NUMBERS[:4]:
        assert f"Text {word}." in done.stdout.decode()
        assert f"Text {word}." in Pdf(data).all_text
    assert accessibility_failures(data) == []
