"""Every page in a real browser, light and dark, from 320 px on: axe, overflow, the console."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import Account, Role
from app.agenda.draft.people import set_people
from app.agenda.models import AgendaSession, Room, SessionRole, Track
from app.contributions.queries import get_call
from app.contributions.service import CallDraft, ProposalDraft, change_call, propose
from app.demo.service import load_demo
from app.demo.workshop import SLUG
from app.desk.settings import SECTIONS
from app.extensions import db, limiter, now
from app.materials.inspection import inspect
from app.materials.service import add_file
from app.outbox.models import Message
from app.outbox.service import draw_link
from app.registration.models import Registration, Status
from app.web.access import access_of
from app.workshops.models import Organisation
from tests import factories
from tests.conftest import empty_tables
from tests.journeys.browser import Axe, overflowing
from tests.materials import samples
from tests.pages import signed_in_cookies

# For whom each page is opened. A page that is missing here fails the first test below.
PAGES: dict[Role | None, list[str]] = {
    None: [
        "accounts.forgot_password",
        "agenda.foyer",
        "agenda.session",
        "agenda.show",
        "badges.scanned",
        "contributions.call",
        "contributions.change",
        "contributions.propose",
        "contributions.withdraw",
        "publishing.changes",
        "registration.cancel",
        "registration.change",
        "registration.link_sent",
        "registration.own",
        "registration.request_link",
        "registration.request_withdrawal",
        "registration.withdrawal_link_sent",
        "registration.withdrawn",
        "registration.start",
        "security.login",
        "speakers.change_about",
        "speakers.change_abstract",
        "speakers.delete_own_file",
        "speakers.object_to_slot",
        "speakers.own",
        "speakers.own_files",
        "signup.programme",
        "signup.session",
        "workshops.accessibility",
        "workshops.barrier_reported",
        "workshops.home",
        "workshops.imprint",
        "workshops.privacy",
        "workshops.report_barrier",
        "workshops.show",
    ],
    Role.ADMINISTRATOR: [
        "accounts.change_password",
        "accounts.delete",
        "accounts.invite",
        "accounts.people",
        "accounts.person",
        "accounts.show",
        "agenda_desk.add_room",
        "editor.add_session",
        "agenda_desk.add_topic",
        "agenda_desk.delete_room",
        "editor.delete_session",
        "agenda_desk.delete_topic",
        "editor.grid",
        "editor.move",
        "editor.sessions",
        "agenda_desk.edit_room",
        "editor.edit_session",
        "agenda_desk.edit_topic",
        "agenda_desk.rooms",
        "agenda_desk.topics",
        "publishing.prepare",
        "publishing.release",
        "publishing.releases",
        "publishing.restore",
        "publishing.withdraw",
        "badges.index",
        "badges.person",
        "badges.reset",
        "badges.scanned",
        "programme.index",
        "contributions.decide",
        "contributions.index",
        "contributions.proposal",
        "contributions.settings",
        "desk.add_organisation",
        "desk.add_participant",
        "desk.approvals",
        "desk.cancel_participant",
        "desk.decline",
        "desk.edit_organisation",
        "desk.edit_participant",
        "desk.holds",
        "desk.journal",
        "desk.list_unlisted",
        "desk.organisations",
        "desk.overview",
        "desk.participant",
        "desk.participants",
        "desk.remove_organisation",
        "desk.settings",
        "desk.settings_consents",
        "desk.unlisted",
        "editor.start",
        "feedback.results",
        "outbox.message",
        "outbox.messages",
        "speakers.delete",
        "materials.delete_file",
        "speakers.edit",
        "speakers.index",
        "speakers.invite_all",
        "speakers.merge",
        "materials.session_files",
        "speakers.speaker",
        "signup.index",
        "workshops.create",
        "workshops.home",
    ],
}
# Not pages to look at: files, answers for machines, and pages that only lead on.
NOT_PAGES = {
    "accounts.start",
    "agenda.calendar",
    "agenda.foyer_part",
    "agenda.session_calendar",
    "badges.calibration",
    "badges.preview",
    "badges.sheets",
    "documents.agenda_pdf",
    "documents.door_signs",
    "documents.participant_list",
    "documents.suppliers_list",
    "editor.start_table",
    "exports.as_json",
    "exports.as_xml",
    "exports.topic_calendar",
    "programme.back",
    "publishing.feed",
    "registration.calendar",
    "registration.qr_code",
    "materials.material",
    "speakers.own_file",
    "materials.session_file",
    "signup.calendar",
    "static",
    "web.alive",
    "web.ready",
}
# Pages that only a journey reaches: a form half filled in, a link from a certain mail.
IN_JOURNEYS = {
    "accounts.first",
    "accounts.invitation",
    "accounts.reset_password",
    "badges.printed",
    "editor.start_preview",
    "feedback.give",
    "registration.check",
    "registration.new_address",
    "registration.sent",
    "registration.step",
    "registration.withdraw_invitations",
    "signup.distribute",
    "signup.entries",
    "signup.wishes",
}
WIDTHS = (320, 375, 1280)


@pytest.fixture(scope="module")
def app(application: Flask) -> Iterator[Flask]:
    """The application, emptied only after all these tests: they look at one and the same demo."""
    limiter.enabled = False
    yield application
    empty_tables(application)


@pytest.fixture(scope="module")
def values(app: Flask) -> dict[str, Any]:
    """The demo workshop, and what stands in the pages' addresses."""
    with app.app_context():
        session = db.session
        load_demo(12, seed=1)
        session.flush()
        registration = session.scalars(
            sa.select(Registration).where(Registration.status == Status.CONFIRMED).limit(1)
        ).one()

        def first(model: type[Any]) -> int:
            return int(session.scalars(sa.select(model.id).limit(1)).one())

        waiting = pending_and_typed(session)
        found = {
            "slug": SLUG,
            # Pages about people of another kind.
            "desk.decline": {"registration_id": waiting},
            "desk.list_unlisted": {"registration_id": waiting},
            "token": draw_link("registration", registration.id),
            "code": registration.badge_code,
            "registration_id": registration.id,
            "account_id": first(Account),
            "message_id": first(Message),
            "organisation_id": first(Organisation),
            "section": "basics",
            "proposal_id": proposal_of(registration),
            "decision": "accept",
            "number": 1,
            "room_id": first(Room),
            "session_id": first(AgendaSession),
            **speaker_in(session.get_one(AgendaSession, first(AgendaSession)), registration),
            "topic_id": first(Track),
        }
        session.commit()
        session.remove()
        return found


