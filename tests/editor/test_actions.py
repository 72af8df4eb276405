"""Each action on the plan: by form, and as the plan's script sends it."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import html
from werkzeug.test import TestResponse

from app.accounts.models import Role
from app.agenda.draft import service
from app.agenda.models import AgendaSession, Room
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.programme import add_session, fill
from tests.counting import counted_queries
from tests.pages import Page, Visitor


def stored(session_id: int) -> AgendaSession:
    db.session.expire_all()
    return db.session.scalars(sa.select(AgendaSession).filter_by(id=session_id)).one()


def clocks(session: AgendaSession, workshop: Workshop) -> str:
    assert session.starts_at is not None
    assert session.ends_at is not None
    starts, ends = (at.astimezone(workshop.zone) for at in (session.starts_at, session.ends_at))
    return f"{starts:%H:%M}–{ends:%H:%M}"


@pytest.fixture
def send(organiser: Visitor, desk: str) -> Callable[..., TestResponse]:
    """`send("sessions/1/move", …)`: what the plan's script sends."""
    token = organiser.get(desk).one(".plan").get("data-token")

    def post(path: str, **values: Any) -> TestResponse:
        return organiser.client.post(
            f"{desk}/{path}",
            data={"csrf_token": token, **values},
            headers={"HX-Request": "true"},
        )

    return post


def part(answer: TestResponse) -> Page:
    """The part of the page that the script swaps in."""
    return Page(answer, html.document_fromstring(answer.get_data(as_text=True)))


def place(workshop: Workshop, **changes: Any) -> dict[str, Any]:
    """10:30 for 45 minutes on the first day, without a room."""
    day = workshop.starts_on.isoformat()
    return {"version": 1, "day": day, "starts": "10:30", "minutes": 45, "room_id": "", **changes}


