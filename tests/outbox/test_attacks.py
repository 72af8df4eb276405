"""What attackers try with mails."""

from email import message_from_bytes, policy
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.outbox.delivery import deliver_due
from app.outbox.letters import write_letter
from app.outbox.models import MailLink
from app.outbox.service import LINK_MARK, SecretLink, queue_mail, revoke_links


def test_no_link_survives_that_a_worker_draws_while_it_is_revoked(ctx: Flask) -> None:
    link = SecretLink(purpose="registration", subject_id=7, path="/x/{token}")
    queue_mail(recipient="old@example.org", subject="-", text=LINK_MARK, html=LINK_MARK, link=link)
    db.session.commit()

    def send() -> None:
        with ctx.app_context():
            deliver_due()

    worker = Thread(target=send)

    def work_in_between(*_statement: Any) -> None:
        if worker.ident is None:
            worker.start()
            worker.join(1)  # on SQLite it waits for the end of the transaction

    event.listen(db.engine, "after_cursor_execute", work_in_between)
    revoke_links("registration", 7)
    db.session.commit()
    event.remove(db.engine, "after_cursor_execute", work_in_between)
    worker.join()

    assert db.session.scalars(sa.select(MailLink)).all() == []


@pytest.mark.parametrize(
    "name",
    [
        "Karla Aaaaaaaaaaaaaaaaaaaaaaaaaaaaa, Boss <chef@bka.example>, Muster-Hohenlohe-Langenburg",
        "Ä, <chef@bka.example>, Muster",
        'Dr. "K", ; : (x) [y] @ \\ ' + "Muster " * 20,
    ],
)
def test_no_name_adds_a_recipient_to_the_header(ctx: Flask, name: str) -> None:
    message = queue_mail(
        recipient="kim@example.org", recipient_name=name, subject="-", text="-", html="-"
    )

    letter = write_letter(message, sender="site@example.org", link=None)

    read = message_from_bytes(letter.as_bytes(), policy=policy.default)
    assert [address.addr_spec for address in read["To"].addresses] == ["kim@example.org"]
