"""The way from HTML to PDF."""

import io

import pikepdf
import pytest

from app.documents.pdf import render_pdf
from app.press.fonts import printable
from app.qr import qr_png
from tests.pdf import Pdf, accessibility_failures

SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"


def document(body: str) -> str:
    """A small document with this in its body."""
    return f'<html lang="de"><title>Probe</title><body><h1>Probe</h1>{body}'


def images_in(data: bytes) -> int:
    """How many pictures a PDF holds."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        streams = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Stream)]
        return sum(1 for obj in streams if obj.get("/Subtype") == pikepdf.Name.Image)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "/etc/hostname",
        "http://127.0.0.1:9/picture.png",
        SVG,
        "app:image/unknown.png",
        "app:font/../../config.py",
    ],
)
def test_nothing_is_fetched_from_anywhere(address: str) -> None:
    data = render_pdf(
        document(
            f'<link rel="attachment" href="{address}"><link rel="stylesheet" href="{address}">'
            f'<img src="{address}" alt="Bild"><p>Text</p>'
        )
    )

    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert list(pdf.attachments) == []
    assert images_in(data) == 0
    assert "Text" in Pdf(data).text()


def test_a_documents_own_images_are_shown() -> None:
    html = document('<img src="app:image/code.png" alt="QR-Code" width="200">')
    data = render_pdf(html, images={"code.png": qr_png("https://example.org/")})

    assert images_in(data) == 1
    assert list(Pdf(data).codes()) == ["https://example.org/"]
    assert images_in(render_pdf(html)) == 0


def test_text_is_set_in_the_own_fonts_and_other_scripts_in_the_systems() -> None:
    data = render_pdf(document("<p>Żaneta <b>Straße</b> דוד</p>"))

    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = {
            str(obj["/FontFamily"])
            for obj in pdf.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        }
    assert fonts == {"Fira Sans", "DejaVu Sans"}


def test_header_cells_have_a_scope_and_can_be_found() -> None:
    data = render_pdf(
        document(
            "<table><thead><tr><th>Name<th>Ort</thead>"
            '<tbody><tr><th colspan="2" scope="rowgroup">Sachsen<tr><td>Eva<td>Leipzig</table>'
        )
    )

    with pikepdf.open(io.BytesIO(data)) as pdf:
        cells = [
            obj
            for obj in pdf.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/S") == "/TH"
        ]
        scopes = sorted(str(cell["/A"]["/Scope"]) for cell in cells)
        tree = pdf.Root["/StructTreeRoot"]["/IDTree"]["/Names"]
        names = [bytes(name) for name in list(tree)[::2]]
        assert names == sorted(bytes(cell["/ID"]) for cell in cells)
    assert scopes == ["/Column", "/Column", "/Row"]
    assert accessibility_failures(data) == []


def test_a_link_is_printed_and_accessible() -> None:
    data = render_pdf(document('<p><a href="https://example.org/">Programm</a></p>'))

    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert [annotation["/F"] for annotation in pdf.pages[0]["/Annots"]] == [4]
    assert accessibility_failures(data) == []


def test_pictographs_are_left_out_and_names_are_not() -> None:
    assert printable("Li 👩🏽‍🚒 Żaneta ẞ דוד ‘’ – €\n") == "Li  Żaneta ẞ דוד ‘’ – €\n"
