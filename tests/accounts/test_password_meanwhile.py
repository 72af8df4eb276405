"""What others do to an account while its new password is hashed."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts import colleagues, passwords
from app.accounts.models import Account, Role
from app.extensions import db
from app.outbox.models import Message
from tests.factories import PASSWORD
from tests.pages import Visitor

NEW = "Neun-Dachse-am-Deich-17"

Act = Callable[[Account], object]
Change = Callable[[Act, str], tuple[Visitor, TestResponse, int]]


@pytest.fixture
def change(app: Flask, sign_in: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch) -> Change:
    """`change(act, "hash_password")`: another process acts while that is computing."""
    sign_in(Role.ADMINISTRATOR)
    someone = sign_in(Role.ORGANISER)
    account_id = db.session.scalars(sa.select(sa.func.max(Account.id))).one()
    db.session.remove()

    def run(act: Act, where: str) -> tuple[Visitor, TestResponse, int]:
        real = getattr(passwords, where)

        def other() -> None:
            with app.app_context():
                act(db.session.get_one(Account, account_id))
                db.session.commit()

        def slow(*args: Any) -> Any:
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(30)
            return real(*args)

        values = someone.get("/account/password").form_values()
        values.update(present=PASSWORD, password=NEW, repeat=NEW)
        with monkeypatch.context() as patch, app.app_context():
            patch.setattr(passwords, where, slow)
            return someone, someone.client.post("/account/password", data=values), account_id

    return run


@pytest.mark.parametrize("where", ["verify_password", "hash_password"])
def test_whoever_is_shut_out_meanwhile_stays_out(app: Flask, change: Change, where: str) -> None:
    someone, answer, account_id = change(colleagues.deactivate, where)
    assert answer.status_code == 303
    assert answer.location == "/login"
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
        colleagues.reactivate(db.session.get_one(Account, account_id))
        db.session.commit()
    with app.app_context():  # no session of before comes back
        assert someone.client.get("/account/").status_code == 302


@pytest.mark.parametrize("where", ["verify_password", "hash_password"])
def test_an_account_that_is_deleted_meanwhile(change: Change, where: str) -> None:
    _someone, answer, _id = change(lambda a: colleagues.delete(a, a.email), where)
    assert answer.status_code == 303
    assert answer.location == "/login"
