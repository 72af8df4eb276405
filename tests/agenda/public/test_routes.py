"""The programme's pages as visitors and organisers meet them."""

from collections.abc import Callable
from datetime import time

import pytest
import sqlalchemy as sa

from app.accounts.models import Role
from app.agenda.draft import service
from app.agenda.models import AgendaSession, Room, SessionKind, SignUpMode, Speaker, Track
from app.agenda.releases import service as releases
from app.extensions import db, now
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_room, add_session, fill
from tests.counting import counted_queries
from tests.pages import Visitor


@pytest.fixture
def address(workshop: Workshop) -> str:
    return f"/{workshop.slug}/agenda"


class TestPublicPage:
    def test_visitors_read_that_it_is_being_drawn_up(
        self, visitor: Visitor, address: str, talk: AgendaSession
    ) -> None:
        page = visitor.get(address)
        assert page.texts(".empty__title") == ["Das Programm wird noch erarbeitet"]
        assert talk.title not in page.text()
        assert page.all(f"a[href='{address}.ics']") == []
        visitor.get(f"{address}.ics", status=404, lint=False)

    def test_organisers_see_the_draft_and_know_it(
        self, organiser: Visitor, address: str, talk: AgendaSession
    ) -> None:
        page = organiser.get(address)
        assert page.texts(".kern-alert--warning .kern-title") == ["Entwurf"]
        assert page.texts(".agenda-card h3") == [talk.title]

    def test_organisers_see_a_session_as_a_release_would_show_it(
        self, organiser: Visitor, visitor: Visitor, workshop: Workshop, address: str
    ) -> None:
        room = add_room(workshop, "Labor", seats=30)
        made = add_session(
            workshop, "Übung", room_id=room.id, speakers="Jana Tischendorf", sign_up=SignUpMode.OPEN
        )
        db.session.scalars(sa.select(Speaker)).one().about = "Leitet die Pressestelle."
        db.session.commit()
        facts = ".facts, .agenda-people"

        page = organiser.get(f"{address}/{made.id}")
        draft = page.texts(facts)
        assert page.texts(".kern-alert--warning .kern-title") == ["Entwurf"]
        assert "30" in page.texts(".facts dd")
        assert "Leitet die Pressestelle." in page.text(".agenda-people")
        releases.release(workshop)
        db.session.commit()
        assert visitor.get(f"{address}/{made.id}").texts(facts) == draft

    def test_staff_do_not_see_the_draft(
        self, sign_in: Callable[..., Visitor], address: str, talk: AgendaSession
    ) -> None:
        assert sign_in(Role.STAFF).get(address).all(".agenda-card") == []

    def test_sessions_stand_by_day_with_time_room_topic_and_speakers(
        self, visitor: Visitor, workshop: Workshop, address: str, talk: AgendaSession
    ) -> None:
        add_session(workshop, "Ausblick", day=workshop.ends_on, abstract="Erst")
        add_session(workshop, "Kaffee", kind=SessionKind.BREAK, starts=time(10), ends=time(10, 30))
        releases.release(workshop)
        db.session.commit()
        page = visitor.get(address)
        days = [e.get("datetime") for e in page.all("main h2 time")]
        assert days == [workshop.starts_on.isoformat(), workshop.ends_on.isoformat()]
        assert page.texts(".agenda-block__time") == ["09:00–10:00", "10:00–10:30", "09:00–10:00"]
        first = page.all(".agenda-card")[0]
        assert first.cssselect(".agenda-card__room")[0].text_content() == "Großer Saal"
        assert first.cssselect(".topic span")[-1].text_content() == "Katastrophenfall"
        assert first.cssselect(".topic-mark")[0].text_content() == "A"
        assert first.cssselect(".agenda-card__speakers")[0].text_content() == "Jana Tischendorf"
        assert page.texts(".agenda-card--quiet h3") == ["Kaffee"]
        starts = first.getparent().getparent().cssselect("time")[0].get("datetime")
        assert talk.starts_at
        assert starts == talk.starts_at.astimezone(workshop.zone).isoformat("T", "minutes")

    def test_markup_and_internal_notes_stay_out(
        self, visitor: Visitor, workshop: Workshop, address: str
    ) -> None:
        add_session(workshop, "<b>fett</b> & {{ 7*7 }}", notes="Geheim", abstract="<script>x")
        releases.release(workshop)
        db.session.commit()
        answer = visitor.get(address, lint=False)
        assert answer.texts(".agenda-card h3") == ["<b>fett</b> & {{ 7*7 }}"]
        assert answer.all("main b, main script") == []
        assert "Geheim" not in answer.response.text

    def test_the_present_session_is_marked(self, visitor: Visitor, ctx: object) -> None:
        today = now().date()
        running = factories.make_workshop(
            starts_on=today, ends_on=today, timezone="UTC", slug="heute"
        )
        # From midnight to a minute before it, so that the test holds at nearly every moment.
        add_session(running, "Jetzt dran", starts=time(0), ends=time(23, 59))
        releases.release(running)
        db.session.commit()
        page = visitor.get("/heute/agenda")
        assert page.one("#now").get("aria-current") == "time"
        assert page.text(".agenda-card__now") == "Jetzt"
        assert page.all(".agenda-bar__days a")[-1].get("href") == "#now"

    def test_nothing_is_marked_on_other_days(
        self, visitor: Visitor, workshop: Workshop, address: str
    ) -> None:
        fill(workshop, 3)
        assert visitor.get(address).all("[aria-current=time]") == []

    def test_as_many_queries_for_many_sessions(
        self, visitor: Visitor, workshop: Workshop, elsewhere: Workshop
    ) -> None:
        fill(workshop, 3)
        fill(elsewhere, 30)
        counts = []
        for each in (workshop, elsewhere):
            db.session.expire_all()
            slug = each.slug
            with counted_queries() as statements:
                page = visitor.get(f"/{slug}/agenda")
            counts.append((len(page.all(".agenda-card")), len(statements)))
        assert counts == [(3, 4), (30, 4)]

    def test_a_private_agenda_is_for_participants_and_the_team(
        self,
        visitor: Visitor,
        sign_in: Callable[..., Visitor],
        workshop: Workshop,
        address: str,
        talk: AgendaSession,
    ) -> None:
        releases.release(workshop)
        db.session.commit()
        organiser = sign_in(Role.ORGANISER)
        settings = organiser.get(f"/{workshop.slug}/desk/settings")
        organiser.submit(settings, {"agenda_is_private": "y"})
        page = visitor.get(address, status=403)
        assert "über den persönlichen Link" in page.text()
        assert talk.title not in page.response.get_data(as_text=True)
        visitor.get(f"{address}.ics", status=404, lint=False)
        assert visitor.get(f"/{workshop.slug}/").all(f"main a[href='{address}']") == []
        team = sign_in(Role.STAFF)
        assert team.get(address).texts(".agenda-card h3") == [talk.title]
        team.get(f"{address}.ics", lint=False)

    def test_the_calendar_file(self, visitor: Visitor, workshop: Workshop, address: str) -> None:
        fill(workshop, 3)
        answer = visitor.get(f"{address}.ics").response
        assert answer.mimetype == "text/calendar"
        assert answer.get_data().count(b"BEGIN:VEVENT") == 3


