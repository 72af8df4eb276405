"""The plan and the list as pages."""

from datetime import time

from app.agenda.draft.warnings import WarningKind
from app.agenda.models import AgendaSession, Room, SessionKind, Track
from app.editor.checks import TITLES
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic
from tests.pages import Visitor


class TestPlan:
    def test_a_card_says_all_that_matters(
        self, organiser: Visitor, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(desk)
        card = page.one(f"#session-{talk.id}")
        words = " ".join(card.text_content().split())
        for word in ("09:00–10:00", talk.title, "Jana Tischendorf", "Großer Saal", "2 Hinweise"):
            assert word in words
        assert card.cssselect(".topic-mark")[0].text_content() == "A"
        assert page.texts(".grid__room") == ["Alle Räume", "Großer Saal"]
        assert page.texts(".checks summary") == [
            "Vortragende nicht angemeldet (1)",
            "Ohne Beschreibung (1)",
        ]
        field = page.one("#check-no_abstract a").get("href")
        assert field == f"{desk}/sessions/{talk.id}#abstract"

    def test_breaks_span_all_rooms_unless_something_runs_beside_them(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        kind = SessionKind.BREAK
        lunch = add_session(workshop, "Mittag", kind=kind, starts=time(12), ends=time(13))
        coffee = add_session(workshop, "Kaffee", kind=kind, starts=time(9, 30), ends=time(10))
        page = organiser.get(desk)
        wide = {card.get("id") for card in page.all(".slot--wide")}
        assert wide == {f"session-{lunch.id}"}
        assert "c-1" in page.one(f"#session-{coffee.id}").classes

    def test_the_hours_reach_as_far_as_the_day(
        self, organiser: Visitor, workshop: Workshop, desk: str
    ) -> None:
        add_session(workshop, "Früh", starts=time(6, 40), ends=time(7))
        add_session(workshop, "Spät", starts=time(22), ends=time(23, 55))
        hours = organiser.get(desk).texts(".grid__hour")
        assert (hours[0], hours[-1]) == ("05:00", "23:00")

    def test_a_strange_day_shows_the_first(
        self, organiser: Visitor, workshop: Workshop, desk: str
    ) -> None:
        for asked in ("gestern", "1999-01-01", "", "2026-02-30"):
            page = organiser.get(f"{desk}?day={asked}")
            assert page.one(".plan").get("data-on") == workshop.starts_on.isoformat()

    def test_markup_in_titles_stays_text(
        self, organiser: Visitor, workshop: Workshop, desk: str
    ) -> None:
        add_session(workshop, "<b>fett</b> \"'{}", speakers="<i>Wer</i>")
        page = organiser.get(desk)
        assert page.texts(".slot__title") == ["<b>fett</b> \"'{}"]
        assert page.all("main b, main i") == []

    def test_a_new_session_starts_where_the_plan_says(
        self, organiser: Visitor, workshop: Workshop, desk: str, room: Room
    ) -> None:
        day = workshop.ends_on.isoformat()
        page = organiser.get(f"{desk}/sessions/add?day={day}&starts=11:15&room={room.id}")
        values = page.form_values()
        assert (values["day"], values["starts"]) == ([day], ["11:15"])
        assert values["room_id"] == [str(room.id)]
        odd = organiser.get(f"{desk}/sessions/add?day=x&starts=99&room=x&kind=x").form_values()
        assert odd["day"] == [workshop.starts_on.isoformat()]

    def test_each_kind_of_warning_has_a_title_and_leads_to_its_place(
        self, organiser: Visitor, workshop: Workshop, desk: str, room: Room, talk: AgendaSession
    ) -> None:
        assert set(TITLES) == set(WarningKind)
        add_session(workshop, "Zweite", room_id=room.id, speakers="Jana Tischendorf", abstract="…")
        add_session(workshop, "Heimatlos", starts=time(15), ends=time(16), abstract="…")
        page = organiser.get(desk)
        for kind in (WarningKind.ROOM_TAKEN, WarningKind.PERSON_TWICE, WarningKind.NO_ROOM):
            for link in page.all(f"#check-{kind} a"):
                place = organiser.get(link.get("href"))
                card = place.one(f"#{link.get('href').partition('#')[2]}")
                assert link.text_content() in card.text_content()
        for link in page.all(f"#check-{WarningKind.NO_ABSTRACT} a"):
            form = organiser.get(link.get("href"))
            assert form.one(f"#{link.get('href').partition('#')[2]}").tag == "textarea"
        missing = page.all(f"#check-{WarningKind.SPEAKER_UNREGISTERED} a")
        speaker = {organiser.get(link.get("href")).text("h1") for link in missing}
        assert speaker == {"Jana Tischendorf"}


class TestList:
    def test_a_row_moves_by_its_fields_and_stays_in_the_list(
        self, organiser: Visitor, desk: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(f"{desk}/list")
        page = organiser.submit(page, {"starts": "15:00"}, form=f"#session-{talk.id} form")
        assert page.path == f"{desk}/list"
        assert page.texts(".agenda-clock") == ["15:00–16:00"]
        page = organiser.submit(page, form="form[action$='/undo']")
        assert page.texts(".agenda-clock") == ["09:00–10:00"]
        page = organiser.submit(page, {"minutes": "x"}, form=f"#session-{talk.id} form", status=422)
        assert list(page.errors()) == ["minutes"]

    def test_it_narrows_down_to_room_and_topic(
        self,
        organiser: Visitor,
        workshop: Workshop,
        desk: str,
        talk: AgendaSession,
        room: Room,
        topic: Track,
    ) -> None:
        other_room, other_topic = add_room(workshop, "Aula"), add_topic(workshop, "Kampagnen")
        add_session(workshop, "Aulastunde", room_id=other_room.id, track_id=other_topic.id)
        add_session(workshop, "Frei", day=None, starts=None, ends=None)
        found = {
            f"room={room.id}": [talk.title],
            "room=none": ["Frei"],
            f"topic={other_topic.id}": ["Aulastunde"],
            f"topic={topic.id}&room={other_room.id}": [],
            "": [talk.title, "Aulastunde", "Frei"],
            "room=<x>": [],
        }
        for query, titles in found.items():
            page = organiser.get(f"{desk}/list?{query}")
            assert sorted(page.texts("tbody th > a")) == sorted(titles), query

    def test_warnings_stand_in_their_rows(
        self, organiser: Visitor, workshop: Workshop, desk: str, talk: AgendaSession
    ) -> None:
        add_session(workshop, "Zweite", room_id=talk.room_id, abstract="…")
        hints = organiser.get(f"{desk}/list").texts(f"#session-{talk.id} .list-hint")
        assert hints[0] == "Raum auch belegt durch „Zweite“"


class TestWhatMostLack:
    """A template has no descriptions at all: that is said once."""

    def test_it_is_said_once_and_stands_in_the_list(
        self, organiser: Visitor, workshop: Workshop, desk: str
    ) -> None:
        room = add_room(workshop, "Saal")
        for hour in range(8, 13):
            add_session(
                workshop, f"Um {hour}", starts=time(hour), ends=time(hour, 45), room_id=room.id
            )
        page = organiser.get(desk)
        assert page.texts("#checks-title") == ["Bitte prüfen (1)"]
        link = page.one("#check-no_abstract a")
        assert link.text == "5 von 5 Programmpunkten: in der Liste zeigen"
        assert page.all(".slot__warnings") == []

        add_session(workshop, "Mit Text", starts=time(14), ends=time(15), abstract="…")
        found = organiser.get(link.get("href"))
        assert found.texts("tbody th > a") == [f"Um {hour}" for hour in range(8, 13)]
        assert found.one("#check option[selected]").get("value") == "no_abstract"

    def test_few_are_named(self, organiser: Visitor, workshop: Workshop, desk: str) -> None:
        room = add_room(workshop, "Saal")
        for hour in range(8, 14):
            text = "" if hour < 11 else "…"
            add_session(
                workshop,
                f"Um {hour}",
                starts=time(hour),
                ends=time(hour, 45),
                room_id=room.id,
                abstract=text,
            )
        page = organiser.get(desk)
        assert page.texts("#check-no_abstract a") == ["Um 8", "Um 9", "Um 10"]
        assert len(page.all(".slot__warnings")) == 3
