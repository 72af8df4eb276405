"""Who may open the agenda's pages at the desk."""

from collections.abc import Callable

import pytest

from app.accounts.models import Role
from app.agenda.models import AgendaSession, Room, Track
from app.workshops.models import Workshop
from tests.agenda.programme import fill
from tests.counting import counted_queries
from tests.pages import Visitor


class TestAccess:
    PAGES = (
        "",
        "/list",
        "/sessions/{talk}/move",
        "/sessions/add",
        "/sessions/{talk}",
        "/sessions/{talk}/delete",
        "/rooms",
        "/rooms/add",
        "/rooms/{room}",
        "/rooms/{room}/delete",
        "/topics",
        "/topics/add",
        "/topics/{topic}",
        "/topics/{topic}/delete",
    )

    def test_only_organisers(
        self,
        visitor: Visitor,
        sign_in: Callable[..., Visitor],
        desk: str,
        talk: AgendaSession,
        room: Room,
        topic: Track,
    ) -> None:
        staff, organiser = sign_in(Role.STAFF), sign_in(Role.ORGANISER)
        for part in self.PAGES:
            url = desk + part.format(talk=talk.id, room=room.id, topic=topic.id)
            assert visitor.get(url).path == "/login"
            staff.get(url, status=403)
            assert organiser.get(url).path == url

    @pytest.mark.parametrize("kind", ["sessions", "rooms", "topics"])
    @pytest.mark.parametrize("tail", ["", "/delete"])
    def test_entries_of_other_workshops_are_not_there(
        self,
        organiser: Visitor,
        elsewhere: Workshop,
        talk: AgendaSession,
        room: Room,
        topic: Track,
        kind: str,
        tail: str,
    ) -> None:
        entry = {"sessions": talk.id, "rooms": room.id, "topics": topic.id}[kind]
        organiser.get(f"/{elsewhere.slug}/desk/agenda/{kind}/{entry}{tail}", status=404)

    @pytest.mark.parametrize("number", ["2147483648", "99999999999999999999"])
    def test_a_number_that_no_row_can_have_is_not_there(
        self, organiser: Visitor, desk: str, number: str
    ) -> None:
        organiser.get(f"{desk}/sessions/{number}", status=404)

    def test_as_many_queries_for_many_sessions(
        self, organiser: Visitor, workshop: Workshop, elsewhere: Workshop
    ) -> None:
        fill(workshop, 3)
        fill(elsewhere, 30)
        counts = []
        for slug, rows in ((workshop.slug, 3), (elsewhere.slug, 30)):
            with counted_queries() as statements:
                page = organiser.get(f"/{slug}/desk/agenda/list")
            assert len(page.all("tbody tr")) == rows
            counts.append(len(statements))
        assert counts[0] == counts[1]