@pytest.fixture(scope="module")
def cookies(app: Flask, values: dict[str, Any], server_address: str) -> list[Any]:
    """What the browser of an administrator holds after the sign-in."""
    with app.app_context():
        account_id = factories.make_account(role=Role.ADMINISTRATOR).id
        db.session.commit()
    held = signed_in_cookies(app, account_id)
    return [{"name": name, "value": held[name], "url": server_address} for name in held]


def pending_and_typed(session: Any) -> int:
    """Somebody who waits for approval, and whose organisation is not in the list."""
    seated = sa.select(Registration).where(Registration.status == Status.CONFIRMED)
    waiting = session.scalars(seated.order_by(Registration.id.desc()).limit(1)).one()
    waiting.status = Status.PENDING
    waiting.organisation_id, waiting.other_organisation = None, "Amt für Lagebilder"
    session.flush()
    return int(waiting.id)


def proposal_of(registration: Registration) -> int:
    """What this person has proposed in a call that is open."""
    call = CallDraft(
        opens_at=now() - timedelta(days=1), closes_at=None, intro="- Praxis", lengths=[45]
    )
    change_call(registration.workshop, call, version=get_call(registration.workshop_id).version)
    draft = ProposalDraft(title="Gerüchte im Hochwasser", abstract="**Fälle**", minutes=45)
    return propose(registration, draft).id


