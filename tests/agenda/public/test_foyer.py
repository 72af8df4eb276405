"""The screen at the venue: what it shows at which moment, and to whom."""

from datetime import UTC, date, datetime, time

import pytest

from app.agenda.models import SessionKind
from app.agenda.public.foyer import Screen, make_screen
from app.agenda.releases import service as releases
from app.agenda.timetable import Slot
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic, filled_days
from tests.counting import counted_queries
from tests.pages import Visitor


@pytest.fixture
def two_days(workshop: Workshop) -> Workshop:
    """Two rooms side by side between a welcome and a lunch; one session on the second day."""
    workshop.starts_on, workshop.ends_on = date(2026, 12, 4), date(2026, 12, 5)
    hall, side = add_room(workshop, "Saal", position=1), add_room(workshop, "Raum 2", position=2)
    topic = add_topic(workshop, "Katastrophenfall")
    add_session(workshop, "Begrüßung", room_id=hall.id, speakers="Jana Tischendorf, LKA")
    for room, title, starts, ends in (
        (hall, "Lage", time(10), time(11, 30)),
        (side, "Film", time(10), time(10, 30)),
        (side, "Ton", time(10, 30), time(11, 30)),
    ):
        add_session(workshop, title, room_id=room.id, starts=starts, ends=ends, track_id=topic.id)
    add_session(
        workshop, "Mittagspause", kind=SessionKind.BREAK, starts=time(11, 30), ends=time(12)
    )
    add_session(workshop, "Abschied", day=workshop.ends_on, room_id=side.id)
    releases.release(workshop)
    db.session.commit()
    return workshop


def at(clock: str, day: int = 4) -> datetime:
    return datetime.fromisoformat(f"2026-12-{day:02}T{clock}+01:00")


def screen(workshop: Workshop, moment: datetime, room: str | None = None) -> Screen:
    slots = [slot for day in filled_days(workshop) for slot in day.slots]
    room_id = next((slot.room_id for slot in slots if slot.room == room), None)
    return make_screen(slots, moment, room_id)


def titles(slots: tuple[Slot, ...]) -> list[str]:
    return [slot.title for slot in slots]


def columns(shown: Screen) -> list[tuple[str, str | None, str | None]]:
    return [
        (c.room, c.on.title if c.on else None, c.then.title if c.then else None)
        for c in shown.columns
    ]


class TestMoments:
    def test_before_the_first_session_its_start_is_told(self, two_days: Workshop) -> None:
        days_before = screen(two_days, at("20:00", day=1))
        assert (titles(days_before.then), days_before.is_other_day) == (["Begrüßung"], True)
        on_the_day = screen(two_days, at("08:48"))
        assert (titles(on_the_day.then), on_the_day.is_other_day) == (["Begrüßung"], False)
        assert on_the_day.minutes_to_change(at("08:48")) == 12

    def test_one_session_alone_with_what_follows_in_each_room(self, two_days: Workshop) -> None:
        shown = screen(two_days, at("09:00"))
        assert shown.alone
        assert shown.alone.title == "Begrüßung"
        assert titles(shown.then) == ["Lage", "Film"]
        assert shown.minutes_to_change(at("09:00")) is None  # a whole hour

    def test_rooms_side_by_side(self, two_days: Workshop) -> None:
        shown = screen(two_days, at("10:10"))
        assert columns(shown) == [("Saal", "Lage", "Mittagspause"), ("Raum 2", "Film", "Ton")]
        assert (shown.alone, shown.then) == (None, ())
        assert shown.change == at("10:30")

    def test_what_is_next_for_all_rooms_is_told_once(self, two_days: Workshop) -> None:
        shown = screen(two_days, at("10:30"))
        assert columns(shown) == [("Saal", "Lage", None), ("Raum 2", "Ton", None)]
        assert titles(shown.then) == ["Mittagspause"]

    def test_the_last_minute_belongs_to_the_next_session(self, two_days: Workshop) -> None:
        assert screen(two_days, at("11:29:59")).columns
        shown = screen(two_days, at("11:30"))
        assert shown.alone
        assert (shown.alone.title, shown.then) == ("Mittagspause", ())
        assert screen(two_days, at("11:29:59")).minutes_to_change(at("11:29:59")) == 1

    def test_between_the_days_and_after_the_last(self, two_days: Workshop) -> None:
        night = screen(two_days, at("23:30"))
        assert (titles(night.then), night.is_other_day, night.is_over) == (
            ["Abschied"],
            True,
            False,
        )
        assert screen(two_days, at("10:00", day=5)).is_over

    def test_a_door_shows_its_room_and_what_is_for_all(self, two_days: Workshop) -> None:
        shown = screen(two_days, at("09:30"), "Raum 2")
        assert (shown.alone, titles(shown.then)) == (None, ["Film"])
        assert titles(shown.later) == ["Ton", "Mittagspause"]

    def test_the_day_is_the_places_own(self, two_days: Workshop) -> None:
        assert screen(two_days, at("00:30").astimezone(UTC)).is_other_day is False


