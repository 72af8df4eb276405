"""The numbers for the caterer, read back from their PDF."""

from datetime import timedelta

import pytest
from flask import Flask

from app.privacy.service import delete_overdue
from app.workshops.models import Workshop
from tests.documents.lists.reading import NEEDS, SECOND, ask, rows
from tests.factories import make_registration, make_workshop
from tests.pages import Visitor


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
