"""Sending what is due: claim one mail, hand it over, write down how it went.

Each step is a short transaction of its own, none is open while the mail server is talked to.
A worker that dies leaves its one mail claimed; the claim ends by itself. So nothing is lost,
and only the mail that was in flight may go out twice, with the same Message-ID.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app.extensions import db, now
from app.outbox.letters import Letter, write_letter
from app.outbox.models import Message, MessageState, Problem
from app.outbox.service import draw_link
from app.outbox.smtp import NotSent, open_postman

log = logging.getLogger(__name__)

RUN_SECONDS = 10.0
"""A run ends after this time, so that other jobs have their turn and the worker can stop."""

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))
"""How long to wait after the first, second … failed attempt; the last one goes on."""

SERVER_PAUSES = PAUSES[:3]
"""The same when our own server is at fault: mail shall flow again soon after it is back."""

GIVE_UP_AFTER = timedelta(days=2)
STALE_AFTER = timedelta(minutes=5)
STALE_AT_START = timedelta(seconds=30)
"""Longer than any mail may take: at the worker's start such a claim is its dead forerunner's."""


@dataclass(frozen=True)
class _Claim:
    id: int
    at: datetime
    letter: Letter


def deliver_due(seconds: float = RUN_SECONDS) -> bool:
    """Send what is due, oldest first, over one connection.

    Returns True if the time was up before all were sent. If the server cannot be used, the rest
    stays as it is for a later run.
    """
    release_claims(STALE_AFTER)
    end = time.monotonic() + seconds
    postman = open_postman(current_app.config)
    try:
        while time.monotonic() < end:
            claim = _claim_next()
            if claim is None:
                return False
            try:
                postman.hand_over(claim.letter)
            except NotSent as failure:
                _record_failure(claim, failure)
                if failure.problem is Problem.SERVER:
                    return False
            else:
                _record_sent(claim, kept_as_file=postman.keeps_files)
    finally:
        postman.close()
    return True


def release_claims(older_than: timedelta) -> None:
    """Let mails wait again whose worker died while it sent them."""
    released = db.session.execute(
        sa.update(Message)
        .where(Message.state == MessageState.SENDING, Message.claimed_at < now() - older_than)
        .values(state=MessageState.WAITING, claimed_at=None)
        .returning(Message.id)
    ).all()
    db.session.commit()
    for (message_id,) in released:
        log.warning("message %d: its worker stopped, it waits again", message_id)


def _claim_next() -> _Claim | None:
    """Take the mail that is due longest, so that no other worker does, and write its letter."""
    while (message := _lock_due()) is not None:
        claim = _prepare(message)
        db.session.commit()
        if claim is not None:
            return claim
    db.session.rollback()
    return None


def _lock_due() -> Message | None:
    return db.session.scalar(
        sa.select(Message)
        .where(Message.state == MessageState.WAITING, Message.next_attempt_at <= now())
        .order_by(Message.next_attempt_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _prepare(message: Message) -> _Claim | None:
    at = now()
    if message.link_revoked_at is not None:
        message.state = MessageState.WITHDRAWN
        return None
    if message.link_expires_at is not None and message.link_expires_at <= at:
        _fail(message, Problem.LINK_EXPIRED, None)
        return None
    message.attempts += 1
    try:
        letter = write_letter(
            message, sender=current_app.config["MAIL_DEFAULT_SENDER"], link=_draw(message)
        )
        letter.as_bytes()  # what cannot be written shall fail here, not on every attempt
    except Exception as error:  # the email package raises all kinds for bad addresses
        _fail(message, Problem.ADDRESS, str(error)[:500])
        return None
    message.state = MessageState.SENDING
    message.claimed_at = at
    message.give_up_at = message.give_up_at or at + GIVE_UP_AFTER
    return _Claim(message.id, at, letter)


def _draw(message: Message) -> str | None:
    purpose, subject_id, path = message.link_purpose, message.link_subject_id, message.link_path
    if purpose is None or subject_id is None or path is None:
        return None
    token = draw_link(purpose, subject_id, expires_at=message.link_expires_at)
    return str(current_app.config["BASE_URL"]) + path.format(token=token)


def _record_sent(claim: _Claim, *, kept_as_file: bool) -> None:
    message = _claimed(claim)
    if message is not None:
        message.state = MessageState.SENT
        message.claimed_at = None
        message.sent_at = now()
        message.kept_as_file = kept_as_file
        message.problem = message.last_error = None
        db.session.commit()
    log.info("message %d: %s", claim.id, "kept as a file" if kept_as_file else "sent")


def _record_failure(claim: _Claim, failure: NotSent) -> None:
    log.warning("message %d: not sent, %s %s", claim.id, failure.problem, failure.code or "")
    message = _claimed(claim)
    if message is None:
        return
    message.claimed_at = None
    final = failure.problem in {Problem.REFUSED, Problem.ADDRESS}
    pauses = SERVER_PAUSES if failure.problem is Problem.SERVER else PAUSES
    next_attempt_at = now() + pauses[min(message.attempts, len(pauses)) - 1]
    if final or (message.give_up_at is not None and next_attempt_at > message.give_up_at):
        _fail(message, failure.problem, failure.answer)
    else:
        message.state = MessageState.WAITING
        message.next_attempt_at = next_attempt_at
        message.problem, message.last_error = failure.problem, failure.answer
    db.session.commit()


def _fail(message: Message, problem: Problem, answer: str | None) -> None:
    message.state = MessageState.FAILED
    message.problem, message.last_error = problem, answer


def _claimed(claim: _Claim) -> Message | None:
    """The mail, if it is still there and this claim still holds."""
    message = db.session.get(Message, claim.id, with_for_update=True, populate_existing=True)
    if message is None or message.claimed_at != claim.at:
        db.session.rollback()
        return None
    return message
