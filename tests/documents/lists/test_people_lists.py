"""The lists for counter, gate and hotel, read back from their PDF."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from app.privacy.service import delete_overdue
from app.workshops.models import Workshop
from tests.documents.lists.reading import FIRST, SECOND, ask, rows
from tests.factories import make_registration
from tests.pages import Visitor
from tests.pdf import accessibility_failures


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