class TestSelection:
    def test_a_topic_and_a_room_narrow_it_down_and_are_taken_back(
        self, visitor: Visitor, workshop: Workshop, address: str, talk: AgendaSession
    ) -> None:
        side = add_room(workshop, "Raum 2")
        add_session(workshop, "Film", room_id=side.id, track_id=talk.track_id)
        add_session(workshop, "Ausblick", room_id=side.id, starts=time(11), ends=time(12))
        releases.release(workshop)
        db.session.commit()
        page = visitor.get(f"{address}?track={talk.track_id}")
        assert page.texts(".agenda-card h3") == ["Lage im Netz", "Film"]
        assert page.text(".agenda-found") == "2 Programmpunkte · Alle zeigen"
        both = page.all(".agenda-bar__rooms a")[1].get("href")
        assert both == f"{address}?track={talk.track_id}&room={side.id}"
        page = visitor.get(both)
        assert page.texts(".agenda-card h3") == ["Film"]
        chosen = page.all("a.chip--chosen")
        assert [a.get("href") for a in chosen] == [
            f"{address}?room={side.id}",
            f"{address}?track={talk.track_id}",
        ]
        assert visitor.get(chosen[0].get("href")).texts(".agenda-card h3") == ["Film", "Ausblick"]
        assert visitor.get(f"{address}?room={talk.room_id}&track={talk.track_id}").all("h3 a")

    def test_nothing_in_common_says_so(
        self, visitor: Visitor, workshop: Workshop, address: str, talk: AgendaSession
    ) -> None:
        side = add_room(workshop, "Raum 2")
        add_session(workshop, "Ausblick", room_id=side.id)
        releases.release(workshop)
        db.session.commit()
        page = visitor.get(f"{address}?track={talk.track_id}&room={side.id}")
        assert page.text(".empty__title") == "Kein Programmpunkt passt zu beidem"

    @pytest.mark.parametrize(
        "query", ["track=9999&room=x", "track=-1", "track=1e9", f"room={'9' * 40}", "track=", "a=b"]
    )
    def test_what_no_session_has_is_no_filter(
        self, visitor: Visitor, workshop: Workshop, address: str, query: str
    ) -> None:
        fill(workshop, 3)
        page = visitor.get(f"{address}?{query}")
        assert len(page.all(".agenda-card")) == 3
        assert page.all(".chip--chosen, .agenda-found") == []


