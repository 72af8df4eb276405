"""The plan of the agenda in a real browser: by pointer, by finger, by keyboard alone."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from app.agenda.draft import service
from app.agenda.draft.queries import list_rooms
from app.agenda.models import AgendaSession
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic
from tests.factories import make_workshop
from tests.journeys.browser import Axe, overflowing

Database = Callable[[], AbstractContextManager[Any]]
ROW = 9  # px: five minutes
HIDDEN_BY_HEADS = """(() => {
    const card = document.activeElement.closest('.slot').getBoundingClientRect();
    const head = document.querySelector('.grid__corner').getBoundingClientRect();
    return card.top < head.bottom - 2 || card.left < head.right - 2;
})()"""


@pytest.fixture
def plan(database: Database, sign_in_browser: Callable[..., Page]) -> Page:
    """The plan of a day with two rooms, two sessions and one in the tray."""
    with database():
        workshop = make_workshop(slug="plan")
        hall, studio = add_room(workshop, "Saal", seats=90), add_room(workshop, "Studio")
        topic = add_topic(workshop, "Bewegtbild")
        add_session(
            workshop, "Begrüßung", starts=time(9), ends=time(9, 30), room_id=hall.id, abstract="…"
        )
        add_session(
            workshop,
            "Schneiden lernen",
            starts=time(10),
            ends=time(11),
            room_id=studio.id,
            track_id=topic.id,
        )
        add_session(workshop, "Kaffeepause", day=None, starts=None, ends=None, minutes=30)
    return open_plan(sign_in_browser())


def open_plan(page: Page) -> Page:
    """The plan, as soon as its script is there."""
    page.goto("/plan/desk/agenda")
    expect(page.locator(".planner--live")).to_be_visible()
    return page


def card(page: Page, title: str) -> Locator:
    """The card of a session, in the plan or in the tray."""
    return page.locator("li.slot:not(.slot--ghost)").filter(has_text=title)


def left(page: Page, what: str) -> float:
    """A place just inside the left edge of a room's column, or of the tray."""
    selector = ".tray" if what == "Ablage" else f".grid__column[data-name='{what}']"
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + 20


def drag(
    page: Page, start: Locator, *, to_x: float = 0, by_y: float = 0, drop: bool = True
) -> None:
    """Take a card by its middle, and let it go at that x and so much lower."""
    box = start.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y + 6)
    page.mouse.move(to_x or x, y + by_y, steps=4)
    if drop:
        page.mouse.up()


def places(database: Database) -> dict[str, str]:
    """Title → '09:00–09:30 Saal', or 'Ablage', as it is stored."""
    with database() as session:
        workshop = session.scalars(sa.select(Workshop).filter_by(slug="plan")).one()
        found = {}
        for entry in session.scalars(sa.select(AgendaSession).filter_by(deleted_at=None)):
            if entry.starts_at is None or entry.ends_at is None:
                found[entry.title] = "Ablage"
                continue
            starts, ends = (at.astimezone(workshop.zone) for at in (entry.starts_at, entry.ends_at))
            room = entry.room.name if entry.room else "alle"
            found[entry.title] = f"{starts:%H:%M}–{ends:%H:%M} {room}"
        return found


def test_a_day_is_built_by_pointer(plan: Page, database: Database, axe: Axe) -> None:
    drag(plan, card(plan, "Begrüßung"), to_x=left(plan, "Studio"), by_y=ROW * 3)
    expect(card(plan, "Begrüßung")).to_contain_text("09:15–09:45")
    expect(plan.locator(".toast")).to_contain_text("09:15–09:45, Studio")
    # The lower edge makes it longer: into the next session, which is warned of, not forbidden.
    box = card(plan, "Begrüßung").bounding_box()
    assert box is not None
    plan.mouse.move(box["x"] + 50, box["y"] + box["height"] - 3)
    plan.mouse.down()
    plan.mouse.move(box["x"] + 50, box["y"] + box["height"] + 6 * ROW, steps=4)
    plan.mouse.up()
    expect(card(plan, "Begrüßung")).to_contain_text("09:15–10:15")
    expect(plan.locator(".checks")).to_contain_text("Raum doppelt belegt (2)")
    expect(plan.locator(".slot--clash")).to_have_count(2)
    assert axe(plan) == []
    # From the tray into the column of all rooms.
    tray = card(plan, "Kaffeepause")
    drag(plan, tray, to_x=left(plan, "Alle Räume"), by_y=60)
    expect(plan.locator(".tray")).to_contain_text("Hier liegt")
    # And back to where the clash began.
    drag(plan, card(plan, "Begrüßung"), to_x=left(plan, "Saal"))
    expect(plan.locator(".slot--clash")).to_have_count(0)
    stored = places(database)
    assert stored["Begrüßung"] == "09:15–10:15 Saal"
    assert stored["Schneiden lernen"] == "10:00–11:00 Studio"
    assert stored["Kaffeepause"].endswith(" alle")
    drag(plan, card(plan, "Begrüßung"), to_x=left(plan, "Ablage"))
    expect(plan.locator(".tray")).to_contain_text("Begrüßung")
    # Onto another day, at the same time.
    tab = plan.locator(".days a").nth(1).bounding_box()
    start = card(plan, "Schneiden lernen").bounding_box()
    assert tab is not None
    assert start is not None
    middle = start["y"] + start["height"] / 2
    drag(plan, card(plan, "Schneiden lernen"), to_x=tab["x"] + 20, by_y=tab["y"] + 10 - middle)
    expect(plan.locator(".days a").nth(1)).to_have_attribute("aria-current", "page")
    expect(card(plan, "Schneiden lernen")).to_contain_text("10:00–11:00")


