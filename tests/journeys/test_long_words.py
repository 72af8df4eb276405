"""Words as long as they may be, without a place to break, on the narrowest screen."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Page

from app.accounts.models import Role
from app.agenda.releases import service as releases
from app.outbox.service import draw_link, queue_mail
from app.registration.models import Status
from app.workshops.models import Access
from tests import factories
from tests.agenda.programme import add_room, add_session, add_topic
from tests.journeys.browser import overflowing

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
ADDRESS = f"{'e' * 64}@{'d' * 60}.{'d' * 60}.{'d' * 55}.example"


@pytest.fixture
def places(database: Callable[[], AbstractContextManager[Any]]) -> dict[str, list[str]]:
    """Pages that show them, for everybody and for organisers."""
    with database() as session:
        workshop = factories.make_workshop(
            title=LONG,
            summary=LONG * 3,
            place=LONG,
            venue=LONG * 2,
            host_name=LONG * 2,
            contact_name=LONG,
            contact_email=ADDRESS,
        )
        parts = ("first_name", "last_name", "title", "department", "rank", "function")
        words: dict[str, Any] = dict.fromkeys(parts, LONG)
        person = factories.make_registration(workshop, email=ADDRESS, **words)
        other = factories.make_registration(
            workshop, status=Status.WAITING, other_organisation=LONG * 2, organisation_id=None
        )
        room, topic = add_room(workshop, LONG), add_topic(workshop, LONG)
        add_session(
            workshop,
            LONG * 3,
            room_id=room.id,
            track_id=topic.id,
            speakers=f"{LONG}, {LONG}",
            abstract=LONG * 3,
        )
        releases.release(workshop)
        workshop.access = Access.LISTED
        other.status, other.queue_number = Status.PENDING, None
        message = queue_mail(
            recipient=ADDRESS,
            recipient_name=LONG,
            subject=LONG * 3,
            text=LONG * 3,
            html="",
            workshop_id=workshop.id,
        )
        session.flush()
        own = f"/{workshop.slug}/registration/{draw_link('registration', person.id)}"
        desk = f"/{workshop.slug}/desk"
        public = ["", "agenda", "imprint", "privacy", "accessibility", "register"]
        return {
            "everybody": [f"/{workshop.slug}/{path}" for path in public] + [own, f"{own}/agenda"],
            "organisers": [
                f"{desk}/{path}"
                for path in (
                    "",
                    "participants",
                    f"participants/{person.id}",
                    "approvals",
                    "unlisted",
                    "mail",
                    f"mail/{message.id}",
                    "agenda",
                    "agenda/list",
                    "agenda/rooms",
                    "agenda/topics",
                    "agenda/speakers",
                    "agenda/releases",
                    "journal",
                    "badges",
                    f"badges/{person.id}",
                    "settings/place",
                )
            ],
        }


def look(page: Page, paths: list[str]) -> list[str]:
    """Which of them are wider than a narrow phone."""
    page.set_viewport_size({"width": 320, "height": 900})
    found = []
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        found += [f"{path}: {element}" for element in overflowing(page)]
    return found


def test_pages_for_everybody_hold_them(page: Page, places: dict[str, list[str]]) -> None:
    assert look(page, places["everybody"]) == []


def test_the_desk_holds_them(
    page: Page, places: dict[str, list[str]], sign_in_browser: Callable[..., Page]
) -> None:
    sign_in_browser(Role.ORGANISER)
    assert look(page, places["organisers"]) == []