class TestSessionPage:
    @pytest.fixture
    def released(self, workshop: Workshop, room: Room, topic: Track) -> list[AgendaSession]:
        made = [
            add_session(
                workshop,
                title,
                room_id=room.id,
                track_id=topic.id,
                starts=time(hour),
                ends=time(hour + 1),
                abstract="# Ziel\n\n**Ruhig** bleiben <b>nicht</b>",
                speakers="Jana Tischendorf, LKA",
                chair="Ole Brandt",
                language="en",
                sign_up=SignUpMode.OPEN,
                seats=12,
            )
            for title, hour in (("Erste Stunde", 9), ("Zweite Stunde", 10), ("Dritte Stunde", 11))
        ]
        jana = db.session.scalars(sa.select(Speaker).filter_by(name="Jana Tischendorf")).first()
        assert jana
        jana.about = "Leitet die *Pressestelle*."
        releases.release(workshop)
        db.session.commit()
        return made

    def test_all_about_a_session(
        self, visitor: Visitor, address: str, released: list[AgendaSession]
    ) -> None:
        url = f"{address}/{released[1].id}"
        assert visitor.get(address).all(f".agenda-card h3 a[href='{url}']")
        with counted_queries() as queries:
            page = visitor.get(url)
        assert len(queries) == 2
        assert (page.text("h1"), page.text(".lead")) == ("Zweite Stunde", "Vortrag")
        facts = dict(zip(page.texts(".facts dt"), page.texts(".facts dd"), strict=True))
        assert facts["Wann"].endswith(", 10:00–11:00 Uhr")
        del facts["Wann"]
        assert facts == {
            "Raum": "Großer Saal",
            "Thema": "AKatastrophenfall",
            "Sprache": "Englisch",
            "Moderation": "Ole Brandt",
            "Plätze": "12",
        }
        assert page.texts(".agenda-text strong, .agenda-text em") == ["Ruhig", "Pressestelle"]
        assert page.texts(".agenda-people h3, .agenda-people > li > p") == [
            "Jana Tischendorf",
            "LKA",
        ]
        assert "Anmeldung zu diesem Programmpunkt über Ihren persönlichen Link" in page.text()
        assert [a.get("href") for a in page.all(".agenda-beside a")] == [
            f"{address}/{released[0].id}",
            f"{address}/{released[2].id}",
        ]
        file = visitor.get(f"{url}.ics").response
        assert (file.mimetype, file.get_data().count(b"BEGIN:VEVENT")) == ("text/calendar", 1)

    def test_a_cancelled_one_says_so_and_unknown_ones_do_not_exist(
        self, visitor: Visitor, workshop: Workshop, address: str, released: list[AgendaSession]
    ) -> None:
        service.delete_session(workshop, released[1].id, version=released[1].version)
        visitor.get(f"{address}/{released[1].id}")  # as long as that is not released
        releases.release(workshop)
        db.session.commit()
        page = visitor.get(f"{address}/{released[1].id}", status=410)
        assert page.texts(".kern-alert--warning .kern-title") == ["Entfällt"]
        assert page.all(".page-head__actions a, .agenda-signup") == []
        assert b"STATUS:CANCELLED" in visitor.get(f"{address}/{released[1].id}.ics").response.data
        assert "Zweite Stunde" not in visitor.get(address).text()
        for path in ("9999", "9999.ics", "x"):
            visitor.get(f"{address}/{path}", status=404)

    def test_a_draft_is_the_organisers_and_a_private_one_the_teams(
        self,
        visitor: Visitor,
        organiser: Visitor,
        workshop: Workshop,
        address: str,
        released: list[AgendaSession],
    ) -> None:
        url = f"{address}/{released[0].id}"
        workshop.agenda_is_private = True
        db.session.commit()
        assert "Erste Stunde" not in visitor.get(url, status=403).text()
        visitor.get(f"{url}.ics", status=404)
        organiser.get(f"{url}.ics")
        workshop.agenda_is_private = False
        releases.withdraw(workshop)
        db.session.commit()
        visitor.get(url, status=404)
        assert organiser.get(url).texts(".kern-alert--warning .kern-title") == ["Entwurf"]