class TestByForm:
    def test_a_card_leads_to_fields_that_move_it(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(organiser.get(desk).one(".slot__link").get("href"))
        day = workshop.ends_on.isoformat()
        page = organiser.submit(page, {"day": day, "starts": "14.30", "minutes": "20"})
        assert page.path == desk
        assert page.one(".days [aria-current]").get("data-day") == day
        assert page.texts(".slot__time") == ["14:30–14:50"]
        assert "14:30–14:50, Großer Saal" in page.text(".kern-alert--success")
        assert clocks(stored(talk.id), workshop) == "14:30–14:50"

    def test_bad_input_stays_at_its_field(
        self, organiser: Visitor, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(f"{desk}/sessions/{talk.id}/move")
        for typed, field in (
            ({"starts": ""}, "starts"),
            ({"starts": "25:00"}, "starts"),
            ({"starts": "09:03"}, "starts"),
            ({"minutes": "0"}, "minutes"),
            ({"minutes": "905"}, "minutes"),  # past midnight
            ({"day": "2020-01-01"}, "day"),
            ({"room_id": "999"}, "room_id"),
        ):
            answer = organiser.submit(page, typed, status=422)
            assert list(answer.errors()) == [field], typed
            assert answer.form_values()[field] == [next(iter(typed.values()))] or field != "starts"
        assert stored(talk.id).version == 1

    def test_tray_copy_deletion_and_undo(
        self, organiser: Visitor, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(f"{desk}/sessions/{talk.id}/move")
        page = organiser.submit(page, form=".place__more form[action$='/move']")
        assert page.texts(".slot--tray .slot__title") == [talk.title]
        page = organiser.submit(page, form="form[action$='/undo']")
        assert page.all(".slot--tray") == []
        page = organiser.submit(page, form="form[action$='/redo']")
        assert page.texts(".slot--tray .slot__time") == ["60 Min."]
        page = organiser.get(f"{desk}/sessions/{talk.id}/move")
        page = organiser.submit(page, form="form[action$='/duplicate']")
        assert page.texts(".slot--tray .slot__title") == [talk.title, talk.title]
        page = organiser.submit(organiser.get(f"{desk}/sessions/{talk.id}/delete"))
        assert page.texts(".slot--tray .slot__title") == [talk.title]
        assert "Rückgängig: „Lage im Netz“ löschen" in page.texts(".step")
        page = organiser.submit(page, form="form[action$='/undo']")
        assert len(page.all(".slot--tray")) == 2

    def test_nothing_to_undo_is_said(self, organiser: Visitor, desk: str) -> None:
        page = organiser.get(desk)
        assert page.all(".steps-back form") == []
        token = page.one(".plan").get("data-token")
        for name in ("undo", "redo"):
            answer = organiser.client.post(f"{desk}/{name}", data={"csrf_token": token})
            assert answer.status_code == 303
            assert organiser.get(desk).all(".kern-alert--warning") != []

    def test_a_stale_form_is_refused_and_may_be_sent_again(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(f"{desk}/sessions/{talk.id}/move")
        other = service.Place(day=None, starts=None, minutes=30, room_id=None)
        service.move_session(workshop, talk.id, other, version=1)
        page = organiser.submit(page, {"starts": "11:00"}, status=422)
        assert "„Lage im Netz“" in page.text(".error-summary")
        assert page.form_values()["starts"] == ["11:00"]
        organiser.submit(page)
        assert clocks(stored(talk.id), workshop) == "11:00–12:00"

    def test_what_was_deleted_meanwhile(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        move = organiser.get(f"{desk}/sessions/{talk.id}/move")
        delete = organiser.get(f"{desk}/sessions/{talk.id}/delete")
        service.delete_session(workshop, talk.id, version=1)
        for page in (move, delete):
            assert "gelöscht" in organiser.submit(page, status=422).text("main")
        organiser.get(f"{desk}/sessions/{talk.id}/move", status=404)


class TestByScript:
    def test_the_answer_is_the_plan_with_warnings_and_the_new_version(
        self,
        send: Callable[..., TestResponse],
        workshop: Workshop,
        room: Room,
        talk: AgendaSession,
    ) -> None:
        other = add_session(workshop, "Andere", starts=time(10), room_id=room.id, ends=time(11))
        answer = send(f"sessions/{talk.id}/move", **place(workshop, room_id=room.id))
        page = part(answer)
        assert answer.status_code == 200
        assert page.all("h1, header") == []
        said = page.one("[data-said]")
        assert said.get("data-focus") == f"session-{talk.id}"
        assert "10:30–11:15, Großer Saal" in said.text_content()
        moved = page.one(f"#session-{talk.id}")
        assert moved.get("data-version") == "2"
        assert {"h-10", "m-6", "lh-0", "lm-9", "c-2", "lanes-2"} <= set(moved.classes)
        assert page.texts(".checks summary")[0] == "Raum doppelt belegt (2)"
        links = [a.get("href") for a in page.all("#check-room_taken a")]
        assert [link.split("#")[1] for link in links] == [
            f"session-{other.id}",
            f"session-{talk.id}",
        ]

    def test_a_stale_change_is_refused_with_what_the_other_did(
        self,
        send: Callable[..., TestResponse],
        workshop: Workshop,
        sign_in: Callable[..., Visitor],
        desk: str,
        talk: AgendaSession,
    ) -> None:
        rival = sign_in(Role.ORGANISER)
        page = rival.get(f"{desk}/sessions/{talk.id}/move")
        rival.submit(page, {"starts": "13:00"})
        for path in (f"sessions/{talk.id}/move", f"sessions/{talk.id}/delete"):
            answer = send(path, **place(workshop))
            assert answer.status_code == 409
            page = part(answer)
            assert "Erika Beispiel" in page.text(".toast--danger")
            assert "13:00–14:00" in page.text(".toast--danger")
            assert page.texts(f"#session-{talk.id} .slot__time") == ["13:00–14:00"]
        assert stored(talk.id).version == 2

    @pytest.mark.parametrize(
        "bad", [{"starts": "x"}, {"day": "gestern"}, {"room_id": "9999"}, {"minutes": ""}]
    )
    def test_nonsense_is_refused(
        self,
        send: Callable[..., TestResponse],
        workshop: Workshop,
        talk: AgendaSession,
        bad: dict[str, str],
    ) -> None:
        answer = send(f"sessions/{talk.id}/move", **place(workshop, **bad))
        assert answer.status_code == 422
        assert part(answer).all(".toast--danger") != []
        assert stored(talk.id).version == 1

    def test_delete_copy_undo_and_redo(
        self, send: Callable[..., TestResponse], talk: AgendaSession
    ) -> None:
        page = part(send(f"sessions/{talk.id}/delete", version=1))
        assert page.all("li.slot") == []
        assert "ist gelöscht" in page.text(".toast p")
        page = part(send("undo"))
        assert page.texts(".slot__title") == [talk.title]
        assert page.text(".toast p").startswith("Rückgängig gemacht:")
        assert page.all(".toast form") == []
        assert part(send("redo")).all("li.slot") == []
        assert send("redo").status_code == 422
        send("undo")
        page = part(send(f"sessions/{talk.id}/duplicate"))
        assert page.texts(".tray .slot__title") == [talk.title]

    def test_a_step_that_somebody_overtook_is_refused_once_and_left_out(
        self, send: Callable[..., TestResponse], workshop: Workshop, talk: AgendaSession
    ) -> None:
        overtaken = add_session(workshop, "Kaffee", starts=time(10), ends=time(10, 30))
        send(f"sessions/{talk.id}/delete", version=1)
        send(f"sessions/{overtaken.id}/delete", version=1)
        db.session.expire_all()
        overtaken.title, overtaken.deleted_at = "Tee", None
        db.session.commit()
        assert send("undo").status_code == 409
        page = part(send("undo"))
        assert sorted(page.texts(".slot__title")) == [talk.title, "Tee"]

    def test_each_action_needs_the_token(
        self, organiser: Visitor, desk: str, talk: AgendaSession
    ) -> None:
        for path in ("undo", "redo", f"sessions/{talk.id}/duplicate", f"sessions/{talk.id}/move"):
            assert organiser.client.post(f"{desk}/{path}").status_code == 400

    def test_as_many_queries_for_many_sessions(
        self, organiser: Visitor, workshop: Workshop, elsewhere: Workshop
    ) -> None:
        fill(workshop, 3)
        fill(elsewhere, 30)
        counts = []
        for each in (workshop, elsewhere):
            desk = f"/{each.slug}/desk/agenda"
            with counted_queries() as reads:
                page = organiser.get(desk)
            first = page.all("li.slot")[0]
            data = {
                **place(each, version=first.get("data-version")),
                "csrf_token": page.one(".plan").get("data-token"),
            }
            number = first.get("id").removeprefix("session-")
            address = f"{desk}/sessions/{number}/move"
            with counted_queries() as moves:
                answer = organiser.client.post(address, data=data, headers={"HX-Request": "1"})
            assert answer.status_code == 200
            counts.append((len(reads), len(moves)))
        assert counts[0] == counts[1]


def test_without_the_version_that_was_seen_nothing_moves(
    send: Callable[..., TestResponse], workshop: Workshop, talk: AgendaSession
) -> None:
    values = place(workshop)
    del values["version"]
    assert send(f"sessions/{talk.id}/move", **values).status_code == 409
    assert stored(talk.id).version == 1
