"""Queueing belongs to the transaction; waking the worker to its commit."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.extensions import db, jobs, now
from app.outbox.delivery import deliver_due
from app.outbox.models import Attachment, MailLink, Message, MessageState, Problem
from app.outbox.service import (
    CannotSend,
    File,
    Mail,
    SecretLink,
    draw_link,
    find_link_subject,
    queue_mail,
    queue_mails,
    revoke_links,
    send_again,
    send_now,
)


@pytest.fixture(autouse=True)
def _empty_queue(ctx: Flask) -> None:
    jobs.flush()


def queue(**values: object) -> Message:
    given = {"recipient": "kim@example.org", "subject": "S", "text": "T", "html": "H"}
    return queue_mail(**{**given, **values})  # type: ignore[arg-type]  # tests name what they need


def test_the_worker_is_woken_by_the_commit_and_not_before() -> None:
    queue()
    assert jobs.pending_count() == 0

    db.session.commit()

    assert [task.name for task in jobs.pending()] == ["deliver"]


def test_a_rolled_back_transaction_sends_nothing() -> None:
    queue()
    db.session.rollback()
    db.session.execute(sa.select(1))
    db.session.commit()

    assert jobs.pending_count() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


def test_many_mails_at_once_are_as_each_by_itself() -> None:
    link = SecretLink(purpose="p", subject_id=7, path="/x/{token}", expires_at=now())
    file = File(filename="a.ics", content_type="text/calendar", content=b"BEGIN")
    values = {"subject": "S", "text": "T", "html": "H", "recipient_name": "Kim", "link": link}
    alone = queue_mail(recipient="0@example.org", attachments=(file,), **values)  # type: ignore[arg-type]
    queue_mails(
        [
            Mail(recipient="1@example.org", attachments=(file, file), **values),  # type: ignore[arg-type]
            Mail(recipient="2@example.org", subject="S", text="T", html="H", once_key="once"),
        ]
    )
    queue_mails([])

    assert jobs.pending_count() == 0
    db.session.commit()
    assert jobs.pending_count() == 1
    first, second = db.session.scalars(
        sa.select(Message).where(Message.id != alone.id).order_by(Message.recipient)
    )
    same = ("subject", "text", "html", "recipient_name", "state", "link_purpose", "link_path")
    assert [getattr(first, name) for name in same] == [getattr(alone, name) for name in same]
    assert first.link_expires_at == link.expires_at
    assert [a.content for a in first.attachments] == [b"BEGIN", b"BEGIN"]
    assert (second.link_purpose, second.attachments, second.once_key) == (None, [], "once")
    assert len({alone.message_id, first.message_id, second.message_id}) == 3
    with pytest.raises(IntegrityError):
        queue_mails([Mail(recipient="3@example.org", **{**values, "once_key": "once"})])  # type: ignore[arg-type]
    db.session.rollback()


def test_a_savepoint_neither_wakes_too_early_nor_forgets() -> None:
    with db.session.begin_nested():
        queue()
    assert jobs.pending_count() == 0
    with pytest.raises(ZeroDivisionError), db.session.begin_nested():
        raise ZeroDivisionError

    db.session.commit()

    assert jobs.pending_count() == 1


def test_a_broken_queue_does_not_break_the_commit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("disk is full")

    monkeypatch.setattr(jobs.storage, "enqueue", refuse)
    queue()

    db.session.commit()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
    assert "worker not woken: OSError" in caplog.text


def test_one_cause_sends_one_mail() -> None:
    queue(once_key="promotion-7")
    db.session.commit()
    with pytest.raises(IntegrityError):
        queue(once_key="promotion-7")


def test_message_ids_bear_the_sites_name_and_differ() -> None:
    first, second = queue(), queue()

    assert first.message_id.endswith("@localhost>")
    assert first.message_id != second.message_id


def test_tokens_are_kept_as_hashes_only() -> None:
    token = draw_link("registration", 7)

    assert len(token) == 32
    (link,) = db.session.scalars(sa.select(MailLink))
    assert token not in link.token_hash
    assert find_link_subject("registration", token) == 7
    assert find_link_subject("confirm", token) is None
    assert find_link_subject("registration", token[:-1]) is None
    assert find_link_subject("registration", link.token_hash) is None


def test_an_expired_link_opens_nothing() -> None:
    assert find_link_subject("confirm", draw_link("confirm", 7, expires_at=now())) is None


def test_sending_again_queues_a_copy_and_keeps_history() -> None:
    link = SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    entry = File(filename="a.ics", content_type="text/calendar", content=b"x")
    first = queue(link=link, attachments=(entry,), once_key="only-once")
    db.session.commit()
    deliver_due()

    copy = send_again(first)
    db.session.commit()

    assert first.state is MessageState.SENT
    assert (copy.state, copy.attempts, copy.copy_of_id) == (MessageState.WAITING, 0, first.id)
    assert (copy.subject, copy.recipient, copy.link_path) == (
        "S",
        "kim@example.org",
        "/leipzig/registration/{token}",
    )
    assert copy.message_id != first.message_id
    assert copy.once_key is None
    assert [a.filename for a in copy.attachments] == ["a.ics"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 2
    assert jobs.pending_count() == 2


def test_a_double_click_sends_one_copy() -> None:
    first = queue()
    db.session.commit()
    deliver_due()
    send_again(first)

    with pytest.raises(CannotSend):
        send_again(first)


def test_a_failed_mail_starts_afresh(mails: Callable[[], list[Message]]) -> None:
    message = queue()
    message.state, message.problem = MessageState.FAILED, Problem.REFUSED
    message.attempts, message.give_up_at = 3, now()
    db.session.commit()

    send_now(message)
    db.session.commit()

    (message,) = mails()
    assert message.state is MessageState.WAITING
    assert message.give_up_at is None
    deliver_due()
    (message,) = mails()
    assert (message.state, message.attempts) == (MessageState.SENT, 4)
    assert message.problem is None


@pytest.mark.parametrize("command", [send_now, send_again])
def test_a_mail_whose_link_was_revoked_is_never_sent_again(command: object) -> None:
    message = queue(
        link=SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    )
    db.session.commit()
    if command is send_again:
        deliver_due()
    revoke_links("registration", 7)
    db.session.refresh(message)

    with pytest.raises(CannotSend):
        command(message)  # type: ignore[operator]  # both are commands


@pytest.mark.parametrize("state", [MessageState.WAITING, MessageState.FAILED])
def test_only_what_was_sent_is_sent_again(state: MessageState) -> None:
    message = queue()
    message.state, message.problem = state, Problem.REFUSED

    with pytest.raises(CannotSend):
        send_again(message)


def test_what_is_on_its_way_cannot_be_hurried() -> None:
    message = queue()
    message.state, message.claimed_at = MessageState.SENDING, now()

    with pytest.raises(CannotSend):
        send_now(message)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "sent"},
        {"state": "sending"},
        {"state": "failed"},
        {"state": "lost"},
        {"attempts": -1},
        {"link_purpose": "registration"},
        {"problem": "bad luck"},
    ],
)
def test_the_database_refuses_states_that_cannot_be(values: dict[str, object]) -> None:
    message = queue()
    with pytest.raises(IntegrityError):
        db.session.execute(
            sa.text(
                f"UPDATE outbox_messages SET {', '.join(f'{n} = :{n}' for n in values)}"
                " WHERE id = :id"
            ),
            {**values, "id": message.id},
        )