def test_escape_and_a_click_move_nothing(plan: Page, database: Database) -> None:
    before = places(database)
    drag(plan, card(plan, "Begrüßung"), by_y=ROW * 12, drop=False)
    expect(plan.locator(".slot--ghost")).to_contain_text("10:00–10:30")
    plan.keyboard.press("Escape")
    plan.mouse.up()
    expect(plan.locator(".slot--ghost")).to_have_count(0)
    card(plan, "Begrüßung").click()
    expect(plan.get_by_role("dialog")).to_contain_text("Begrüßung")
    plan.keyboard.press("Escape")
    expect(plan.get_by_role("dialog")).to_have_count(0)
    assert places(database) == before


def test_the_dialog_does_the_same_by_fields(plan: Page, database: Database, axe: Axe) -> None:
    card(plan, "Kaffeepause").click()
    dialog = plan.get_by_role("dialog")
    dialog.get_by_label("Tag").select_option(index=1)
    dialog.get_by_role("button", name="Verschieben").click()
    expect(dialog.get_by_role("alert")).to_have_text("Geben Sie den Beginn an.")
    dialog.get_by_label("Beginn").fill("11:00")
    assert axe(plan) == []
    dialog.get_by_role("button", name="Verschieben").click()
    expect(plan.get_by_role("dialog")).to_have_count(0)
    expect(card(plan, "Kaffeepause").locator("a")).to_be_focused()
    assert places(database)["Kaffeepause"] == "11:00–11:30 alle"


def test_a_day_is_built_by_keyboard_alone(plan: Page, database: Database) -> None:
    keys = plan.keyboard
    spoken = plan.locator("#plan-spoken")
    card(plan, "Begrüßung").locator("a").focus()
    keys.press("Space")
    expect(spoken).to_contain_text("„Begrüßung“ ist aufgenommen")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "PageDown", "Shift+ArrowDown"):
        keys.press(key)
    expect(spoken).to_have_text("10:10 bis 10:45, Studio")
    keys.press("Enter")
    expect(card(plan, "Begrüßung").locator("a")).to_be_focused()
    expect(spoken).to_contain_text("10:10–10:45, Studio")
    expect(plan.locator(".checks")).to_contain_text("Raum doppelt belegt")
    keys.press("Space")
    keys.press("ArrowLeft")
    keys.press("Escape")
    expect(spoken).to_have_text("Abgebrochen. Nichts wurde verschoben.")
    assert places(database)["Begrüßung"] == "10:10–10:45 Studio"
    keys.press("Control+z")
    expect(card(plan, "Begrüßung")).to_contain_text("09:00–09:30")
    expect(plan.locator(".checks")).not_to_contain_text("Raum doppelt belegt")
    keys.press("Control+y")
    expect(card(plan, "Begrüßung")).to_contain_text("10:10–10:45")
    expect(card(plan, "Begrüßung").locator("a")).to_be_focused()
    keys.press("t")
    expect(plan.locator(".tray")).to_contain_text("Begrüßung")
    card(plan, "Kaffeepause").locator("a").focus()
    keys.press("Space")
    expect(spoken).to_contain_text("09:00 bis 09:30, Saal")
    keys.press("ArrowLeft")
    keys.press("Enter")
    expect(card(plan, "Kaffeepause")).to_contain_text("09:00–09:30")
    keys.press("d")
    expect(plan.locator(".tray .slot")).to_have_count(2)
    expect(plan.locator(".tray").get_by_text("Kaffeepause")).to_be_visible()
    card(plan, "Schneiden lernen").locator("a").focus()
    keys.press("Delete")
    expect(card(plan, "Schneiden lernen")).to_have_count(0)
    plan.locator(".toast").get_by_role("button", name="Rückgängig").press("Enter")
    expect(card(plan, "Schneiden lernen")).to_have_count(1)
    assert places(database)["Schneiden lernen"] == "10:00–11:00 Studio"


