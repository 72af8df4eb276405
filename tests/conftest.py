"""Fixtures that all tests share: one application, a clean database for each test.

`TEST_DATABASE_URL` names a PostgreSQL server (a URL without database name); without it, SQLite.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app import create_app
from app.accounts.models import Account, Role
from app.extensions import db, jobs, limiter
from app.outbox.models import Message
from app.queue_storage import BaseStorage
from app.workshops.models import Workshop
from tests import factories
from tests.frozen import check_mail
from tests.pages import Visitor


def make_database(name: str, folders: pytest.TempPathFactory) -> str:
    """The URL of a new, empty database."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        return f"sqlite:///{folders.mktemp('database') / 'test.db'}"
    name = f"tagungsbuero_test_{name}"
    engine = sa.create_engine(
        server.replace("postgresql://", "postgresql+psycopg://") + "/postgres",
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """A database of this test process alone."""
    return make_database(worker_id, tmp_path_factory)


@pytest.fixture(scope="session")
def application(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application; the schema is what the models say (a test compares the migrations)."""
    app = create_app(
        {
            "TESTING": True,
            "INSTANCE_DIR": tmp_path_factory.mktemp("instance"),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "only for tests",
            "BASE_URL": "http://localhost",
            "SERVER_NAME": None,
            "MAIL_SERVER": None,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
                "argon2__time_cost": 1,
                "argon2__memory_cost": 64,
                "argon2__parallelism": 1,
            },
        }
    )
    # A failing view shall show its error page, as it does for people.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            # No test cuts the power, so none has to wait for the disk.
            event.listen(db.engine, "connect", lambda c, _r: c.execute("PRAGMA synchronous=OFF"))
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def make_app(application: Flask) -> Iterator[Callable[..., Flask]]:
    """`make_app(INSTANCE_DIR=…)`: an application beside the tests' own.

    Queue and limits are the process's; the tests' application gets its own back afterwards.
    """
    before = jobs.storage, jobs.application, limiter._storage, limiter._limiter
    made: list[Flask] = []
    queues: list[BaseStorage] = []

    def make(**settings: Any) -> Flask:
        made.append(create_app({"SECRET_KEY": "only for tests", **settings}))
        queues.append(jobs.storage)
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    for queue in queues:
        queue.close()
    jobs.storage, jobs.application, limiter._storage, limiter._limiter = before


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application, empty again after the test."""
    limiter.enabled = False  # a test that makes an application of its own switches it on
    yield application
    with application.app_context():
        db.session.rollback()
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(sa.delete(table))
        db.session.commit()
        db.session.remove()


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """An application context, for tests that call services without a request."""
    with app.app_context():
        yield app
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def workshop(ctx: Flask) -> Workshop:
    """A workshop that takes registrations."""
    made = factories.make_workshop()
    db.session.commit()
    return made


@pytest.fixture
def sign_in(app: Flask, ctx: Flask) -> Callable[..., Visitor]:
    """`sign_in(Role.ORGANISER)`: a visitor who is signed in, through the log-in page."""

    def enter(role: Role = Role.ORGANISER, workshop: Workshop | None = None) -> Visitor:
        account: Account = factories.make_account(role=role, workshop=workshop)
        db.session.commit()
        someone = Visitor(app)
        page = someone.get("/login?next=/account/")  # not on to the desk: quicker
        page = someone.submit(page, {"email": account.email, "password": factories.PASSWORD})
        assert page.all("[aria-invalid=true]") == []
        return someone

    return enter


@pytest.fixture
def organiser(sign_in: Callable[..., Visitor]) -> Visitor:
    """An organiser of all workshops, signed in."""
    return sign_in(Role.ORGANISER)


@pytest.fixture
def limits(app: Flask) -> Iterator[None]:
    """Rate limits as in use, with nothing counted yet."""
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.enabled = False


@pytest.fixture
def mails(ctx: Flask) -> Callable[[], list[Message]]:
    """The mails queued so far, in order; what they name must lead there for ever."""

    def queued() -> list[Message]:
        db.session.expire_all()
        found = list(db.session.scalars(sa.select(Message).order_by(Message.id)))
        for message in found:
            check_mail(ctx, message)
        return found

    return queued


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return Path(__file__).parents[1]
