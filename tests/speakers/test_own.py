"""A speaker's own page: what it shows, and what can be done there."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry
from app.agenda.draft.service import Place, move_session
from app.agenda.models import SessionPerson
from app.agenda.releases import service as releases
from app.extensions import db, now
from app.outbox.models import Message
from app.outbox.service import draw_link
from app.registration import links
from app.speakers import service
from app.speakers.links import LINK_PURPOSE
from app.speakers.models import Concern
from tests.agenda.programme import add_session
from tests.counting import counted_queries
from tests.factories import make_registration, make_workshop
from tests.pages import Page, Visitor
from tests.speakers.conftest import Cast

CONFIRM = "form[action$='/confirm']"


def move_to(cast: Cast, hour: int) -> None:
    """The session begins at that hour, in the draft."""
    db.session.refresh(cast.session)
    place = Place(
        day=cast.workshop.starts_on, starts=time(hour), minutes=60, room_id=cast.session.room_id
    )
    move_session(cast.workshop, cast.session.id, place, version=cast.session.version)
    db.session.commit()


def state(page: Page) -> str:
    return page.texts(".alert .kern-title")[0]


def test_it_shows_the_own_sessions_with_their_released_slots(visitor: Visitor, cast: Cast) -> None:
    page = visitor.get(cast.page)
    assert state(page) == "Bitte bestätigen Sie Ihren Termin."
    assert page.texts("section h2") == ["Lage im Netz", "Über Sie"]
    assert "09:00–10:00 Uhr · Großer Saal" in page.text()
    assert "Sie tragen vor" in page.text()
    assert page.one(".prose strong").text == "Text"
    assert "Meine Anmeldung" not in page.text()  # a guest has none

    page = visitor.get(cast.chair_page)
    assert "Sie moderieren" in page.text()
    assert page.texts(".breadcrumb li")[0] == "Meine Anmeldung"
    assert not page.all("a[href$='/text']")  # the chair does not write the description


def test_a_change_of_the_draft_is_seen_only_once_it_is_released(
    visitor: Visitor, cast: Cast
) -> None:
    move_to(cast, 11)
    assert "09:00–10:00 Uhr" in visitor.get(cast.page).text()
    releases.release(cast.workshop)
    db.session.commit()
    assert "11:00–12:00 Uhr" in visitor.get(cast.page).text()
    releases.withdraw(cast.workshop)
    page = visitor.get(cast.page)
    assert "wird noch geplant" in page.text()
    assert not page.all(CONFIRM)


def test_a_slot_is_confirmed_once_and_asked_anew_when_it_moves(
    visitor: Visitor, cast: Cast
) -> None:
    page = visitor.submit(visitor.get(cast.page), form=CONFIRM)
    assert "Alles ist bestätigt. Vielen Dank." in page.texts(".alert .kern-title")
    assert not page.all(CONFIRM)
    person = db.session.scalars(sa.select(SessionPerson).filter_by(speaker_id=cast.guest.id)).one()
    assert person.confirmed_at
    chair = db.session.scalars(sa.select(SessionPerson).filter_by(speaker_id=cast.chair.id)).one()
    assert chair.confirmed_at is None

    move_to(cast, 11)
    assert state(visitor.get(cast.page)).startswith("Alles ist bestätigt")
    releases.release(cast.workshop)
    assert state(visitor.get(cast.page)) == "Bitte bestätigen Sie Ihren Termin."


def test_a_slot_that_changed_since_the_page_was_opened_is_not_confirmed(
    visitor: Visitor, cast: Cast
) -> None:
    opened = visitor.get(cast.page)
    move_to(cast, 11)
    releases.release(cast.workshop)
    page = visitor.submit(opened, form=CONFIRM)
    assert "Dieser Termin hat sich inzwischen geändert." in page.text()
    assert page.all(CONFIRM)


def test_a_slot_that_does_not_suit_is_told_to_the_organisers(
    visitor: Visitor, cast: Cast, organiser: Visitor, mails: Callable[[], list[Message]]
) -> None:
    form = visitor.get(f"{cast.page}/sessions/{cast.session.id}/concern")
    page = visitor.submit(form, {"text": " "}, status=422)
    assert page.errors() == {"text": "Schreiben Sie, was nicht passt."}
    sent = visitor.submit(form, {"text": "Erst ab 11 Uhr.\n\nÖPNV!"})
    visitor.submit(form, {"text": "Erst ab 11 Uhr.\n\nÖPNV!"})  # clicked twice
    assert "Ihre Nachricht liegt dem Organisationsteam vor" in sent.text()
    (mail,) = mails()
    assert (mail.recipient, mail.reply_to) == ("workshop@example.org", "joerdis@example.org")
    assert "Erst ab 11 Uhr.\n\nÖPNV!" in mail.text
    assert f"/desk/agenda/speakers/{cast.guest.id}" in mail.text

    assert "Passt nicht" in organiser.get(cast.desk).text()
    page = organiser.get(f"{cast.desk}/{cast.guest.id}")
    assert "Erst ab 11 Uhr." in page.text()
    page = organiser.submit(page, form="form[action*='/settle/']")
    assert "Erst ab 11 Uhr." not in page.text()
    assert state(visitor.get(cast.page)) == "Bitte bestätigen Sie Ihren Termin."


def test_confirming_after_all_settles_it(visitor: Visitor, cast: Cast) -> None:
    form = visitor.get(f"{cast.page}/sessions/{cast.session.id}/concern")
    page = visitor.submit(form, {"text": "Lieber später."})
    page = visitor.submit(page, form=CONFIRM)
    assert "Alles ist bestätigt. Vielen Dank." in page.text()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Concern)) == 0


def test_the_text_is_corrected_in_the_draft_and_shown_with_the_next_release(
    visitor: Visitor, cast: Cast
) -> None:
    form = visitor.get(f"{cast.page}/sessions/{cast.session.id}/text")
    page = visitor.submit(form, {"text": "Neuer Text"})
    assert "erscheint mit der nächsten Fassung" in page.text()
    assert "Neuer Text" in page.text()
    content = releases.shown_content(cast.workshop)
    assert content is not None
    assert [e["abstract"] for e in content["sessions"]] == ["Erster **Text**", ""]
    entry = db.session.scalars(
        sa.select(JournalEntry).filter_by(action="speakers.text_changed")
    ).one()
    assert (entry.subject_id, entry.detail["fields"]) == (cast.session.id, ["abstract"])

    about = visitor.get(f"{cast.page}/about")
    visitor.submit(about, {"text": "Forscht über Plattformen."})
    assert "Forscht über Plattformen." in visitor.get(cast.page).text()


def test_of_two_tabs_the_second_is_told_and_keeps_what_was_typed(
    visitor: Visitor, cast: Cast
) -> None:
    address = f"{cast.page}/sessions/{cast.session.id}/text"
    first, second = visitor.get(address), visitor.get(address)
    move_to(cast, 11)  # the organisers move the session: that is no conflict
    visitor.submit(first, {"text": "Aus dem ersten Fenster"})
    page = visitor.submit(second, {"text": "Aus dem zweiten"}, status=422)
    assert "Jemand anderes hat diesen Text inzwischen geändert." in page.text()
    assert "Aus dem ersten Fenster" in page.text(".alert:not(.error-summary) .prose")
    assert page.one("textarea").text.strip() == "Aus dem zweiten"
    visitor.submit(page)
    db.session.refresh(cast.session)
    assert cast.session.abstract == "Aus dem zweiten"


def test_links_of_others_open_nothing(visitor: Visitor, cast: Cast) -> None:
    stranger = make_registration(cast.workshop)
    tokens = [
        draw_link(links.LINK_PURPOSE, stranger.id),  # no speaker
        draw_link(LINK_PURPOSE, cast.guest.id, expires_at=now() - timedelta(seconds=1)),
        "erfunden",
    ]
    root = f"/{cast.workshop.slug}/speaker"
    for token in tokens:
        visitor.get(f"{root}/{token}", status=404)
    elsewhere = make_workshop()
    db.session.commit()
    visitor.get(f"/{elsewhere.slug}/speaker/{cast.token}", status=404)
    # Sessions of others, with one's own link.
    for page in ("text", "concern", "files"):
        visitor.get(f"{cast.page}/sessions/{cast.other_session.id}/{page}", status=404)
    # A new address of the guest ends the old link; so does undoing the link with a registration.
    service.change(
        cast.guest, version=cast.guest.version, name="J. Öztürk", organisation="", email="n@e.de",
        about="",
    )  # fmt: skip
    service.unlink(cast.chair)
    visitor.get(cast.page, status=404)
    visitor.get(cast.chair_page, status=404)


def test_a_session_that_left_the_draft_is_shown_as_released_and_can_only_be_read(
    visitor: Visitor, cast: Cast
) -> None:
    cast.session.deleted_at = now()
    page = visitor.get(cast.page)
    assert "09:00–10:00 Uhr · Großer Saal" in page.text()
    assert not page.all("form[method=post]")
    assert not page.all("a[href$='/text']")
    answer = visitor.client.post(f"{cast.page}/sessions/{cast.session.id}/confirm")
    assert answer.status_code == 400  # no token; and with one:
    visitor.get(f"{cast.page}/sessions/{cast.session.id}/text")
    assert cast.session.abstract == "Erster **Text**"


def test_participants_reach_it_from_their_registration(visitor: Visitor, cast: Cast) -> None:
    page = visitor.get(f"/{cast.workshop.slug}/registration/{cast.chair_token}")
    (link,) = page.all(f"a[href='{cast.chair_page}']")
    assert link.text_content().strip() == "Meine Beiträge"
    stranger = make_registration(cast.workshop)
    token = draw_link(links.LINK_PURPOSE, stranger.id)
    page = visitor.get(f"/{cast.workshop.slug}/registration/{token}")
    assert "Meine Beiträge" not in page.text()


@pytest.mark.parametrize("days_ago", [0, 60])
def test_the_number_of_queries_does_not_grow(
    visitor: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch, days_ago: int
) -> None:
    later = now() + timedelta(days=days_ago)
    monkeypatch.setattr("app.speakers.own.now", lambda: later)
    counts = []
    for numbers in (range(0), range(5)):
        for number in numbers:
            add_session(
                cast.workshop,
                f"Weiterer {number}",
                starts=time(15, number * 5),
                ends=time(16),
                speakers="Jördis Öztürk, Hochschule Rheinau",
            )
        if numbers:
            releases.release(cast.workshop)
        page = cast.page
        with counted_queries() as queries:
            visitor.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
