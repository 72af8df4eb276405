"""Lists as workbooks, read back as a spreadsheet program would."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask_babel import force_locale

from app.documents.lists import ListKind
from app.documents.participant_list import ListedOrganisation, ListedPerson, lay_out
from app.documents.workbook import write_workbook
from app.workshops.models import Workshop
from tests.documents.test_participant_list import EVA, make_list, many
from tests.growth import growth
from tests.pages import Visitor


def ask(visitor: Visitor, workshop: Workshop, kind: str) -> Any:
    """The list as a workbook."""
    page = visitor.get(f"/{workshop.slug}/desk/lists/{kind}.xlsx")
    given = page.response.headers["Content-Disposition"]
    assert given.startswith(f"attachment; filename={workshop.slug}-")
    assert given.endswith(".xlsx")
    return openpyxl.load_workbook(io.BytesIO(page.response.data))


def values(sheet: Any) -> list[list[Any]]:
    """All cells, row by row."""
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_hotel_has_real_dates_and_numbers(
    organiser: Visitor,
    workshop: Workshop,
    people: None,
) -> None:
    guests, nights, notes = ask(organiser, workshop, "hotel").worksheets
    third, fourth, fifth = (datetime(2026, 12, day) for day in (3, 4, 5))  # noqa: DTZ001
    assert values(guests) == [
        ["Nachname", "Vorname", "Anreise", "Abreise", "Nächte"],
        ["Öhler", "Anna", third, fifth, 2],
        ["Zöllner", "Cem", fourth, fifth, 1],
    ]
    assert guests["C2"].number_format == "DD.MM.YYYY"
    assert nights.title == "Zimmer je Nacht"
    assert values(nights)[1:] == [[third, fourth, 1], [fourth, fifth, 2]]
    assert "Nach der Veranstaltung vernichten" in "".join(row[0] for row in values(notes))


def test_the_head_stays_filters_and_is_printed_on_each_page(
    organiser: Visitor,
    workshop: Workshop,
    people: None,
) -> None:
    book = ask(organiser, workshop, "signature")
    first, second, _notes = book.worksheets
    for sheet in (first, second):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == "A1:D3"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_format.defaultRowHeight >= 9 * 72 / 25.4
        assert all(8 <= sheet.column_dimensions[c].width <= 45 for c in "ABCD")
    for sheet, day in ((first, "Freitag, 4. Dezember"), (second, "Samstag, 5. Dezember")):
        assert sheet.oddFooter.left.text == f"Polizei && Social Media · {day}"
    assert [row[:2] for row in values(first)[1:]] == [["von Odenwald", "Bo"], ["Öhler", "Anna"]]


def test_what_people_typed_is_text_and_never_a_formula(ctx: Flask) -> None:
    typed = ["=1+1", "+49 341 123", "-1", "@SUMME(A1)", "0341", "#N/A", "2026-12-04", "_x0041_"]
    listed = tuple(ListedPerson(text, text, department=text, email=text) for text in typed)
    made = make_list(ListedOrganisation("=cmd()", listed), kind=ListKind.INTERNAL)
    with force_locale("de"):
        data = write_workbook(lay_out(made))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {"=cmd()"}
    shown = {row[1].value for row in sheet.iter_rows(min_row=2)}
    assert shown == {text.replace("_x0041_", "_x005F_x0041_") for text in typed}
    for row in sheet.iter_rows(min_row=2):
        for cell in (row[0], row[1]):
            assert cell.data_type == "s"
            assert cell.quotePrefix == (cell.value[0] in "=+-@")


def test_a_workbook_tells_each_thing_in_a_column_of_its_own(ctx: Flask) -> None:
    made = make_list(ListedOrganisation("Polizei Sachsen", (EVA,)), kind=ListKind.INTERNAL)
    with force_locale("de"):
        book = openpyxl.load_workbook(io.BytesIO(write_workbook(lay_out(made))))
    head, row = values(book.worksheets[0])
    assert dict(zip(head, row, strict=True)) == {
        "Organisation": "Polizei Sachsen",
        "Nachname": "von der Lühe",
        "Vorname": "Eva",
        "Titel": "Dr.",
        "Amts- oder Dienstbezeichnung": "Polizeirätin",
        "Dienststelle": "PD Leipzig",
        "Funktion": "Leitung <Presse> & Netz",
        "E-Mail": "eva@example.org",
        "Telefon": "+49 341 1234",
        "Tage": "4. Dez.",
        "Status": "unbestätigt",
        "Rolle": "Vortrag",
        "Hinweise": "Keine Fotos",
    }


@pytest.mark.parametrize("kind", list(ListKind))
def test_an_empty_list_says_so(
    organiser: Visitor,
    workshop: Workshop,
    kind: ListKind,
) -> None:
    (notes,) = ask(organiser, workshop, kind).worksheets
    said = "Niemand hat um" if kind is ListKind.HOTEL else "Noch ist niemand"
    assert said in values(notes)[-1][0]


def test_the_command_writes_what_the_file_is_named(
    app: Flask,
    workshop: Workshop,
    people: None,
    tmp_path: Path,
) -> None:
    output = tmp_path / "Liste.XLSX"
    command = ["participant-list", workshop.slug, "--kind", "gate", "--output", str(output)]
    done = app.test_cli_runner().invoke(args=command)
    assert (done.exit_code, done.stdout) == (0, f"3 people written to {output}\n")
    sheet = openpyxl.load_workbook(output).worksheets[0]
    assert [row[3] for row in values(sheet)] == ["Kfz-Kennzeichen", None, "L-PS 110", None]


def test_work_grows_with_the_number_of_people(ctx: Flask) -> None:
    def write(count: int) -> bytes:
        return write_workbook(lay_out(make_list(*many(count), kind=ListKind.INTERNAL)))

    assert growth(write, 60, times=4) < 8
