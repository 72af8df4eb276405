"""Moments at which a revoked link might slip through."""

from threading import Thread
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.outbox.delivery import deliver_due
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