def test_arrows_lead_from_session_to_session(plan: Page) -> None:
    card(plan, "Begrüßung").locator("a").focus()
    plan.keyboard.press("ArrowRight")
    expect(card(plan, "Schneiden lernen").locator("a")).to_be_focused()
    plan.keyboard.press("ArrowRight")
    expect(card(plan, "Kaffeepause").locator("a")).to_be_focused()
    plan.keyboard.press("ArrowLeft")
    expect(card(plan, "Schneiden lernen").locator("a")).to_be_focused()
    plan.keyboard.press("e")
    expect(plan.get_by_label("Titel")).to_have_value("Schneiden lernen")


def test_two_editors_at_once(plan: Page, database: Database) -> None:
    with database() as session:
        workshop = session.scalars(sa.select(Workshop).filter_by(slug="plan")).one()
        entry = session.scalars(sa.select(AgendaSession).filter_by(title="Begrüßung")).one()
        place = service.Place(
            day=workshop.starts_on, starts=time(14), minutes=30, room_id=entry.room_id
        )
        service.move_session(workshop, entry.id, place, version=entry.version)
    with plan.expect_response(lambda r: r.url.endswith("/move")) as answer:
        drag(plan, card(plan, "Begrüßung"), by_y=ROW * 6)
    assert answer.value.status == 409
    expect(plan.locator(".toast--danger")).to_contain_text("14:00–14:30, Saal")
    expect(card(plan, "Begrüßung")).to_contain_text("14:00–14:30")
    assert places(database)["Begrüßung"] == "14:00–14:30 Saal"


def test_by_finger_on_a_phone(
    plan: Page, browser: Browser, browser_context_args: dict[str, Any], database: Database
) -> None:
    cookies = plan.context.cookies()
    phone = browser.new_context(
        **{**browser_context_args, "viewport": {"width": 375, "height": 800}, "has_touch": True}
    )
    phone.add_cookies(cookies)  # type: ignore[arg-type]  # what `cookies` gives, it takes
    page = open_plan(phone.new_page())
    assert overflowing(page) == []
    target = card(page, "Begrüßung")
    target.evaluate("card => card.scrollIntoView({block: 'center'})")
    box = target.bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 15
    fingers = phone.new_cdp_session(page)

    def touch(kind: str, at: float = 0) -> None:
        points = [{"x": x, "y": at}] if kind != "touchEnd" else []
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", y)
    expect(target).to_have_class(re.compile("slot--lifted"))
    for step in range(1, 7):
        touch("touchMove", y + ROW * step)
    touch("touchEnd")
    expect(target).to_contain_text("09:30–10:00")
    assert places(database)["Begrüßung"] == "09:30–10:00 Saal"
    phone.close()


def test_a_double_click_asks_for_the_title_alone(plan: Page, database: Database) -> None:
    column = plan.locator(".grid__column[data-name='Studio']")
    box = column.bounding_box()
    assert box is not None
    # The plan begins at eight o'clock; 09:30 leaves half an hour until the next session there.
    plan.mouse.dblclick(box["x"] + 20, box["y"] + ROW * 18 + 2)
    expect(plan.locator("#title")).to_be_focused()
    assert [plan.locator(f"#{name}").input_value() for name in ("starts", "ends")] == [
        "09:30",
        "10:00",
    ]
    plan.keyboard.type("Übung")
    plan.keyboard.press("Enter")
    expect(card(plan, "Übung")).to_be_visible()
    assert places(database)["Übung"] == "09:30–10:00 Studio"


def test_no_session_hides_under_the_heads_of_the_plan(plan: Page, database: Database) -> None:
    with database() as session:
        workshop = session.scalars(sa.select(Workshop).filter_by(slug="plan")).one()
        for room in list_rooms(workshop.id):
            for hour in range(11, 18):
                add_session(
                    workshop,
                    f"{room.name} {hour}",
                    starts=time(hour),
                    ends=time(hour, 55),
                    room_id=room.id,
                )
        # A name of three lines: the head is higher than the style sheet says.
        room.name = "Großer Sitzungssaal im Erweiterungsbau am Beispielring"
        session.commit()
    plan.set_viewport_size({"width": 800, "height": 420})
    open_plan(plan)
    plan.locator("li.slot a").filter(has_text="Saal 17").first.focus()
    for key in ["ArrowUp"] * 8 + ["ArrowRight"] + ["ArrowDown"] * 3 + ["ArrowUp"] * 3:
        plan.keyboard.press(key)
        assert plan.evaluate(HIDDEN_BY_HEADS) is False, key
