"""The participant list, read back from its PDF."""

import io
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from flask import Flask

from app.documents.lists import ListKind
from app.documents.participant_list import (
    ListedOrganisation,
    ListedPerson,
    ParticipantList,
    render_participant_list,
)
from tests.pdf import Pdf, accessibility_failures

DAYS = (date(2026, 12, 4), date(2026, 12, 5))
EVA = ListedPerson(
    first_name="Eva",
    last_name="von der Lühe",
    title="Dr.",
    rank="Polizeirätin",
    department="PD Leipzig",
    function="Leitung <Presse> & Netz",
    email="eva@example.org",
    phone="+49 341 1234",
    days=DAYS[:1],
    status="unbestätigt",
    role="Vortrag",
    marks=("Keine Fotos",),
)


def make_list(*organisations: ListedOrganisation, kind: ListKind) -> ParticipantList:
    """A list of the workshop in Leipzig."""
    return ParticipantList(
        kind=kind,
        title="Teilnahmeliste",
        subtitle="Polizei & Social Media · 4.–5. Dezember 2026",
        organisations=organisations,
        days=DAYS,
        printed_at=datetime(2026, 11, 12, 14, 5, tzinfo=ZoneInfo("Europe/Berlin")),
    )


def many(count: int, size: int = 3) -> tuple[ListedOrganisation, ...]:
    """So many organisations with so many people each."""
    return tuple(
        ListedOrganisation(
            f"Behörde {number:02d}",
            tuple(
                ListedPerson(f"Kim{n}", f"Muster{number:02d}", days=DAYS, department="Presse")
                for n in range(size)
            ),
        )
        for number in range(count)
    )


def test_the_internal_list_says_all_that_staff_need(ctx: Flask) -> None:
    other = ListedPerson("Abel", "Amsel", days=DAYS)
    group = ListedOrganisation("Polizei Sachsen", (EVA, other))
    pdf = Pdf(render_participant_list(make_list(group, kind=ListKind.INTERNAL)))
    text = pdf.text()

    assert pdf.sizes == [(297.0, 210.0)]
    for words in (
        "2 Personen · 1 Organisation · Stand: 12. November 2026, 14:05",
        "von der Lühe, Eva",
        "Dr. · Polizeirätin",
        "PD Leipzig",
        "Leitung <Presse> & Netz",
        "eva@example.org",
        "+49 341 1234",
        "4. Dez.",
        "alle Tage",
        "unbestätigt\nVortrag",
        "Keine Fotos",
        "Seite 1 von 1",
        "nur für das Organisationsteam",
    ):
        assert words in text
    assert text.index("Amsel") < text.index("von der Lühe")


def test_the_handout_shows_only_what_it_is_given(ctx: Flask) -> None:
    person = ListedPerson("Eva", "Lühe", department="PD Leipzig", days=DAYS, status="unbestätigt")
    group = ListedOrganisation("Polizei Sachsen", (person,))
    pdf = Pdf(render_participant_list(make_list(group, kind=ListKind.HANDOUT)))
    text = pdf.text()

    assert pdf.sizes == [(210.0, 297.0)]
    assert "Lühe, Eva" in text
    assert "PD Leipzig" in text
    for words in ("Kontakt", "Tage", "Hinweise", "unbestätigt", "Organisationsteam"):
        assert words not in text


@pytest.mark.parametrize("kind", [ListKind.INTERNAL, ListKind.HANDOUT])
def test_lists_are_accessible(ctx: Flask, kind: ListKind) -> None:
    group = ListedOrganisation("Polizei Sachsen", (EVA,))
    data = render_participant_list(make_list(group, *many(20), kind=kind))

    assert accessibility_failures(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root["/Lang"]) == "de"
        assert str(pdf.docinfo["/Title"]).startswith("Teilnahmeliste · Polizei & Social Media")


def test_pages_are_numbered_and_repeat_the_header_row(ctx: Flask) -> None:
    pdf = Pdf(render_participant_list(make_list(*many(30), kind=ListKind.INTERNAL)))
    count = len(pdf.sizes)

    assert count > 2
    for page in range(count):
        assert f"Seite {page + 1} von {count}" in pdf.text(page)
        assert "Dienststelle und Funktion" in pdf.text(page)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_an_organisation_never_stands_alone_at_the_foot_of_a_page(ctx: Flask, size: int) -> None:
    pdf = Pdf(render_participant_list(make_list(*many(40, size), kind=ListKind.HANDOUT)))

    for page in range(len(pdf.sizes)):
        entries = re.findall(r"Behörde|Muster", pdf.text(page))
        assert entries[-1] == "Muster"
    assert pdf.all_text.count("Behörde") == 40
    assert pdf.all_text.count("Muster") == 40 * size


def test_an_empty_list_says_so(ctx: Flask) -> None:
    data = render_participant_list(make_list(kind=ListKind.HANDOUT))

    assert "Noch ist niemand eingetragen." in Pdf(data).text()
    assert accessibility_failures(data) == []
