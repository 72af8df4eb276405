"""What is true of all lists: tags, queries, who sees them, the command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.models import Role
from app.documents.lists import ListKind
from app.extensions import db
from app.workshops.models import Workshop
from tests.counting import counted_queries
from tests.documents.lists.reading import FIRST, SECOND, ask, rows
from tests.factories import make_registration, make_workshop
from tests.pages import Visitor
from tests.pdf import Pdf, accessibility_failures
from tests.structure import Structure

SUPPLIERS = [ListKind.HOTEL, ListKind.CATERING]
ON_SITE = [ListKind.SIGNATURE, ListKind.GATE]


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
