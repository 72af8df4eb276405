"""Rooms and topics as organisers meet them."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.agenda.models import AgendaSession, Room, Track
from app.extensions import db
from tests.pages import Page, Visitor

ENTRIES = {"rooms": Room.name, "topics": Track.name}


@pytest.mark.parametrize("kind", ENTRIES)
class TestRoomsAndTopics:
    def add(self, organiser: Visitor, desk: str, kind: str, **typed: Any) -> Page:
        page = organiser.get(f"{desk}/{kind}/add")
        return organiser.submit(page, {"name": "Aula", **typed})

    def names(self, kind: str) -> list[str]:
        db.session.expire_all()
        return list(db.session.scalars(sa.select(ENTRIES[kind])))

    def test_added_edited_and_listed(self, organiser: Visitor, desk: str, kind: str) -> None:
        page = self.add(organiser, desk, kind)
        assert page.texts("tbody th a") == ["Aula"]
        page = organiser.get(page.one("tbody th a").get("href"))
        page = organiser.submit(page, {"name": "Foyer 🎬 <b>"})
        assert page.texts("tbody th a") == ["Foyer 🎬 <b>"]
        assert self.names(kind) == ["Foyer 🎬 <b>"]

    def test_the_next_one_comes_last(self, organiser: Visitor, desk: str, kind: str) -> None:
        self.add(organiser, desk, kind)
        assert organiser.get(f"{desk}/{kind}/add").form_values()["position"] == ["2"]

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("name", ""),
            ("name", "x" * 101),
            ("name", "a\x00b"),
            ("position", ""),
            ("position", "0"),
            ("position", "100"),
            ("position", "eins"),
        ],
    )
    def test_bad_input(
        self, organiser: Visitor, desk: str, kind: str, field: str, typed: str
    ) -> None:
        page = organiser.get(f"{desk}/{kind}/add")
        page = organiser.submit(page, {"name": "Aula", field: typed}, status=422)
        assert list(page.errors()) == [field]
        assert self.names(kind) == []

    def test_a_name_is_given_once(self, organiser: Visitor, desk: str, kind: str) -> None:
        self.add(organiser, desk, kind)
        page = organiser.submit(organiser.get(f"{desk}/{kind}/add"), {"name": "Aula"}, status=422)
        assert page.errors() == {"name": "Dieser Name ist vergeben. Wählen Sie einen anderen."}
        assert self.names(kind) == ["Aula"]

    def test_the_second_editor_is_refused(self, organiser: Visitor, desk: str, kind: str) -> None:
        url = self.add(organiser, desk, kind).one("tbody th a").get("href")
        first, second = organiser.get(url), organiser.get(url)
        organiser.submit(first, {"name": "Erste"})
        page = organiser.submit(second, {"name": "Zweite"}, status=422)
        assert page.form_values()["name"] == ["Zweite"]
        assert page.one(".kern-alert--warning a").get("href") == url
        assert self.names(kind) == ["Erste"]

    def test_deleting_names_the_sessions_that_stay(
        self, organiser: Visitor, desk: str, kind: str, talk: AgendaSession
    ) -> None:
        column = {"rooms": "room_id", "topics": "track_id"}[kind]
        page = organiser.get(f"{desk}/{kind}/{getattr(talk, column)}/delete")
        assert page.texts("main li:not([aria-current])")[-1] == talk.title
        page = organiser.submit(page)
        assert page.path == f"{desk}/{kind}"
        assert self.names(kind) == []
        assert db.session.scalars(sa.select(getattr(AgendaSession, column))).all() == [None]


def test_seats_are_a_number(organiser: Visitor, desk: str) -> None:
    page = organiser.get(f"{desk}/rooms/add")
    for typed in ("0", "-3", "viele", "10000"):
        answer = organiser.submit(page, {"name": "Aula", "seats": typed}, status=422)
        assert answer.errors() == {"seats": "Geben Sie eine Zahl von 1 bis 9999 an."}
    assert organiser.submit(page, {"name": "Aula", "seats": ""}).path == f"{desk}/rooms"


def test_colours_come_from_the_palette(organiser: Visitor, desk: str) -> None:
    page = organiser.get(f"{desk}/topics/add")
    answer = organiser.submit(page, {"name": "Lage", "colour": "javascript"}, status=422)
    assert answer.errors() == {"colour": "Wählen Sie einen Eintrag aus der Liste."}
