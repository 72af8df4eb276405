"""The lists for counter, gate, hotel and caterer, read back from their PDF."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Role
from app.documents.lists import ListKind
from app.extensions import db
from app.privacy.service import delete_overdue
from app.registration.models import Arrival, Diet, Status
from app.workshops.models import ConsentKind, Workshop
from tests.counting import counted_queries
from tests.factories import make_registration, make_workshop
from tests.pages import Visitor
from tests.pdf import Pdf, accessibility_failures
from tests.structure import Structure

SUPPLIERS = [ListKind.HOTEL, ListKind.CATERING]
ON_SITE = [ListKind.SIGNATURE, ListKind.GATE]
NEEDS = frozenset({ConsentKind.NEEDS})
FIRST, SECOND = date(2026, 12, 4), date(2026, 12, 5)


@pytest.fixture
def workshop(ctx: Flask) -> Workshop:
    """On two days in December, with an evening."""
    return make_workshop(
        starts_on=FIRST, ends_on=SECOND, evening_event="Abendessen im Ratskeller", seats=100
    )


@pytest.fixture
def people(workshop: Workshop) -> None:
    """Three who come, two of them by car or to the hotel, and some who do not come."""
    add = make_registration
    add(
        workshop,
        first_name="Anna",
        last_name="Öhler",
        phone="+49 341 123",
        days=(FIRST, SECOND),
        evening_event=True,
        arrival=Arrival.CAR,
        vehicle_plate="L-PS 110",
        room_from=FIRST - timedelta(1),
        room_until=SECOND,
        diet=Diet.VEGAN,
        intolerances="Nüsse",
        consents=NEEDS,
    )
    add(workshop, first_name="Bo", last_name="von Odenwald", days=(FIRST,), evening_event=True)
    add(
        workshop,
        first_name="Cem",
        last_name="Zöllner",
        days=(SECOND,),
        room_from=FIRST,
        room_until=SECOND,
        organisation_id=None,
        other_organisation="Landtag Musterland",
        intolerances=" nüsse ",
        consents=NEEDS,
    )
    room = {"room_from": FIRST, "room_until": SECOND}
    plate: dict[str, Any] = {"arrival": Arrival.CAR, "vehicle_plate": "X-X 1"}
    for status in (Status.CANCELLED, Status.WAITING):
        add(workshop, last_name="Abwesend", evening_event=True, status=status, **room, **plate)
    db.session.commit()


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


class TestSignature:
    """The signature list."""

    def test_has_those_of_each_day_by_last_name(
        self, organiser: Visitor, workshop: Workshop, people: None
    ) -> None:
        pdf = ask(organiser, workshop, "signature")
        first, second = pdf.text(0), pdf.text(1)
        assert len(pdf.sizes) == 2
        assert "3 Personen · Stand: " in first
        assert "nur zum Nachweis der Anwesenheit" in first
        assert "Freitag, 4. Dezember" in first
        assert "Unterschrift am 4. Dez." in first
        assert first.index("von Odenwald, Bo") < first.index("Öhler, Anna")
        assert "Zöllner" not in first
        assert "Samstag, 5. Dezember" in second
        assert "Unterschrift am 5. Dez." in second
        assert second.index("Öhler, Anna") < second.index("Zöllner, Cem")
        assert "Landtag Musterland" in second
        assert "Odenwald" not in second
        assert "Abwesend" not in pdf.all_text

    def test_of_one_day_alone(self, organiser: Visitor, workshop: Workshop, people: None) -> None:
        pdf = ask(organiser, workshop, "signature", "2026-12-05")
        assert len(pdf.sizes) == 1
        assert "2 Personen" in pdf.text()
        assert "4. Dez" not in pdf.text().replace("4.–5. Dezember", "")
        assert "Odenwald" not in pdf.text()

    @pytest.mark.parametrize("day", ["2026-12-06", "heute", "2026-12-04x", "٤"])
    def test_another_day_is_no_page(
        self, organiser: Visitor, workshop: Workshop, people: None, day: str
    ) -> None:
        organiser.get(f"/{workshop.slug}/desk/lists/signature.pdf?day={day}", status=404)

    def test_leaves_room_to_sign_and_repeats_its_head(
        self, organiser: Visitor, workshop: Workshop
    ) -> None:
        for number in range(30):
            make_registration(workshop, first_name="Kim", last_name=f"Xaver{number:02}")
        pdf = ask(organiser, workshop, "signature", "2026-12-04")
        assert len(pdf.sizes) == 2
        for page in range(2):
            text = pdf.text(page)
            assert "Unterschrift am 4. Dez." in text
            assert f"Seite {page + 1} von 2" in text
            tops = [glyph.top for glyph in pdf.glyphs(page) if glyph.text == "X"]
            steps = [round(below - above, 1) for above, below in itertools.pairwise(tops)]
            assert len(steps) > 5
            assert min(steps) >= 9

    def test_a_day_without_anybody_says_so(self, organiser: Visitor, workshop: Workshop) -> None:
        make_registration(workshop, last_name="Einzig", days=(FIRST,))
        pdf = ask(organiser, workshop, "signature")
        assert "An diesem Tag nimmt niemand teil." in pdf.text(1)
        assert accessibility_failures(pdf.data) == []


class TestGate:
    """The gate list."""

    def test_tells_name_organisation_and_plate_alone(
        self, organiser: Visitor, workshop: Workshop, people: None
    ) -> None:
        pdf = ask(organiser, workshop, "gate")
        own = workshop.organisations[0].name
        assert rows(pdf) == [
            ["Name", "Organisation", "Kfz-Kennzeichen"],
            ["von Odenwald, Bo", own, ""],
            ["Öhler, Anna", own, "L-PS 110"],
            ["Zöllner, Cem", "Landtag Musterland", ""],
        ]
        assert "3 Personen · 1 Kfz-Kennzeichen · Stand: " in pdf.text()
        assert "Nach der Veranstaltung vernichten" in pdf.text()
        assert "341" not in pdf.text()

    def test_marks_those_who_come_by_car(
        self, organiser: Visitor, workshop: Workshop, people: None
    ) -> None:
        pdf = ask(organiser, workshop, "gate")
        picture = pdf.document[0].render(scale=2).to_pil().convert("RGB")
        tops = {g.text: g.top for g in pdf.glyphs() if g.text in "ÖZ"}

        def shade(top: float) -> Any:
            return picture.getpixel((round(190 / 25.4 * 144), round((top + 1) / 25.4 * 144)))

        assert shade(tops["Ö"]) != shade(tops["Z"]) == (255, 255, 255)

    def test_has_no_plates_once_gate_data_are_deleted(
        self, organiser: Visitor, workshop: Workshop, people: None
    ) -> None:
        delete_overdue(workshop, SECOND + timedelta(workshop.delete_gate_days + 1))
        text = ask(organiser, workshop, "gate").text()
        assert "Öhler, Anna" in text
        assert "0 Kfz-Kennzeichen" in text
        assert "L-PS" not in text


class TestHotel:
    """The hotel list."""

    def test_tells_nights_and_rooms(
        self, organiser: Visitor, workshop: Workshop, people: None
    ) -> None:
        pdf = ask(organiser, workshop, "hotel")
        thursday, friday, saturday = (
            "Donnerstag, 3. Dezember",
            "Freitag, 4. Dezember",
            "Samstag, 5. Dezember",
        )
        assert rows(pdf) == [
            ["Name", "Anreise", "Abreise", "Nächte"],
            ["Öhler, Anna", thursday, saturday, "2"],
            ["Zöllner, Cem", friday, saturday, "1"],
            ["Nacht", "Zimmer"],
            [f"{thursday} – {friday}", "1"],
            [f"{friday} – {saturday}", "2"],
        ]
        assert "2 Personen · 3 Übernachtungen · Stand: " in pdf.text()

    def test_says_that_nobody_asked(self, organiser: Visitor, workshop: Workshop) -> None:
        make_registration(workshop)
        pdf = ask(organiser, workshop, "hotel")
        assert "Niemand hat um ein Zimmer gebeten." in pdf.text()
        assert rows(pdf) == []


class TestCatering:
    """The numbers for the caterer."""

    def test_counts_by_day_and_on_the_evening(
        self, organiser: Visitor, workshop: Workshop, people: None
    ) -> None:
        pdf = ask(organiser, workshop, "catering")
        head, *counts = rows(pdf)[:4]
        assert head == [
            *("Anlass", "Personen", "Keine Besonderheiten"),
            *("Vegetarisch", "Vegan", "Ohne Schweinefleisch"),
        ]
        assert counts == [
            ["Freitag, 4. Dezember", "2", "1", "0", "1", "0"],
            ["Samstag, 5. Dezember", "2", "1", "0", "1", "0"],
            ["Abendveranstaltung: Abendessen im Ratskeller", "2", "1", "0", "1", "0"],
        ]
        for name in ("Öhler", "Odenwald", "Zöllner", "Anna", "Cem"):
            assert name not in pdf.all_text

    def test_puts_intolerances_together_that_are_the_same(
        self, organiser: Visitor, workshop: Workshop, people: None
    ) -> None:
        for text in ("Gluten", "GLUTEN", "gluten "):
            make_registration(workshop, intolerances=text, consents=NEEDS)
        assert rows(ask(organiser, workshop, "catering"))[4:] == [
            ["Unverträglichkeit", "Personen"],
            ["Freitag, 4. Dezember"],
            *(["Gluten", "3"], ["Nüsse", "1"]),
            ["Samstag, 5. Dezember"],
            *(["Gluten", "3"], ["Nüsse", "2"]),
            ["Abendveranstaltung: Abendessen im Ratskeller"],
            ["Nüsse", "1"],
        ]

    @pytest.mark.parametrize(
        "text", ["Frau Grün: keine Nüsse", "MILCH (Gruen)", "Soja, a.gruen@polizei.example"]
    )
    def test_keeps_back_what_tells_who_typed_it(
        self, organiser: Visitor, workshop: Workshop, text: str
    ) -> None:
        make_registration(workshop, last_name="Grün", intolerances=text, consents=NEEDS)
        told = ask(organiser, workshop, "catering").text()
        assert "nennt eine Person: bitte beim Organisationsteam erfragen" in told
        assert "gruen" not in told.casefold().replace("ü", "ue")

    def test_knows_no_needs_once_they_are_deleted(
        self, organiser: Visitor, workshop: Workshop, people: None
    ) -> None:
        delete_overdue(workshop, SECOND + timedelta(workshop.delete_needs_days + 1))
        pdf = ask(organiser, workshop, "catering")
        assert "Niemand hat eine Unverträglichkeit angegeben." in pdf.text()
        assert rows(pdf)[1] == ["Freitag, 4. Dezember", "2", "2", "0", "0", "0"]

    def test_has_no_evening_where_there_is_none(self, organiser: Visitor, ctx: Flask) -> None:
        workshop = make_workshop()
        make_registration(workshop)
        assert "Abend" not in ask(organiser, workshop, "catering").text()


@pytest.mark.parametrize("kind", [*ON_SITE, *SUPPLIERS])
class TestEach:
    """What is true of all of them."""

    def test_is_accessible(
        self, organiser: Visitor, workshop: Workshop, people: None, kind: ListKind
    ) -> None:
        data = ask(organiser, workshop, kind).data
        assert accessibility_failures(data) == []
        assert Structure(data).check() == []

    def test_is_accessible_when_empty(
        self, organiser: Visitor, workshop: Workshop, kind: ListKind
    ) -> None:
        pdf = ask(organiser, workshop, kind)
        assert "Noch ist niemand eingetragen." in pdf.text() or kind is ListKind.HOTEL
        assert rows(pdf) == []
        assert accessibility_failures(pdf.data) == []

    def test_takes_as_many_queries_for_one_as_for_many(
        self, organiser: Visitor, workshop: Workshop, people: None, kind: ListKind
    ) -> None:
        with counted_queries() as few:
            ask(organiser, workshop, kind)
        for _number in range(4):
            make_registration(workshop, room_from=FIRST, room_until=SECOND)
        db.session.commit()
        with counted_queries() as many:
            ask(organiser, workshop, kind)
        assert len(few) == len(many)

    def test_names_nobody_in_its_file_name(
        self, organiser: Visitor, workshop: Workshop, people: None, kind: ListKind
    ) -> None:
        page = organiser.get(f"/{workshop.slug}/desk/lists/{kind}.pdf")
        given = page.response.headers["Content-Disposition"]
        assert given.startswith(f"inline; filename={workshop.slug}-")


class TestWhoSees:
    """Staff have the lists for the door; organisers those for suppliers, if they are asked for."""

    @pytest.mark.parametrize("kind", SUPPLIERS)
    @pytest.mark.parametrize("file", ["pdf", "xlsx"])
    def test_staff_have_no_lists_for_suppliers(
        self, sign_in: Callable[..., Visitor], workshop: Workshop, kind: str, file: str
    ) -> None:
        staff = sign_in(Role.STAFF, workshop)
        staff.get(f"/{workshop.slug}/desk/lists/{kind}.{file}", status=403)

    @pytest.mark.parametrize(
        ("role", "offered"),
        [
            (Role.STAFF, ["internal", "handout", "signature", "gate"]),
            (Role.ORGANISER, list(ListKind)),
        ],
    )
    def test_the_page_offers_what_opens(
        self,
        sign_in: Callable[..., Visitor],
        workshop: Workshop,
        people: None,
        role: Role,
        offered: list[str],
    ) -> None:
        visitor = sign_in(role, workshop)
        page = visitor.get(f"/{workshop.slug}/desk/badges")
        links = [link.get("href") for link in page.all("section[aria-labelledby=lists] h3 a")]
        assert links == [f"/{workshop.slug}/desk/lists/{kind}.pdf" for kind in offered]
        for link in page.all("section[aria-labelledby=lists] a"):
            visitor.get(link.get("href"))

    @pytest.mark.parametrize(
        ("kind", "setting"), [("hotel", "asks_accommodation"), ("catering", "asks_catering")]
    )
    def test_what_is_not_asked_for_is_not_offered(
        self, app: Flask, organiser: Visitor, tmp_path: Path, kind: str, setting: str
    ) -> None:
        workshop = make_workshop(**{setting: False})
        page = organiser.get(f"/{workshop.slug}/desk/badges")
        assert page.all(f"main a[href*='/{kind}.']") == []
        for file in ("pdf", "xlsx"):
            organiser.get(f"/{workshop.slug}/desk/lists/{kind}.{file}", status=404)
        output = tmp_path / "l.pdf"
        command = ["participant-list", workshop.slug, "--kind", kind, "--output", str(output)]
        done = app.test_cli_runner().invoke(args=command)
        assert (done.exit_code, done.stderr.count("\n"), output.exists()) == (1, 1, False)


class TestCommand:
    """`flask participant-list`."""

    @pytest.mark.parametrize("kind", list(ListKind))
    def test_writes_each_kind(
        self, app: Flask, workshop: Workshop, people: None, tmp_path: Path, kind: ListKind
    ) -> None:
        run = app.test_cli_runner().invoke
        output = str(tmp_path / "l.pdf")
        command = ["participant-list", workshop.slug, "--kind", kind.value, "--output", output]
        done = run(args=command)
        assert (done.exit_code, done.stderr) == (0, "")
        assert workshop.title in Pdf(Path(output).read_bytes()).text()

    @pytest.mark.parametrize("day", ["2026-12-05", "05.12.2026"])
    def test_writes_one_day(
        self, app: Flask, workshop: Workshop, people: None, tmp_path: Path, day: str
    ) -> None:
        output = str(tmp_path / "l.pdf")
        command = ["participant-list", workshop.slug, "--output", output, "--day", day]
        run = app.test_cli_runner().invoke
        done = run(args=[*command, "--kind", "signature"])
        assert done.stdout == f"2 people written to {output}\n"
        assert run(args=[*command, "--kind", "gate"]).exit_code == 2

    def test_refuses_another_day(
        self, app: Flask, workshop: Workshop, people: None, tmp_path: Path
    ) -> None:
        command = ["participant-list", workshop.slug, "--kind", "signature", "--day", "2026-12-06"]
        done = app.test_cli_runner().invoke(args=[*command, "--output", str(tmp_path / "l.pdf")])
        assert done.exit_code == 1
        assert done.stderr == f"Error: '{workshop.slug}' is not on 2026-12-06.\n"
