"""Sessions as organisers type them: every field, two editors, and what a deletion says."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry
from app.agenda.draft import service
from app.agenda.models import AgendaSession, Room, SessionRole, SignUpMode, Track
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic, draft
from tests.pages import Visitor

LONG_AGO = "2001-01-01"


@pytest.fixture
def address(workshop: Workshop) -> str:
    return f"/{workshop.slug}/agenda"


@pytest.fixture
def desk(workshop: Workshop) -> str:
    return f"/{workshop.slug}/desk/agenda"


def session_typed(workshop: Workshop, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "talk",
        "title": "Lage im Netz",
        "day": workshop.starts_on.isoformat(),
        "starts": "09:00",
        "ends": "10:00",
        **changes,
    }


def stored() -> list[AgendaSession]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            sa.select(AgendaSession).filter_by(deleted_at=None).order_by(AgendaSession.starts_at)
        )
    )


class TestSessions:
    def test_added_with_everything(
        self, organiser: Visitor, workshop: Workshop, desk: str, room: Room, topic: Track
    ) -> None:
        page = organiser.get(f"{desk}/sessions/add?day={workshop.ends_on}")
        assert page.form_values()["day"] == [workshop.ends_on.isoformat()]
        typed = {
            "title": "  Ünïcode 🚒 „Lage“ ",
            "starts": "14:00",
            "ends": "15:30",
            "room_id": str(room.id),
            "track_id": str(topic.id),
            "speakers": "Łukasz Brandt, Zoll\r\n\r\nJana Öz",
            "chair": "Jana Öz",
            "language": "en",
            "seats": "12",
            "sign_up": "wishes",
            "abstract": "Erste Zeile\r\nzweite",
            "notes": "Beamer prüfen",
        }
        page = organiser.submit(page, typed)
        assert page.path == desk
        assert page.texts(".kern-alert--success .kern-title")[0] == (
            "„Ünïcode 🚒 „Lage““ ist gespeichert."
        )
        (session,) = stored()
        assert session.starts_at is not None
        assert session.starts_at.astimezone(workshop.zone).date() == workshop.ends_on
        assert (session.title, session.room_id, session.track_id) == (
            "Ünïcode 🚒 „Lage“",
            room.id,
            topic.id,
        )
        assert (session.abstract, session.notes) == ("Erste Zeile\nzweite", "Beamer prüfen")
        assert (session.language, session.seats) == ("en", 12)
        assert (session.sign_up, session.minutes) == (SignUpMode.WISHES, 90)
        assert [(p.speaker.label, p.role) for p in session.people] == [
            ("Łukasz Brandt, Zoll", SessionRole.SPEAKER),
            ("Jana Öz", SessionRole.SPEAKER),
            ("Jana Öz", SessionRole.CHAIR),
        ]

    def test_without_a_day_it_lies_in_the_tray_with_its_length(
        self, organiser: Visitor, workshop: Workshop, desk: str
    ) -> None:
        page = organiser.get(f"{desk}/sessions/add")
        typed = session_typed(workshop, day="", starts="", ends="neun", minutes="4")
        page = organiser.submit(page, typed, status=422)
        assert page.errors() == {"minutes": "Geben Sie eine Zahl von 5 bis 1440 an."}
        organiser.submit(page, {"minutes": "45"})
        (session,) = stored()
        assert (session.starts_at, session.ends_at, session.minutes) == (None, None, 45)
        page = organiser.get(f"{desk}/sessions/{session.id}")
        assert page.form_values()["minutes"] == ["45"]
        assert page.form_values()["day"] == [""]

    def test_a_break_is_suggested_after_the_last_session(
        self, organiser: Visitor, desk: str, talk: AgendaSession
    ) -> None:
        values = organiser.get(f"{desk}/sessions/add?kind=break").form_values()
        assert (values["kind"], values["title"], values["starts"]) == (
            ["break"],
            ["Pause"],
            ["10:00"],
        )
        assert values["room_id"] == [""]

    @pytest.mark.parametrize("query", ["?day=nonsense&kind=nonsense", "?day=2001-01-01&kind="])
    def test_nonsense_in_the_address_is_passed_over(
        self, organiser: Visitor, workshop: Workshop, desk: str, query: str
    ) -> None:
        values = organiser.get(f"{desk}/sessions/add{query}").form_values()
        assert (values["day"], values["kind"]) == ([workshop.starts_on.isoformat()], ["talk"])

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("title", "", "Geben Sie einen Titel ein."),
            ("title", "   ", "Geben Sie einen Titel ein."),
            ("title", None, "Geben Sie einen Titel ein."),
            ("title", "x" * 201, "Verwenden Sie höchstens 200 Zeichen."),
            ("title", "a\x07b", None),
            ("kind", "", "Wählen Sie einen Eintrag aus der Liste."),
            ("kind", "party", "Wählen Sie einen Eintrag aus der Liste."),
            ("day", LONG_AGO, "Wählen Sie einen der Tage des Workshops."),
            ("day", "morgen", "Wählen Sie einen Eintrag aus der Liste."),
            ("starts", "", "Geben Sie den Beginn an."),
            ("starts", "neun", "Geben Sie eine Uhrzeit an, zum Beispiel 09:30."),
            ("starts", "25:00", "Geben Sie eine Uhrzeit an, zum Beispiel 09:30."),
            ("ends", "", "Geben Sie das Ende an."),
            ("ends", "09:00", "Das Ende muss nach dem Beginn liegen."),
            ("ends", "08:00", "Das Ende muss nach dem Beginn liegen."),
            ("room_id", "999999999999999999999", "Wählen Sie einen Eintrag aus der Liste."),
            ("room_id", "1; DROP TABLE rooms", "Wählen Sie einen Eintrag aus der Liste."),
            ("track_id", "-1", "Wählen Sie einen Eintrag aus der Liste."),
            ("ends", "09:04", "Ein Programmpunkt dauert 5 Minuten bis 24 Stunden."),
            ("speakers", "x" * 1001, "Verwenden Sie höchstens 1000 Zeichen."),
            ("chair", "x" * 501, "Verwenden Sie höchstens 500 Zeichen."),
            ("abstract", "x" * 5001, "Verwenden Sie höchstens 5000 Zeichen."),
            ("language", "xx", "Wählen Sie einen Eintrag aus der Liste."),
            ("seats", "0", "Geben Sie eine Zahl von 1 bis 9999 an."),
            ("seats", "viele", "Geben Sie eine Zahl von 1 bis 9999 an."),
            ("sign_up", "lotto", "Wählen Sie einen Eintrag aus der Liste."),
            ("notes", "x" * 2001, "Verwenden Sie höchstens 2000 Zeichen."),
        ],
    )
    def test_bad_input_is_named_at_its_field_and_kept(
        self,
        organiser: Visitor,
        workshop: Workshop,
        desk: str,
        field: str,
        typed: str | None,
        message: str | None,
    ) -> None:
        page = organiser.get(f"{desk}/sessions/add")
        sent = session_typed(workshop, speakers="Bleibt stehen", abstract="Bleibt auch")
        page = organiser.submit(page, {**sent, field: typed}, status=422)
        errors = page.errors()
        assert list(errors) == [field]
        if message:
            assert errors[field] == message
        values = page.form_values()
        for name, value in sent.items():
            if name != field:
                assert values[name] == [value]
        if typed and field in {"starts", "ends", "speakers", "abstract", "notes"}:
            assert values[field] == [typed]
        assert stored() == []

    def test_right_to_left_marks_are_taken_out(
        self, organiser: Visitor, workshop: Workshop, desk: str
    ) -> None:
        page = organiser.get(f"{desk}/sessions/add")
        organiser.submit(page, session_typed(workshop, title="ab\u202ecd עברית"))
        assert [s.title for s in stored()] == ["abcd עברית"]

    def test_rooms_and_topics_of_other_workshops_are_refused(
        self, organiser: Visitor, workshop: Workshop, elsewhere: Workshop, desk: str
    ) -> None:
        theirs = {
            "room_id": str(add_room(elsewhere, "Saal").id),
            "track_id": str(add_topic(elsewhere, "Thema").id),
        }
        page = organiser.get(f"{desk}/sessions/add")
        page = organiser.submit(page, session_typed(workshop, **theirs), status=422)
        assert sorted(page.errors()) == ["room_id", "track_id"]
        assert stored() == []

    def test_edited(self, organiser: Visitor, desk: str, talk: AgendaSession) -> None:
        page = organiser.get(f"{desk}/sessions/{talk.id}")
        assert page.form_values()["starts"] == ["09:00"]
        organiser.submit(page, {"title": "Neu", "room_id": ""})
        (session,) = stored()
        assert (session.title, session.room_id, session.version) == ("Neu", None, 2)
        assert session.track_id is not None

    def test_a_rare_language_survives_an_edit(
        self, organiser: Visitor, workshop: Workshop, desk: str
    ) -> None:
        session = add_session(workshop, "Incontro", language="it")
        page = organiser.get(f"{desk}/sessions/{session.id}")
        assert page.form_values()["language"] == ["it"]
        organiser.submit(page, {"title": "Begegnung"})
        assert [(s.title, s.language) for s in stored()] == [("Begegnung", "it")]

    def test_the_second_editor_keeps_the_text_and_sees_the_other_version(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(f"{desk}/sessions/{talk.id}")
        service.change_session(workshop, talk.id, draft(workshop, title="Erste"), version=1)
        db.session.commit()
        page = organiser.submit(page, {"title": "Zweite", "notes": "Mühe"}, status=422)
        assert page.form_values()["title"] == ["Zweite"]
        assert page.form_values()["notes"] == ["Mühe"]
        (message,) = page.texts(".error-summary li")
        assert re.fullmatch(
            r"Jemand anderes hat „Erste“ um \d\d:\d\d Uhr geändert:"
            r" Titel, Raum, Thema, Vortragende\.",
            message,
        )
        other = page.one(".kern-alert--warning a").get("href")
        assert organiser.get(other).form_values()["title"] == ["Erste"]
        assert [s.title for s in stored()] == ["Erste"]
        # Whoever has read that and saves again means it.
        organiser.submit(page)
        assert [(s.title, s.version) for s in stored()] == [("Zweite", 3)]

    def test_what_was_typed_outlives_a_deleted_session(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(f"{desk}/sessions/{talk.id}")
        service.delete_session(workshop, talk.id, version=1)
        db.session.commit()
        page = organiser.submit(page, {"title": "Mühe"}, status=422)
        (message,) = page.texts(".error-summary li")
        assert re.fullmatch(
            r"Jemand anderes hat „Lage im Netz“ um \d\d:\d\d Uhr gelöscht\.", message
        )
        organiser.submit(page)
        assert [s.title for s in stored()] == ["Mühe"]

    def test_deleting_asks_first(self, organiser: Visitor, desk: str, talk: AgendaSession) -> None:
        page = organiser.get(f"{desk}/sessions/{talk.id}/delete")
        assert talk.title in page.text()
        assert len(stored()) == 1
        assert organiser.submit(page).path == desk
        assert stored() == []
        actions = db.session.scalars(sa.select(JournalEntry.action).order_by(JournalEntry.id)).all()
        assert actions[-1] == "agenda.session_deleted"

    def test_deleting_what_somebody_has_just_changed_is_refused(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(f"{desk}/sessions/{talk.id}/delete")
        service.change_session(workshop, talk.id, draft(workshop, title="Wichtig"), version=1)
        db.session.commit()
        page = organiser.submit(page, status=422)
        assert "Wichtig" in page.text()
        assert [s.title for s in stored()] == ["Wichtig"]

    def test_a_room_taken_twice_is_a_warning_only(
        self, organiser: Visitor, workshop: Workshop, desk: str, room: Room, talk: AgendaSession
    ) -> None:
        page = organiser.get(f"{desk}/sessions/add")
        typed = session_typed(workshop, title="Zweite", starts="09:30", room_id=str(room.id))
        page = organiser.submit(page, typed)
        assert page.path == desk
        assert page.texts(".slot--clash .slot__title") == [talk.title, "Zweite"]
        assert page.texts(".checks summary")[0] == "Raum doppelt belegt (2)"

    def test_sessions_left_behind_by_new_dates_can_be_moved(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        before = workshop.starts_on
        workshop.starts_on += timedelta(days=7)
        workshop.ends_on += timedelta(days=7)
        first = workshop.starts_on
        db.session.commit()
        assert (
            organiser.get(desk).texts(".checks summary")[0]
            == "Außerhalb der Tage des Workshops (1)"
        )
        page = organiser.get(f"{desk}/sessions/{talk.id}")
        assert page.form_values()["day"] == [before.isoformat()]
        page = organiser.submit(page, status=422)
        assert list(page.errors()) == ["day"]
        organiser.submit(page, {"day": first.isoformat()})
        (session,) = stored()
        assert session.starts_at is not None
        assert session.starts_at.date() == first
