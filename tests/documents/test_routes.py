"""The participant lists, read back from their PDF."""

from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.registration.models import Status
from app.workshops.models import ConsentKind, Workshop
from tests.counting import counted_queries
from tests.factories import make_registration
from tests.pages import Visitor
from tests.pdf import Pdf, accessibility_failures

LISTED = frozenset({ConsentKind.LISTING})


@pytest.fixture
def people(workshop: Workshop) -> None:
    """Two of one organisation, one of an own organisation, one who waits, one who cancelled."""
    second = workshop.organisations[1].id
    make_registration(workshop, last_name="Öhler", consents=LISTED, organisation_id=second)
    make_registration(workshop, last_name="Odenwald", phone="+49 341 123", organisation_id=second)
    make_registration(
        workshop,
        last_name="Gast",
        consents=LISTED,
        organisation_id=None,
        other_organisation="Landtag Musterland",
    )
    make_registration(workshop, last_name="Abgesagt", consents=LISTED, status=Status.CANCELLED)
    make_registration(workshop, last_name="Wartend", consents=LISTED, status=Status.WAITING)
    db.session.commit()


def _list(visitor: Visitor, workshop: Workshop, kind: str) -> Pdf:
    return Pdf(visitor.get(f"/{workshop.slug}/desk/lists/{kind}.pdf").response.data)


def test_the_internal_list_has_all_who_have_a_seat_or_wait(
    organiser: Visitor, workshop: Workshop, people: None
) -> None:
    text = _list(organiser, workshop, "internal").all_text
    names = ["Wartend", "Odenwald", "Öhler", "Gast"]
    assert sorted(names, key=text.index) == names  # by organisation, then DIN 5007-2
    assert "Abgesagt" not in text
    assert "Warteliste" in text
    assert "+49 341 123" in text
    assert "Seite 1 von 1" in text


def test_the_handout_has_those_who_agreed_and_no_more_than_they_agreed_to(
    organiser: Visitor, workshop: Workshop, people: None
) -> None:
    text = _list(organiser, workshop, "handout").all_text
    assert "Öhler" in text
    assert "Landtag Musterland" in text
    for hidden in ("Odenwald", "Wartend", "Abgesagt", "@", "+49"):
        assert hidden not in text


@pytest.mark.parametrize("kind", ["internal", "handout"])
def test_lists_are_accessible_even_when_empty(
    organiser: Visitor, workshop: Workshop, kind: str
) -> None:
    pdf = _list(organiser, workshop, kind)
    assert "iemand eingetragen" in pdf.all_text
    assert accessibility_failures(pdf.data) == []


def test_lists_take_as_many_queries_for_one_as_for_many(
    organiser: Visitor, workshop: Workshop, people: None
) -> None:
    with counted_queries() as few:
        _list(organiser, workshop, "internal")
    for _number in range(4):
        make_registration(workshop)
    db.session.commit()
    with counted_queries() as many:
        _list(organiser, workshop, "internal")
    assert len(few) == len(many)


def test_an_unknown_kind_is_no_page(organiser: Visitor, workshop: Workshop) -> None:
    organiser.get(f"/{workshop.slug}/desk/lists/secret.pdf", status=404)


class TestCommands:
    """`flask participant-list` and `flask badges`."""

    def test_write_their_files(
        self, app: Flask, workshop: Workshop, people: None, tmp_path: Path
    ) -> None:
        run = app.test_cli_runner().invoke
        done = run(args=["participant-list", workshop.slug, "--output", str(tmp_path / "l.pdf")])
        assert (done.exit_code, done.stderr) == (0, "")
        assert "Odenwald" in Pdf((tmp_path / "l.pdf").read_bytes()).all_text
        output = str(tmp_path / "b.pdf")
        done = run(args=["badges", workshop.slug, "--output", output, "--only-unprinted"])
        assert (done.exit_code, done.stderr) == (0, "")
        assert len(Pdf((tmp_path / "b.pdf").read_bytes()).codes()) == 3
        done = run(args=["badges", workshop.slug, "--output", output, "--only-unprinted"])
        assert done.exit_code == 1
        assert done.stderr == "Error: Es gibt kein Namensschild zu drucken.\n"

    @pytest.mark.parametrize("command", ["badges", "participant-list"])
    def test_refuse_with_one_clear_line(
        self, app: Flask, workshop: Workshop, people: None, tmp_path: Path, command: str
    ) -> None:
        run = app.test_cli_runner().invoke
        done = run(args=[command, "nowhere", "--output", str(tmp_path / "x.pdf")])
        assert (done.exit_code, done.stderr) == (1, "Error: There is no workshop 'nowhere'.\n")
        done = run(args=[command, workshop.slug, "--output", str(tmp_path / "no" / "x.pdf")])
        assert done.exit_code == 1
        assert done.stderr.count("\n") == 1
        assert run(args=[command, workshop.slug]).exit_code == 2