def speaker_in(session: AgendaSession, registration: Registration) -> dict[str, int]:
    """Somebody who speaks there and has handed in a file."""
    set_people(session, SessionRole.SPEAKER, "Jördis Öztürk, Hochschule Rheinau")
    speaker = session.people[0].speaker
    speaker.registration_id = registration.id
    checked = inspect("Bild.png", samples.picture())
    file = add_file(session.workshop_id, session.id, checked, speaker=speaker)
    return {"speaker_id": speaker.id, "file_id": file.id}


def test_every_page_is_looked_at(application: Flask) -> None:
    known = {endpoint for pages in PAGES.values() for endpoint in pages}
    routes = {r.endpoint for r in application.url_map.iter_rules() if "GET" in (r.methods or ())}
    declared = {e for e in routes if access_of(application, e) is not None}
    assert known | NOT_PAGES | IN_JOURNEYS == declared


@pytest.mark.parametrize(
    ("role", "endpoint"),
    [(role, endpoint) for role, endpoints in PAGES.items() for endpoint in endpoints],
)
def test_page(
    app: Flask,
    page: Page,
    axe: Axe,
    values: dict[str, Any],
    cookies: list[Any],
    role: Role | None,
    endpoint: str,
) -> None:
    if role is not None:
        page.context.add_cookies(cookies)
    page.goto(address(app, endpoint, values))
    check_in_all_sizes(page, axe)


@pytest.mark.parametrize("section", [name for name in SECTIONS if name != "basics"])
def test_settings(page: Page, axe: Axe, cookies: list[Any], section: str) -> None:
    page.context.add_cookies(cookies)
    page.goto(f"/{SLUG}/desk/settings/{section}")
    check_in_all_sizes(page, axe)


@pytest.mark.parametrize("path", ["/no-such-workshop/", "/leipzig/desk/"])
def test_error_page(page: Page, axe: Axe, values: dict[str, Any], path: str) -> None:
    page.goto(path)  # there is no such workshop; the desk asks to sign in
    check_in_all_sizes(page, axe)


def test_steps_of_the_form(page: Page, axe: Axe, values: dict[str, Any]) -> None:
    page.goto(f"/{SLUG}/register")
    answers = {"first_name": "Żaneta", "last_name": "von der Lühe", "email": "z@polizei.example"}
    for name, answer in answers.items():
        page.fill(f"[name={name}]", answer)
    seen = []
    while not page.url.endswith("/register/sent"):
        seen.append(page.url.rsplit("/", 1)[-1])
        assert len(seen) == len(set(seen)), "a step does not lead on"
        check_in_all_sizes(page, axe)
        if seen[-1] == "organisation":
            page.locator("input[role=combobox]").fill("Polizei Hamburg")
            page.keyboard.press("Enter")
        with page.expect_navigation():
            page.click("main form button[type=submit]:not([name=back])")
    assert seen == ["register", "organisation", "participation", "consents", "check"]
    check_in_all_sizes(page, axe)


def address(app: Flask, endpoint: str, values: dict[str, Any]) -> str:
    """The path of a page, its gaps filled from the values."""
    rule = next(app.url_map.iter_rules(endpoint))
    known = values | values.get(endpoint, {})
    given = {name: known[name] for name in rule.arguments}
    return app.url_map.bind("localhost").build(endpoint, given)


def check_in_all_sizes(page: Page, axe: Axe) -> None:
    """Nothing that axe finds and nothing wider than the window, at any width, light and dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{scheme}, {width} px, too wide: {e}" for e in overflowing(page)]
            if width != WIDTHS[0]:  # nothing but the room differs from the next
                lines = axe(page, colours_alone=scheme == "dark")
                found += [f"{scheme}, {width} px: {line}" for line in lines]
    assert found == [], page.url
