"""What people see when something goes wrong: a clear page, and nothing half-saved."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import DictLoader
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from app.accounts import service
from app.accounts.models import Account, JournalEntry
from app.extensions import db
from app.outbox.models import MailLink, Message
from app.web.access import Audience, audience
from app.workshops.models import Workshop
from tests.factories import PASSWORD, make_account, make_registration
from tests.pages import Page, Visitor
from tests.registration.conftest import link_to

EMAIL = "erika@example.org"
SORRY = "Das hat leider nicht funktioniert"
NOT_SAVED = "Es wurde nichts gespeichert. Bitte versuchen Sie es in einigen Minuten noch einmal."


@pytest.fixture
def account(ctx: Flask) -> Account:
    """Somebody who can sign in, with a link to set a password."""
    made = make_account(email=EMAIL)
    service.request_password_link(made.email)
    db.session.commit()
    return made


def ask_for_link(visitor: Visitor, *, status: int) -> Page:
    """A request that writes to three tables."""
    page = visitor.get("/forgot-password")
    return visitor.submit(page, {"email": EMAIL}, status=status)


def saved() -> list[int]:
    """How many rows the tables hold that `ask_for_link` writes to."""
    tables = (Message, JournalEntry, MailLink)
    counts = [db.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in tables]
    waiting = sa.select(sa.func.count(Message.id)).where(Message.link_revoked_at.is_(None))
    counts.append(db.session.scalar(waiting) or 0)
    db.session.rollback()
    return counts


class TestPages:
    def test_an_address_that_is_not_there(self, visitor: Visitor, ctx: Flask) -> None:
        page = visitor.get("/nowhere/at/all", status=404)

        assert page.text("h1") == "Seite nicht gefunden"
        assert page.one("main a.kern-btn").get("href") == "/"

    @pytest.mark.parametrize(
        "path", ["/%00", "/<script>alert(1)</script>", "/" + "x" * 3000, "/..%2f..%2fetc", "/😀"]
    )
    def test_strange_addresses(self, visitor: Visitor, ctx: Flask, path: str) -> None:
        page = visitor.get(path, status=404)

        assert page.text("h1") == "Seite nicht gefunden"
        assert page.all("main script") == []

    def test_a_method_that_the_page_does_not_know(self, visitor: Visitor, ctx: Flask) -> None:
        token = visitor.get("/login").one("main input[name=csrf_token]").get("value")

        answer = visitor.client.post("/healthz", data={"csrf_token": token})

        assert visitor._page(answer, status=405).text("h1") == "Das ist hier nicht möglich"
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}

    def test_more_than_forms_can_hold(self, app: Flask, visitor: Visitor) -> None:
        answer = visitor.client.post(
            "/login", data={"email": "x" * (app.config["MAX_CONTENT_LENGTH"] + 1)}
        )

        page = visitor._page(answer, status=413)
        assert page.text("h1") == "Zu große Eingabe"

    def test_a_field_of_a_quarter_megabyte(self, app: Flask, visitor: Visitor) -> None:
        answer = visitor.client.post(
            "/login",
            data={"email": "x" * (app.config["MAX_FORM_MEMORY_SIZE"] + 1)},
            content_type="multipart/form-data",
        )

        visitor._page(answer, status=413)

    def test_a_request_of_another_kind(self, visitor: Visitor, ctx: Flask) -> None:
        for body, kind in ((b"{", "application/json"), (b"\xff\xfe", "text/xml"), (b"", None)):
            answer = visitor.client.post("/login", data=body, content_type=kind)
            assert visitor._page(answer, status=400).text("h1") != SORRY

    def test_errors_are_in_the_language_of_the_reader(self, visitor: Visitor, ctx: Flask) -> None:
        visitor.get("/login?language=en")

        assert visitor.get("/nowhere/at/all", status=404).text("h1") == "Page not found"


class TestBugs:
    @pytest.fixture
    def broken(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        """A view with a bug, after it has written something."""

        def view() -> str:
            db.session.add(JournalEntry(action="x.done", subject="x"))
            db.session.flush()
            raise ZeroDivisionError("secret detail")

        monkeypatch.setitem(app.view_functions, "web.alive", audience(Audience.EVERYONE)(view))

    def test_the_page_is_calm_and_tells_nothing(
        self, visitor: Visitor, ctx: Flask, broken: None, caplog: pytest.LogCaptureFixture
    ) -> None:
        page = visitor.get("/healthz", status=500, lint=False)

        assert page.text("h1") == SORRY
        assert "secret detail" not in page.response.text
        assert "Traceback" not in page.response.text
        assert "ZeroDivisionError" in caplog.text

    def test_nothing_is_saved(self, visitor: Visitor, ctx: Flask, broken: None) -> None:
        visitor.get("/healthz", status=500, lint=False)

        assert db.session.scalar(sa.select(sa.func.count(JournalEntry.id))) == 0

    def test_a_broken_template(
        self, app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = DictLoader({"security/login.html": "{{ 1 / 0 }}"})
        monkeypatch.setattr(app, "jinja_env", app.jinja_env.overlay(loader=broken, cache_size=0))

        assert visitor.get("/login", status=500, lint=False).text("h1") == SORRY

    def test_a_broken_error_page(
        self, app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = DictLoader({"errors/error.html": "{% if"})
        monkeypatch.setattr(app, "jinja_env", app.jinja_env.overlay(loader=broken, cache_size=0))

        assert visitor.get("/nowhere/at/all", status=404, lint=False).text("h1") == SORRY


@contextmanager
def broken_database(statement: str) -> Iterator[None]:
    """Tell every connection something before it is used."""
    engine = db.engine
    db.session.remove()

    def on_checkout(connection: Any, *_rest: object) -> None:
        connection.cursor().execute(statement)

    event.listen(engine, "checkout", on_checkout)
    try:
        yield
    finally:
        event.remove(engine, "checkout", on_checkout)
        db.session.remove()
        engine.dispose()


def read_only_database() -> AbstractContextManager[None]:
    """As on a disk that was mounted read-only, or on a standby server."""
    return broken_database("PRAGMA query_only=ON" if is_sqlite() else "SET TRANSACTION READ ONLY")


def _fill_free_pages() -> None:
    while True:
        db.session.add(JournalEntry(action="x.done", subject="x", detail={"x": "x" * 4000}))
        db.session.commit()


def is_sqlite() -> bool:
    """Whether these tests run on SQLite."""
    return db.engine.dialect.name == "sqlite"


class TestDatabase:
    def test_read_only(self, visitor: Visitor, account: Account) -> None:
        before = saved()

        with read_only_database():
            page = ask_for_link(visitor, status=503)

        assert page.text("h1") == "Speichern ist zurzeit nicht möglich"
        assert NOT_SAVED in page.text("main")
        assert saved() == before

    def test_a_full_disk(self, visitor: Visitor, account: Account) -> None:
        if not is_sqlite():
            pytest.skip("only SQLite can be told that its disk is full")
        pages = db.session.scalar(sa.text("PRAGMA page_count"))
        with broken_database(f"PRAGMA max_page_count={pages}"):
            with pytest.raises(DBAPIError, match="full"):
                _fill_free_pages()
            db.session.rollback()
            before = saved()

            page = ask_for_link(visitor, status=503)

        assert page.text("h1") == "Speichern ist zurzeit nicht möglich"
        assert saved() == before
        ask_for_link(visitor, status=200)
        assert saved() != before

    def test_nobody_is_signed_in_without_a_trace(self, visitor: Visitor, account: Account) -> None:
        with read_only_database():
            page = visitor.get("/login")
            visitor.submit(page, {"email": EMAIL, "password": PASSWORD}, status=503)

        assert visitor.get("/account/").path == "/login"

    def test_pages_can_still_be_read(self, visitor: Visitor, account: Account) -> None:
        with read_only_database():
            visitor.get("/")
            visitor.get("/login")

    def test_a_database_that_is_gone(self, app: Flask, visitor: Visitor, account: Account) -> None:
        """Not even the error page can ask who is signed in."""
        visitor.submit(visitor.get("/login"), {"email": EMAIL, "password": PASSWORD})
        visitor.get("/account/")
        probe = Visitor(app)

        gone = (
            "SELECT nothing()" if is_sqlite() else "SELECT pg_terminate_backend(pg_backend_pid())"
        )
        with broken_database(gone):
            assert visitor.get("/account/", status=503, lint=False).text("h1") == SORRY
            assert probe.get("/healthz").response.json == {"status": "ok"}
            assert probe.get("/readyz", status=503).response.json == {"status": "unavailable"}


def test_error_pages_lead_on(organiser: Visitor, visitor: Visitor, workshop: Workshop) -> None:
    registration = make_registration(workshop)
    db.session.commit()
    desk = f"/{workshop.slug}/desk"
    own = link_to(registration)

    def ways(someone: Visitor, path: str, status: int) -> list[str]:
        page = someone.get(path, status=status)
        found = [str(link.get("href")) for link in page.all("main a")]
        for href in found:
            someone.get(href)  # none of them is a dead end
        return found

    overview = f"/{workshop.slug}/"
    link = f"/{workshop.slug}/registration/link"
    # An address that only takes a form leads to the page that has it.
    person = f"{desk}/participants/{registration.id}"
    assert ways(organiser, f"{person}/confirm", 405) == [person, overview]
    assert ways(visitor, f"{own}/confirm", 405) == [own, overview]
    # What is not there has no page of its own: on to the list above it.
    assert ways(organiser, f"{desk}/participants/999", 404) == [
        *(link, f"{desk}/participants", overview)
    ]
    assert ways(visitor, f"/{workshop.slug}/nothing", 404) == [link, overview]
    # Nobody is led to where they may not go.
    assert ways(visitor, "/nowhere/desk/x", 404) == ["/"]