class TestPage:
    def test_organisers_try_a_moment_and_others_see_the_present(
        self, two_days: Workshop, organiser: Visitor, visitor: Visitor
    ) -> None:
        url = f"/{two_days.slug}/agenda/now?at=2026-12-04T10:18"
        page = organiser.get(url)
        assert page.text("h1") == two_days.title
        assert page.text(".foyer-clock") == "10:18"
        assert page.texts(".foyer-room h2") == ["Saal", "Raum 2"]
        assert page.texts(".foyer-room .foyer-title") == ["Lage", "Film"]
        assert page.texts(".foyer-until") == ["bis 11:30 Uhr", "bis 10:30 Uhr"]
        assert page.text(".foyer-change") == "Nächster Wechsel um 10:30 Uhr in 12 Minuten"
        assert page.all("noscript meta[http-equiv=refresh]")
        assert visitor.get(url).all(".foyer-room") == []
        for odd in ("gestern", "0001-01-01T00:00", "2026-12-04T10:18+99:00", ""):
            organiser.get(f"/{two_days.slug}/agenda/now?at={odd}&room=abc&theme=<")

    def test_one_room_bright_and_with_speakers(
        self, two_days: Workshop, organiser: Visitor
    ) -> None:
        plan = organiser.get(f"/{two_days.slug}/agenda")
        room = plan.all(".agenda-bar__rooms a")[0].get("href").partition("room=")[2]
        page = organiser.get(
            f"/{two_days.slug}/agenda/now?room={room}&theme=light&at=2026-12-04T09:30"
        )
        assert (page.text("h1"), page.one("body").get("class")) == ("Saal", "foyer foyer--light")
        assert page.text(".foyer-people") == "Jana Tischendorf, LKA"
        assert page.text(".foyer-where") == "bis 10:00 Uhr"
        assert page.texts(".foyer-next strong") == ["Lage", "Mittagspause"]
        part = page.one("[data-foyer]").get("data-foyer")
        assert "Begrüßung" in organiser.get(part, lint=False).text(".foyer-alone")

    def test_the_part_is_sent_only_when_it_has_changed(
        self, two_days: Workshop, visitor: Visitor
    ) -> None:
        url = f"/{two_days.slug}/agenda/now/part"
        with counted_queries() as queries:
            first = visitor.get(url, lint=False).response
        assert len(queries) == 2
        known = {"If-None-Match": first.headers["ETag"]}
        assert visitor.client.get(url, headers=known).status_code == 304
        releases.withdraw(two_days)
        db.session.commit()
        answer = visitor.client.get(url, headers=known)
        assert "Das Programm wird noch erarbeitet" in answer.get_data(as_text=True)

    def test_an_empty_draft_says_no_goodbye(self, workshop: Workshop, organiser: Visitor) -> None:
        page = organiser.get(f"/{workshop.slug}/agenda/now")
        assert page.texts(".foyer-title") == ["Das Programm wird noch erarbeitet"]

    def test_a_private_agenda_is_on_no_screen_but_the_teams(
        self, two_days: Workshop, organiser: Visitor, visitor: Visitor
    ) -> None:
        two_days.agenda_is_private = True
        db.session.commit()
        for path in ("now", "now/part"):
            visitor.get(f"/{two_days.slug}/agenda/{path}", status=403, lint=False)
            organiser.get(f"/{two_days.slug}/agenda/{path}", lint=False)
