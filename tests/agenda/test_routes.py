"""The programme's pages as visitors and organisers meet them."""

from collections.abc import Callable
from datetime import time

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry, Role
from app.agenda import releases
from app.agenda.models import AgendaSession, SessionKind
from app.extensions import db, now
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_session, fill
from tests.counting import counted_queries
from tests.pages import Visitor


@pytest.fixture
def address(workshop: Workshop) -> str:
    return f"/{workshop.slug}/agenda"


@pytest.fixture
def desk(workshop: Workshop) -> str:
    return f"/{workshop.slug}/desk/agenda"


def stored() -> list[AgendaSession]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(AgendaSession).order_by(AgendaSession.starts_at)))


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

    def test_staff_do_not_see_the_draft(
        self, sign_in: Callable[..., Visitor], address: str, talk: AgendaSession
    ) -> None:
        assert sign_in(Role.STAFF).get(address).all(".agenda-card") == []

    def test_sessions_stand_by_day_with_time_room_topic_and_speakers(
        self, visitor: Visitor, workshop: Workshop, address: str, talk: AgendaSession
    ) -> None:
        add_session(workshop, "Ausblick", day=workshop.ends_on, abstract="Erst\nDann")
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
        assert counts == [(3, 2), (30, 2)]

    def test_a_private_agenda_is_for_participants_and_the_team(
        self,
        visitor: Visitor,
        sign_in: Callable[..., Visitor],
        workshop: Workshop,
        address: str,
        talk: AgendaSession,
    ) -> None:
        releases.release(workshop)
        workshop.agenda_is_private = True
        db.session.commit()
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


class TestRelease:
    def test_released_and_withdrawn(
        self, organiser: Visitor, visitor: Visitor, desk: str, address: str, talk: AgendaSession
    ) -> None:
        page = organiser.submit(organiser.get(desk), form="form[action$='/release']")
        assert page.texts(".alert.kern-alert--success .kern-title") == [
            "Das Programm ist veröffentlicht.",
            "Veröffentlicht",
        ]
        assert visitor.get(address).texts(".agenda-card h3") == [talk.title]
        question = organiser.get(f"{desk}/withdraw")
        assert visitor.get(address).all(".agenda-card") != []
        organiser.submit(question)
        assert visitor.get(address).all(".agenda-card") == []
        actions = db.session.scalars(sa.select(JournalEntry.action).order_by(JournalEntry.id)).all()
        assert actions[-2:] == ["agenda.released", "agenda.withdrawn"]

    def test_an_empty_programme_offers_no_release(self, organiser: Visitor, desk: str) -> None:
        page = organiser.get(desk)
        assert page.all("form[action$='/release']") == []
        token = page.all("input[name=csrf_token]")[0].get("value")
        answer = organiser.client.post(f"{desk}/release", data={"csrf_token": token})
        assert answer.status_code == 303
        assert organiser.get(desk).texts(".kern-alert--warning .kern-title") == [
            "Fügen Sie den ersten Programmpunkt hinzu, bevor Sie das Programm veröffentlichen."
        ]

    def test_release_needs_the_token(
        self, organiser: Visitor, desk: str, address: str, talk: AgendaSession
    ) -> None:
        assert organiser.client.post(f"{desk}/release").status_code == 400
        assert organiser.get(address).texts(".kern-alert--warning .kern-title") == ["Entwurf"]
