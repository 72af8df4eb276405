"""Mail at the desk: seen by organisers, found, and sent again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import JournalEntry, Role
from app.extensions import db, now
from app.outbox.delivery import deliver_due
from app.outbox.models import Message, MessageState, Problem
from app.outbox.service import File, SecretLink, queue_mail
from app.workshops.models import Workshop
from tests import factories
from tests.mail_server import MailServer
from tests.pages import Visitor


def queue(workshop: Workshop, **values: object) -> Message:
    given = {
        "recipient": "kim@example.org",
        "recipient_name": "Kim Beispiel",
        "subject": f"{workshop.title}: Ihre Anmeldung",
        "text": "Guten Tag,\n\nIhr Link: [[link]]\n",
        "html": "<p>Ihr Link: [[link]]</p>",
        "workshop_id": workshop.id,
        "link": SecretLink(
            purpose="registration", subject_id=7, path="/leipzig/registration/{token}"
        ),
    }
    message = queue_mail(**{**given, **values})  # type: ignore[arg-type]  # tests name what they need
    db.session.commit()
    return message


def test_an_empty_list_says_what_will_be_there(organiser: Visitor, workshop: Workshop) -> None:
    page = organiser.get(f"/{workshop.slug}/desk/mail")

    assert page.texts(".empty__title") == ["Noch keine E-Mails"]
    assert page.all("table") == []


def test_the_list_shows_each_mail_with_its_state(organiser: Visitor, workshop: Workshop) -> None:
    other = factories.make_workshop()
    queue(other, recipient_name="Nicht Dabei")
    queue(workshop)
    deliver_due()
    failed = queue(workshop, recipient="no address")
    deliver_due()
    queue(workshop, recipient_name="Uli Wartend")

    page = organiser.get(f"/{workshop.slug}/desk/mail")

    assert page.texts("tbody th") == ["Ihre Anmeldung"] * 3
    assert page.texts("tbody .kern-badge") == ["Wartet", "Fehlgeschlagen", "Als Datei abgelegt"]
    assert page.texts(".tabs a") == [
        "Alle (3)",
        "Wartet (1)",
        "Als Datei abgelegt (1)",
        "Fehlgeschlagen (1)",
    ]
    page = organiser.get(f"/{workshop.slug}/desk/mail?state=failed")
    assert [a.get("href") for a in page.all("tbody a")] == [
        f"/{workshop.slug}/desk/mail/{failed.id}"
    ]


@pytest.mark.parametrize(
    ("words", "found"), [("uli", 1), ("EXAMPLE.org", 2), ("%", 0), ("_", 0), ("Nobody", 0)]
)
def test_mails_are_found_by_recipient(
    organiser: Visitor, workshop: Workshop, words: str, found: int
) -> None:
    queue(workshop)
    queue(workshop, recipient_name="Uli Beispiel")

    page = organiser.get(f"/{workshop.slug}/desk/mail?q={words.replace('%', '%25')}")

    assert len(page.all("tbody tr")) == found
    assert page.one("#q").get("value") == words


def test_long_lists_are_paged_with_the_same_number_of_queries(
    organiser: Visitor, workshop: Workshop, ctx: Flask
) -> None:
    def count(url: str) -> int:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_: object) -> None:
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        organiser.get(url)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    queue(workshop)
    address = f"/{workshop.slug}/desk/mail"
    few = count(address)
    for _ in range(55):
        queue(workshop)

    assert count(address) == few
    page = organiser.get(address)
    assert len(page.all("tbody tr")) == 50
    assert len(organiser.get(f"{address}?page=2").all("tbody tr")) == 6
    assert len(organiser.get(f"{address}?page=99").all("tbody tr")) == 6
    assert len(organiser.get(f"{address}?page=x&state=lost").all("tbody tr")) == 50


def test_a_mail_is_shown_without_its_secret(
    organiser: Visitor, workshop: Workshop, ctx: Flask
) -> None:
    entry = File(filename="Workshop.ics", content_type="text/calendar", content=b"x")
    message = queue(workshop, attachments=(entry,), reply_to="team@example.org")
    deliver_due()

    page = organiser.get(f"/{workshop.slug}/desk/mail/{message.id}")

    assert page.text("h1") == "Ihre Anmeldung"
    assert page.texts(".prose p") == ["Guten Tag,", "Ihr Link: [persönlicher Link]"]
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["An"] == "Kim Beispiel <kim@example.org>"
    assert facts["Anlagen"] == "Workshop.ics"
    assert facts["Antworten gehen an"] == "team@example.org"
    assert page.texts(".kern-alert .kern-title") == ["Als Datei abgelegt"]


def test_sending_again_makes_a_copy_and_a_journal_entry(
    organiser: Visitor, workshop: Workshop, mails: Callable[[], list[Message]]
) -> None:
    message = queue(workshop)
    deliver_due()

    page = organiser.submit(organiser.get(f"/{workshop.slug}/desk/mail/{message.id}"))

    first, copy = mails()
    assert (first.state, copy.state, copy.copy_of_id) == (
        MessageState.SENT,
        MessageState.WAITING,
        first.id,
    )
    assert page.path == f"/{workshop.slug}/desk/mail/{copy.id}"
    assert page.texts("dd a") == ["der ersten E-Mail"]
    entry = db.session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id)).all()[-1]
    assert (entry.action, entry.subject_id, entry.workshop_id) == (
        "mail.sent_again",
        copy.id,
        workshop.id,
    )
    assert entry.account_id is not None


def test_a_failed_mail_is_sent_now(
    organiser: Visitor, workshop: Workshop, mails: Callable[[], list[Message]]
) -> None:
    message = queue(workshop)
    message.state, message.problem = MessageState.FAILED, Problem.REFUSED
    message.last_error = "550 5.1.1 unknown"
    db.session.commit()

    page = organiser.get(f"/{workshop.slug}/desk/mail/{message.id}")
    assert "550 5.1.1 unknown" in page.texts("dd")
    organiser.submit(page)

    assert mails()[0].state is MessageState.WAITING
    assert mails()[0].next_attempt_at <= now()


def test_two_tabs_cannot_send_two_copies(
    organiser: Visitor, workshop: Workshop, mails: Callable[[], list[Message]]
) -> None:
    message = queue(workshop)
    deliver_due()
    tab = organiser.get(f"/{workshop.slug}/desk/mail/{message.id}")
    organiser.submit(tab)

    page = organiser.submit(tab, status=422)

    assert page.texts(".kern-alert--danger p")[-1] == (
        "Eine Kopie dieser E-Mail ist schon unterwegs."
    )
    assert len(mails()) == 2


def test_an_expired_link_is_refused_with_its_reason(organiser: Visitor, workshop: Workshop) -> None:
    message = queue(workshop)
    deliver_due()
    tab = organiser.get(f"/{workshop.slug}/desk/mail/{message.id}")
    message.link_expires_at = now() - timedelta(minutes=1)
    db.session.commit()

    page = organiser.submit(tab, status=422)

    assert page.texts(".kern-alert--danger p")[-1] == (
        "Der persönliche Link in dieser E-Mail ist abgelaufen."
    )


def test_mails_of_another_workshop_are_not_found(organiser: Visitor, workshop: Workshop) -> None:
    other = factories.make_workshop()
    message = queue(other)

    organiser.get(f"/{workshop.slug}/desk/mail/{message.id}", status=404)


@pytest.mark.parametrize("path", ["", "/1"])
def test_mail_is_for_organisers_of_this_workshop(
    sign_in: Callable[..., Visitor], visitor: Visitor, workshop: Workshop, path: str
) -> None:
    url = f"/{workshop.slug}/desk/mail{path}"
    assert visitor.get(url).path == "/login"
    sign_in(Role.STAFF).get(url, status=403)
    sign_in(Role.ORGANISER, factories.make_workshop()).get(url, status=403)


def test_kept_and_sent_are_told_apart_on_every_page(
    organiser: Visitor,
    workshop: Workshop,
    serve_mail: Callable[..., MailServer],
    mail_settings: Callable[..., None],
) -> None:
    registration = factories.make_registration(workshop, email="kim@example.org")
    kept = queue(workshop)
    deliver_due()
    mail_settings(MAIL_PORT=serve_mail().port)
    sent = queue(workshop)
    deliver_due()

    desk = f"/{workshop.slug}/desk"
    page = organiser.get(f"{desk}/mail")
    assert page.texts("tbody .kern-badge") == ["Gesendet", "Als Datei abgelegt"]
    assert page.texts(".tabs a") == ["Alle (2)", "Gesendet (1)", "Als Datei abgelegt (1)"]
    assert "Kein Mailserver eingestellt" not in page.text()
    for state, message in (("kept", kept), ("sent", sent)):
        page = organiser.get(f"{desk}/mail?state={state}")
        assert [a.get("href") for a in page.all("tbody a")] == [f"{desk}/mail/{message.id}"]
    page = organiser.get(f"{desk}/participants/{registration.id}")
    assert page.texts("#mails ~ ol .kern-badge") == ["Gesendet", "Als Datei abgelegt"]
    page = organiser.get(f"{desk}/mail/{sent.id}")
    assert "Gesendet" in page.text()
    page = organiser.get(f"{desk}/mail/{kept.id}")
    assert "Es war kein Mailserver eingestellt" in page.text()
    assert "esendet" not in page.text().replace("deshalb wurde diese E-Mail nicht gesendet", "")
    assert page.texts("dt").count("Als Datei abgelegt") == 1


def test_the_list_says_that_nothing_is_sent(organiser: Visitor, workshop: Workshop) -> None:
    queue(workshop)

    assert "Kein Mailserver eingestellt" in organiser.get(f"/{workshop.slug}/desk/mail").text()
