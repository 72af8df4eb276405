"""The screen at the venue in a real browser: hours, releases, a network that comes and goes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from app.accounts.models import Role
from app.agenda.releases import service as releases
from app.extensions import now
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_room, add_session
from tests.journeys.browser import Axe, overflowing

Database = Callable[[], AbstractContextManager[Any]]
HALF_A_MINUTE = 31_000
CUT_OFF = """[...document.querySelectorAll('.foyer-room')]
    .filter(room => room.scrollHeight > room.clientHeight + 1).map(room => room.innerText)"""

# Words that would be broken where no hyphen may stand, if they were not allowed to be.
BROKEN = """[...document.querySelectorAll('.foyer-title')].filter(title => {
    title.style.overflowWrap = 'normal';
    return title.scrollWidth > title.clientWidth + 1;
}).map(title => title.innerText)"""


@pytest.fixture
def venue(database: Database) -> str:
    """The address of the screen of a workshop that is on today, from midnight to midnight."""
    with database() as session:
        # Where it is noon, so that no midnight comes between.
        zone = f"Etc/GMT{now().hour - 12:+d}"
        today = now().astimezone(ZoneInfo(zone)).date()
        workshop = factories.make_workshop(
            slug="heute", starts_on=today, ends_on=today, timezone=zone, title="Lagebesprechung"
        )
        room = add_room(workshop, "Großer Saal")
        add_session(workshop, "Den ganzen Tag", starts=time(0), ends=time(23, 59), room_id=room.id)
        releases.release(workshop)
        session.commit()
    return "/heute/agenda/now"


def test_a_release_appears_and_a_lost_network_is_outlasted(
    page: Page, context: BrowserContext, database: Database, venue: str
) -> None:
    page.clock.install(time=now())
    page.goto(venue)
    title, lost = page.locator(".foyer-alone .foyer-title"), page.locator(".foyer-lost")
    expect(title).to_have_text("Den ganzen Tag")
    shown = page.locator("[data-clock]")
    before = shown.inner_text()
    page.clock.run_for(60_000)
    assert shown.inner_text() == later(before, minutes=1)
    page.locator(".foyer-part").evaluate("part => part.dataset.seen = 'yes'")

    context.set_offline(True)
    page.clock.run_for(HALF_A_MINUTE)
    expect(lost).to_be_visible()
    since = lost.inner_text()
    assert since.startswith("Keine Verbindung seit ")
    expect(title).to_have_text("Den ganzen Tag")
    with database() as session:
        workshop = session.scalars(sa.select(Workshop)).one()
        add_session(workshop, "Sonderlage", starts=time(0), ends=time(23, 58))
        releases.release(workshop)
    page.clock.run_for(3 * HALF_A_MINUTE)
    expect(lost).to_have_text(since)

    context.set_offline(False)
    page.clock.run_for(HALF_A_MINUTE)
    expect(page.locator(".foyer-room .foyer-title")).to_have_text(["Den ganzen Tag", "Sonderlage"])
    expect(lost).to_be_hidden()
    assert page.locator("[data-seen]").count() == 0


def test_hours_leave_nothing_behind(page: Page, venue: str) -> None:
    page.clock.install(time=now())
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(venue)
    page.wait_for_load_state("networkidle")
    size = "document.getElementsByTagName('*').length"
    before = page.evaluate(size)
    for _half_minute in range(20):
        with page.expect_response("**/part*"):
            page.clock.run_for(HALF_A_MINUTE)
    assert page.evaluate(size) == before
    assert 20 <= len([url for url in asked if "/part" in url]) < 30


@pytest.mark.parametrize(("rooms", "query"), [(2, ""), (4, "&theme=light"), (8, ""), (12, "")])
def test_it_fits_every_screen(
    page: Page,
    axe: Axe,
    database: Database,
    sign_in_browser: Callable[..., Page],
    rooms: int,
    query: str,
) -> None:
    with database() as session:
        workshop = factories.make_workshop(slug="gross", title="Öffentlichkeitsarbeit")
        for number in range(rooms):
            room = add_room(workshop, f"Besprechungsraum {number}", position=number + 1)
            for starts in (9, 10):
                add_session(
                    workshop,
                    "Krisenkommunikationsverantwortung in der ersten Stunde einer Großlage",
                    room_id=room.id,
                    starts=time(starts),
                    ends=time(starts + 1),
                    speakers="Jana Tischendorf, Landespolizeidirektion",
                )
        releases.release(workshop)
        session.commit()
        day = workshop.starts_on.isoformat()
    sign_in_browser(Role.ORGANISER)
    page.goto(f"/gross/agenda/now?at={day}T09:15{query}")
    assert page.locator(".foyer-room").count() == rooms
    for width, height in ((1920, 1080), (1280, 720), (1080, 1920), (375, 812)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing(page) == []
        assert page.evaluate(CUT_OFF) == [], (width, height)
        assert page.evaluate(BROKEN) == [], (width, height)
        if width > 1000:
            assert page.evaluate("document.documentElement.scrollHeight") == height
    assert axe(page) == []


def later(clock: str, *, minutes: int) -> str:
    """'10:16' for '10:15' and one minute."""
    shown = datetime.strptime(clock, "%H:%M") + timedelta(minutes=minutes)  # noqa: DTZ007
    return f"{shown:%H:%M}"
