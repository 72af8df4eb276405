"""How mail goes out, and what becomes of it when the mail server has a bad day."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db, now
from app.outbox import delivery
from app.outbox.delivery import deliver_due, release_claims
from app.outbox.models import MailLink, Message, MessageState, Problem
from app.outbox.service import (
    File,
    SecretLink,
    find_link_subject,
    queue_mail,
    revoke_links,
)
from tests.mail_server import MailServer
from tests.outbox.letters import make_due, part, queue

Mails = Callable[[], list[Message]]


def test_a_mail_arrives_with_all_its_parts(
    mail_server: MailServer, mail_settings: Callable[..., None], mails: Mails
) -> None:
    mail_settings(MAIL_DEFAULT_SENDER="Tagungsbüro <workshop@example.org>")
    link = SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    entry = File(
        filename="Workshop für alle.ics",
        content_type="text/calendar; method=PUBLISH; charset=utf-8",
        content="BEGIN:VCALENDAR\r\nSUMMARY:Tagung für alle\r\nEND:VCALENDAR\r\n".encode(),
    )
    queue(
        recipient_name='Żaneta "Łu", von der Lühe',
        reply_to="team@example.org",
        link=link,
        attachments=(entry,),
    )

    assert deliver_due() is False

    (letter,) = mail_server.arrived
    assert mail_server.recipients == ["kim@example.org"]
    to = letter["To"].addresses[0]
    assert (to.display_name, to.addr_spec) == ("Żaneta Łu von der Lühe", "kim@example.org")
    sender = letter["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Tagungsbüro", "workshop@example.org")
    assert letter["Reply-To"] == "team@example.org"
    assert letter["Subject"] == "Ihre Anmeldung"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime.replace(microsecond=0) == mails()[0].created_at.replace(
        microsecond=0
    )
    token = part(letter, "plain").strip().rsplit("/", 1)[1]
    address = f"http://localhost/leipzig/registration/{token}"
    assert part(letter, "plain").replace("\r\n", "\n") == (
        f"Guten Tag,\n\nÄpfel und Öfen: {address}\n"
    )
    assert f"href='{address}'" in part(letter, "html")
    assert find_link_subject("registration", token) == 7
    (attached,) = letter.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached["Content-Type"].params["method"] == "PUBLISH"
    assert attached.get_filename() == "Workshop für alle.ics"
    assert attached.get_payload(decode=True) == entry.content
    (message,) = mails()
    assert (message.state, message.attempts, message.kept_as_file) == (MessageState.SENT, 1, False)
    assert "[[link]]" in message.text
    assert token not in message.text + message.html


def test_international_addresses_and_names_are_written_right(
    mail_server: MailServer, mails: Mails
) -> None:
    subject = ("Prüfung: ein sehr langer Betreff " * 8).strip()
    queue(recipient="kim@bücher.example", subject=subject)
    queue(recipient="kim@straße.example")

    deliver_due()

    assert [m.state for m in mails()] == [MessageState.SENT] * 2
    assert mail_server.recipients == ["kim@xn--bcher-kva.example", "kim@xn--strae-oqa.example"]
    assert mail_server.arrived[0]["Subject"] == subject


@pytest.mark.parametrize("offered", [True, False])
def test_an_address_that_relays_may_lose_fails_that_mail_only(
    serve_mail: Callable[..., MailServer],
    mail_settings: Callable[..., None],
    mails: Mails,
    offered: bool,
) -> None:
    server = serve_mail(enable_SMTPUTF8=offered)  # behind it may be another that does not
    mail_settings(MAIL_PORT=server.port)
    queue(recipient="žofia@example.org")
    queue()

    deliver_due()

    assert [(m.state, m.problem) for m in mails()] == [
        (MessageState.FAILED, Problem.ADDRESS),
        (MessageState.SENT, None),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"recipient_name": "Kim\r\nBcc: boss@example.org"},
        {"subject": "Hallo\nBcc: boss@example.org"},
        {"recipient": "kim@example.org\nBcc: boss@example.org"},
        {"recipient": "kim@example.org, boss@example.org"},
        {"recipient": ""},
        {"recipient": "no address"},
        {"reply_to": "a@example.org\r\nX-Evil: 1"},
        {"attachments": (File(filename="a\r\nX: 1", content_type="a/b\r\nX: 1", content=b""),)},
    ],
)
def test_headers_cannot_be_injected(
    mail_server: MailServer, mails: Mails, values: dict[str, Any]
) -> None:
    queue(**values)

    deliver_due()

    (message,) = mails()
    for letter in mail_server.arrived:  # what can be written harmlessly may be sent
        assert letter["Bcc"] is None
        assert letter["X-Evil"] is None
        assert letter["X"] is None
        assert mail_server.recipients == ["kim@example.org"]
    if not mail_server.arrived:
        assert (message.state, message.problem) == (MessageState.FAILED, Problem.ADDRESS)


def test_one_connection_carries_a_whole_run(mail_server: MailServer, mails: Mails) -> None:
    for number in range(200):
        queue_mail(recipient=f"kim{number}@example.org", subject="-", text="-", html="-")
    db.session.commit()

    while deliver_due():
        pass

    assert sorted(mail_server.recipients) == sorted(f"kim{n}@example.org" for n in range(200))
    assert {m.state for m in mails()} == {MessageState.SENT}
    assert mail_server.connections <= 4  # one for each ten seconds


def test_a_temporary_refusal_is_tried_again_after_growing_pauses(
    mail_server: MailServer, mails: Mails
) -> None:
    mail_server.rcpt_answer = "450 4.2.1 try again later"
    (message,) = [queue()]
    pauses = []
    while message.state is MessageState.WAITING:
        make_due(message)
        deliver_due()
        db.session.refresh(message)
        if message.state is MessageState.WAITING:
            assert message.problem is Problem.POSTPONED
            pauses.append(round((message.next_attempt_at - now()).total_seconds() / 60))
        if len(pauses) == 7:
            assert message.give_up_at is not None
            message.give_up_at = now() + timedelta(hours=3)  # two days are nearly over

    assert pauses == [1, 5, 15, 60, 240, 240, 240]
    assert (message.state, message.attempts) == (MessageState.FAILED, 8)
    assert message.last_error == "450 4.2.1 try again later"
    assert mail_server.arrived == []


def test_it_gives_up_two_days_after_the_first_attempt(mail_server: MailServer) -> None:
    mail_server.rcpt_answer = "450 4.2.1 try again later"
    message = queue()
    message.created_at = now() - timedelta(days=9)  # no worker ran for a long time
    db.session.commit()

    deliver_due()

    db.session.refresh(message)
    assert message.state is MessageState.WAITING
    assert message.give_up_at is not None
    assert abs(message.give_up_at - now() - timedelta(days=2)) < timedelta(seconds=10)


@pytest.mark.parametrize(
    "answers",
    [
        {"rcpt_answer": "550 5.1.1 unknown here"},
        {"data_answer": "554 5.6.0 unwanted content"},
    ],
)
def test_a_permanent_refusal_fails_at_once_and_the_next_mail_goes_out(
    mail_server: MailServer, mails: Mails, answers: dict[str, str]
) -> None:
    for name, answer in answers.items():
        setattr(mail_server, name, answer)
    first = queue()
    deliver_due()
    db.session.refresh(first)
    assert (first.state, first.problem) == (MessageState.FAILED, Problem.REFUSED)
    assert first.last_error == next(iter(answers.values()))

    mail_server.rcpt_answer = mail_server.data_answer = "250 OK"
    queue()
    deliver_due()

    assert [m.state for m in mails()] == [MessageState.FAILED, MessageState.SENT]
    assert len(mail_server.arrived) == 1


def test_two_workers_never_send_the_same_mail(
    ctx: Flask, mail_server: MailServer, mails: Mails
) -> None:
    for number in range(40):
        queue_mail(recipient=f"kim{number}@example.org", subject="-", text="-", html="-")
    db.session.commit()

    def work() -> None:
        with ctx.app_context():
            deliver_due()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(mail_server.recipients) == sorted(f"kim{n}@example.org" for n in range(40))
    assert {m.attempts for m in mails()} == {1}


def test_a_stale_claim_waits_again_and_its_late_owner_changes_nothing(
    ctx: Flask, mail_server: MailServer, mails: Mails
) -> None:
    queue()

    def steal() -> None:
        """What another worker does that takes this one for dead."""
        mail_server.before_answer = after_it
        with ctx.app_context():
            release_claims(timedelta(0))

    def after_it() -> None:
        with ctx.app_context():
            seen.append(mails()[0].attempts)

    seen: list[int] = []
    mail_server.before_answer = steal
    deliver_due()

    assert seen == [2]  # the first owner did not mark it as sent
    assert (mails()[0].state, mails()[0].claimed_at) == (MessageState.SENT, None)
    assert len({letter["Message-ID"] for letter in mail_server.arrived}) == 1


def test_only_old_claims_are_released(ctx: Flask, mails: Mails) -> None:
    for minutes in (4, 6):
        message = queue()
        message.state = MessageState.SENDING
        message.claimed_at = now() - timedelta(minutes=minutes)
    db.session.commit()

    release_claims(delivery.STALE_AFTER)

    assert [m.state for m in mails()] == [MessageState.SENDING, MessageState.WAITING]


def test_without_a_server_mails_are_kept_as_files(ctx: Flask, mails: Mails) -> None:
    link = SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    queue(link=link)

    deliver_due()

    (message,) = mails()
    assert (message.state, message.kept_as_file) == (MessageState.SENT, True)
    folder = Path(ctx.config["INSTANCE_DIR"]) / "mail"
    name = message.message_id.strip("<>").split("@")[0]
    (file,) = folder.glob(f"{name}.eml")
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    letter = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(letter, EmailMessage)
    token = part(letter, "plain").strip().rsplit("/", 1)[1]
    assert find_link_subject("registration", token) == 7
    assert [f.suffix for f in folder.iterdir() if f.suffix != ".eml"] == []


def test_a_folder_that_cannot_be_written_loses_nothing(
    ctx: Flask, mails: Mails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    monkeypatch.setitem(ctx.config, "INSTANCE_DIR", tmp_path)
    queue()

    deliver_due()

    (message,) = mails()
    assert (message.state, message.problem) == (MessageState.WAITING, Problem.SERVER)


def test_a_mail_whose_link_has_expired_is_not_sent(mail_server: MailServer, mails: Mails) -> None:
    link = SecretLink(
        purpose="confirm", subject_id=7, path="/c/{token}", expires_at=now() - timedelta(hours=1)
    )
    queue(link=link)

    deliver_due()

    (message,) = mails()
    assert (message.state, message.problem) == (MessageState.FAILED, Problem.LINK_EXPIRED)
    assert mail_server.arrived == []


def test_a_revoked_link_never_goes_out(mail_server: MailServer, mails: Mails) -> None:
    link = SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    mail_server.rcpt_answer = "450 later"
    queue(link=link)
    queue(
        link=SecretLink(purpose="registration", subject_id=8, path="/leipzig/registration/{token}")
    )
    deliver_due()

    revoke_links("registration", 7)
    db.session.commit()
    mail_server.rcpt_answer = "250 OK"
    for message in mails():
        make_due(message)
    deliver_due()

    assert [m.state for m in mails()] == [MessageState.WITHDRAWN, MessageState.SENT]
    assert len(mail_server.arrived) == 1


def test_a_link_revoked_while_its_mail_is_on_the_way_is_dead(
    ctx: Flask, mail_server: MailServer, mails: Mails
) -> None:
    queue(
        link=SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    )

    def revoke() -> None:
        with ctx.app_context():
            revoke_links("registration", 7)
            db.session.commit()

    mail_server.before_answer = revoke
    mail_server.dies_after_data = True
    deliver_due()
    make_due(mails()[0])
    deliver_due()

    (letter,) = mail_server.arrived
    token = part(letter, "plain").strip().rsplit("/", 1)[1]
    assert find_link_subject("registration", token) is None
    assert mails()[0].state is MessageState.WITHDRAWN
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MailLink)) == 0


def test_logs_name_no_person_and_no_secret(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mail_server.rcpt_answer = "550 kim@example.org is unknown"
    queue(
        link=SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    )
    deliver_due()
    mail_server.rcpt_answer = "250 OK"
    queue(
        link=SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    )
    deliver_due()

    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("app."))
    assert "not sent, refused 550" in ours
    for word in ("kim", "example.org", "Beispiel", "/registration/"):
        assert word not in ours
