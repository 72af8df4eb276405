"""While a password is hashed or verified, others can write."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import service
from app.accounts.models import Account
from app.extensions import db, security
from app.outbox.models import MailLink
from tests.accounts.signing_in import enter, is_signed_in
from tests.factories import PASSWORD
from tests.pages import Visitor

NEW = "Neun Igel reisen nach Ulm"
WRONG = "not this one"


class Watched:
    """The hashing library, with something that happens each time before it begins to work."""

    def __init__(self, context: Any, meanwhile: Callable[[], None]) -> None:
        self._context, self.meanwhile, self.times = context, meanwhile, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def verify(self, *args: Any, **kwargs: Any) -> Any:
        self._note()
        return self._context.verify(*args, **kwargs)

    def hash(self, *args: Any, **kwargs: Any) -> Any:
        self._note()
        return self._context.hash(*args, **kwargs)

    def _note(self) -> None:
        self.times += 1
        self.meanwhile()


@pytest.fixture
def watched(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Somebody else writes each time a password is hashed or verified, and never waits."""
    made = Watched(security.pwd_context, write_at_once)
    db.session.rollback()
    monkeypatch.setattr(security, "pwd_context", made)
    yield made
    assert made.times > 0


def write_at_once() -> None:
    """Take the locks of all accounts, as another process does; an error if one has to wait."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        other = sqlite3.connect(url.database or "", timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        other.close()
        return
    with db.engine.connect() as connection:
        connection.execute(sa.text("SELECT id FROM accounts FOR UPDATE NOWAIT"))


class TestOthersWriteMeanwhile:
    def test_somebody_signs_in(self, visitor: Visitor, account: Account, watched: Watched) -> None:
        enter(visitor, account.email, PASSWORD)

        assert is_signed_in(visitor)

    @pytest.mark.parametrize("email", ["erika@example.org", "nobody@example.org"])
    def test_somebody_guesses(
        self, visitor: Visitor, account: Account, watched: Watched, email: str
    ) -> None:
        enter(visitor, email, WRONG, status=422)

        assert watched.times == 1

    def test_somebody_tries_an_account_without_a_password(
        self, visitor: Visitor, invited: Account, watched: Watched
    ) -> None:
        enter(visitor, invited.email, WRONG, status=422)

        assert watched.times == 1

    def test_the_password_is_changed(
        self, app: Flask, visitor: Visitor, account: Account, watched: Watched
    ) -> None:
        enter(visitor, account.email, PASSWORD)
        page = visitor.get("/account/password")
        visitor.submit(page, {"present": PASSWORD, "password": NEW, "repeat": NEW})

        assert watched.times == 3
        again = Visitor(app)
        enter(again, account.email, NEW)
        assert is_signed_in(again)

    def test_an_invitation_is_accepted(
        self, visitor: Visitor, invited: Account, watched: Watched
    ) -> None:
        address = service.draw_invitation(invited).removeprefix("http://localhost")
        db.session.commit()
        page = visitor.get(address)
        visitor.submit(page, {"password": NEW, "repeat": NEW})

        enter(visitor, invited.email, NEW)
        assert is_signed_in(visitor)

    def test_the_first_administrator_begins(
        self, visitor: Visitor, ctx: Flask, watched: Watched
    ) -> None:
        address = service.draw_first_link() or ""
        db.session.commit()
        page = visitor.get(address.removeprefix("http://localhost"))
        entries = {"email": "chef@example.org", "name": "Chris Chef"}
        visitor.submit(page, {**entries, "password": NEW, "repeat": NEW})

        enter(visitor, "chef@example.org", NEW)
        assert is_signed_in(visitor)


class TestWhatHappenedMeanwhileCounts:
    def test_a_password_that_was_changed_does_not_let_in(
        self, visitor: Visitor, account: Account, watched: Watched
    ) -> None:
        other = security.pwd_context._context.hash(NEW)

        def change() -> None:
            execute(sa.update(Account).values(password=other))

        watched.meanwhile = change
        enter(visitor, account.email, PASSWORD, status=422)

        assert not is_signed_in(visitor)

    def test_an_account_that_was_deleted_neither(
        self, visitor: Visitor, account: Account, watched: Watched
    ) -> None:
        email = account.email
        db.session.rollback()
        watched.meanwhile = lambda: execute(sa.delete(Account))

        enter(visitor, email, PASSWORD, status=422)

    def test_nor_one_that_was_deactivated(
        self, visitor: Visitor, account: Account, watched: Watched
    ) -> None:
        watched.meanwhile = lambda: execute(sa.update(Account).values(active=False))

        enter(visitor, account.email, PASSWORD, status=422)

    def test_a_link_that_was_used_sets_no_password(
        self, visitor: Visitor, invited: Account, watched: Watched
    ) -> None:
        address = service.draw_invitation(invited).removeprefix("http://localhost")
        db.session.commit()
        page = visitor.get(address)
        watched.meanwhile = lambda: execute(sa.delete(MailLink))

        visitor.submit(page, {"password": NEW, "repeat": NEW}, status=410)

        db.session.expire_all()
        assert invited.password is None


def execute(statement: sa.Executable) -> None:
    """Write over a connection of its own, and commit."""
    with db.engine.begin() as connection:
        connection.execute(statement)


def test_a_password_is_hashed_anew_once_that_costs_more(
    visitor: Visitor, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = account.password
    dearer = security.pwd_context.using(argon2__memory_cost=128, argon2__time_cost=2)
    monkeypatch.setattr(security, "pwd_context", dearer)

    enter(visitor, account.email, PASSWORD)

    db.session.expire_all()
    assert account.password != before
    assert not dearer.needs_update(account.password)
    assert is_signed_in(visitor)
