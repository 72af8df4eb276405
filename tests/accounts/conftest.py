"""Fixtures for tests of accounts."""

import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from app.accounts import service
from app.accounts.models import Account, Role
from app.extensions import db
from app.outbox.delivery import deliver_due
from tests import factories
from tests.pages import Visitor


@pytest.fixture
def account(ctx: Flask) -> Account:
    """An organiser of all workshops, with the password `factories.PASSWORD`."""
    made = factories.make_account(email="erika@example.org")
    db.session.commit()
    return made


@pytest.fixture
def invited(ctx: Flask) -> Account:
    """Somebody who has not set a password yet."""
    account = service.create_account("neu@example.org", Role.STAFF, name="Nora Neu")
    db.session.commit()
    return account


@pytest.fixture
def administrator(sign_in: Callable[..., Visitor]) -> Visitor:
    """An administrator, signed in."""
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def mailed_links(ctx: Flask) -> Callable[[], list[str]]:
    """`mailed_links()`: the paths of the links in the mails that go out now."""
    folder = Path(ctx.config["INSTANCE_DIR"]) / "mail"

    def send() -> list[str]:
        before = set(folder.glob("*.eml"))
        assert deliver_due() is False
        letters = sorted(set(folder.glob("*.eml")) - before)
        texts = [_text(letter) for letter in letters]
        return [path for text in texts for path in re.findall(r"http://localhost(/\S+)", text)]

    return send


def _text(letter: Path) -> str:
    part = message_from_bytes(letter.read_bytes(), policy=default).get_body(("plain",))
    assert part is not None
    content: str = part.get_content()
    return content


@pytest.fixture
def count_queries(application: Flask) -> Callable[[Callable[[], object]], int]:
    """`count_queries(act)`: how many statements reach the database meanwhile."""

    def count(act: Callable[[], object]) -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        with application.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    return count
