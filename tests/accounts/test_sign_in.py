"""Signing in, sessions, and what attackers try on them."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from argon2 import low_level
from flask import Flask
from flask_security import login_user

from app.accounts import service
from app.accounts.models import Account, Role
from app.extensions import db
from app.outbox.models import Message
from tests.accounts.signing_in import enter, is_signed_in
from tests.factories import PASSWORD, make_account
from tests.pages import Visitor

WRONG = "E-Mail-Adresse oder Passwort stimmt nicht."


class TestLogIn:
    @pytest.mark.parametrize("email", ["erika@example.org", "  ERIKA@Example.org "])
    def test_in_any_capitals_and_with_spaces(
        self, visitor: Visitor, account: Account, email: str
    ) -> None:
        enter(visitor, email, PASSWORD)

        assert is_signed_in(visitor)

    def test_an_umlaut_is_the_same_on_every_keyboard(
        self, visitor: Visitor, account: Account
    ) -> None:
        service.change_password(account, PASSWORD, "T\u00fcr und Tor zu")
        db.session.commit()

        enter(visitor, account.email, "Tu\u0308r und Tor zu")

        assert is_signed_in(visitor)

    def test_leads_to_the_page_that_was_asked_for(self, visitor: Visitor, account: Account) -> None:
        page = visitor.get("/account/password")
        assert page.path == "/login"

        page = visitor.submit(page, {"email": account.email, "password": PASSWORD})

        assert page.path == "/account/password"

    def test_missing_entries_are_named(self, visitor: Visitor, ctx: Flask) -> None:
        page = enter(visitor, "", "", status=422)

        assert page.errors() == {
            "email": "Geben Sie Ihre E-Mail-Adresse ein.",
            "password": "Geben Sie Ihr Passwort ein.",
        }

    def test_what_is_no_address_is_named(self, visitor: Visitor, ctx: Flask) -> None:
        page = enter(visitor, "erika", PASSWORD, status=422)

        assert page.errors() == {
            "email": "Geben Sie die vollständige E-Mail-Adresse ein,"
            " zum Beispiel karla.muster@polizei.example."
        }

    def test_the_address_is_not_lost_and_the_password_not_shown(
        self, visitor: Visitor, account: Account
    ) -> None:
        page = enter(visitor, "erika@example.org", "wrong password", status=422)

        assert page.one("#email").get("value") == "erika@example.org"
        assert page.one("#password").get("value") == ""

    def test_markup_stays_text(self, visitor: Visitor, ctx: Flask) -> None:
        page = enter(visitor, "<script>alert(1)</script>@example.org", "x", status=422)

        assert page.all("main script") == []

    def test_signing_out_ends_the_session(self, visitor: Visitor, account: Account) -> None:
        enter(visitor, account.email, PASSWORD)
        page = visitor.get("/account/")

        visitor.submit(page, form="header form[action='/logout']")

        assert not is_signed_in(visitor)

    def test_signing_out_needs_a_post(self, visitor: Visitor, account: Account) -> None:
        enter(visitor, account.email, PASSWORD)

        visitor.get("/logout", status=404)
        assert is_signed_in(visitor)

    def test_no_remember_me_cookie_is_set(self, visitor: Visitor, account: Account) -> None:
        page = visitor.get("/login")

        visitor.submit(page, {"email": account.email, "password": PASSWORD, "remember": "y"})

        assert visitor.client.get_cookie("remember_token") is None


class TestEnumeration:
    @pytest.fixture
    def pages(self, app: Flask, account: Account) -> dict[str, str]:
        """What a guesser sees for each kind of address."""
        invited = service.create_account("invited@example.org", Role.STAFF)
        deactivated = make_account(email="deactivated@example.org")
        deactivated.active = False
        db.session.commit()
        tries = {
            "wrong password": (account.email, "Sechs Esel im Regen"),
            "nobody": ("nobody@example.org", PASSWORD),
            "invited": (invited.email, PASSWORD),
            "deactivated": (deactivated.email, PASSWORD),
        }
        seen = {}
        for kind, (email, password) in tries.items():
            page = enter(Visitor(app), email, password, status=422)
            assert page.texts(".error-summary li") == [WRONG]
            assert page.errors() == {}
            seen[kind] = page.text("main").replace(email, "…")
        return seen

    def test_the_log_in_page_answers_all_alike(self, pages: dict[str, str]) -> None:
        assert len(set(pages.values())) == 1

    @pytest.mark.parametrize("email", ["erika@example.org", "nobody@example.org"])
    def test_the_page_for_forgotten_passwords_too(
        self, visitor: Visitor, account: Account, email: str
    ) -> None:
        page = visitor.submit(visitor.get("/forgot-password"), {"email": email})

        assert page.path == "/login"
        assert page.texts(".alert") == [
            "Wenn es zu dieser Adresse ein Konto gibt, ist ein Link dorthin unterwegs."
        ]

    @pytest.mark.parametrize("email", ["erika@example.org", "nobody@example.org"])
    def test_and_takes_its_time_for_all(
        self, visitor: Visitor, account: Account, email: str
    ) -> None:
        page = visitor.get("/forgot-password")
        start = time.perf_counter()

        visitor.submit(page, {"email": email}, status=303, follow=False)

        assert time.perf_counter() - start > 0.19

    def test_an_unknown_address_costs_a_hash_as_well(
        self, app: Flask, visitor: Visitor, account: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nothing else takes long in a sign-in, so both answers take equally long."""
        costs: list[int] = []

        def counted(derive: Callable[..., Any]) -> Callable[..., Any]:
            def count(*args: Any, **kwargs: Any) -> Any:
                costs[-1] += 1
                return derive(*args, **kwargs)

            return count

        for name in ("hash_secret", "verify_secret"):
            monkeypatch.setattr(low_level, name, counted(getattr(low_level, name)))
        for email in (account.email, "nobody@example.org"):
            page = visitor.get("/login")
            costs.append(0)
            visitor.submit(page, {"email": email, "password": "wrong"}, status=422)

        assert costs == [1, 1]


class TestOtherWaysIn:
    def test_a_token_in_the_address_or_a_header_opens_nothing(
        self, app: Flask, visitor: Visitor, account: Account
    ) -> None:
        with app.test_request_context("/"):
            login_user(account)
            token = account.get_auth_token()
            db.session.rollback()

        for answer in (
            visitor.client.get(f"/account/?auth_token={token!s}"),
            visitor.client.get("/account/", headers={"Authentication-Token": str(token)}),
        ):
            assert answer.status_code == 302

    def test_json_is_not_read(self, visitor: Visitor, account: Account) -> None:
        page = visitor.get("/login")
        token = page.one("main input[name=csrf_token]").get("value")

        answer = visitor.client.post(
            "/login",
            json={"email": account.email, "password": PASSWORD},
            headers={"X-CSRFToken": token, "Accept": "application/json"},
        )

        assert answer.status_code == 415
        assert not is_signed_in(visitor)

    @pytest.mark.parametrize(
        "path",
        [
            "/register",
            "/reset",
            "/change",
            "/verify",
            "/confirm",
            "/tf-setup",
            "/fs-static/js/x.js",
        ],
    )
    def test_pages_of_flask_security_that_are_not_used_are_not_there(
        self, visitor: Visitor, ctx: Flask, path: str
    ) -> None:
        assert visitor.get(path, status=404).text("h1") == "Seite nicht gefunden"

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            " //evil.example",
            "/\t/evil.example",
        ],
    )
    @pytest.mark.parametrize("where", ["query", "field"])
    def test_next_leads_to_no_other_site(
        self, visitor: Visitor, account: Account, target: str, where: str
    ) -> None:
        if where == "query":
            page = visitor._page(
                visitor.client.get("/login", query_string={"next": target}), status=200
            )
            data = {"email": account.email, "password": PASSWORD}
        else:
            page = visitor.get("/login")
            data = {"email": account.email, "password": PASSWORD, "next": target}

        answer = visitor.submit(page, data, status=302, follow=False)

        location = answer.response.headers["Location"]
        assert not location.startswith(("//", "/\\", "\\"))
        assert urlsplit(urljoin("http://localhost/login", location)).netloc == "localhost"


def test_a_forgotten_password_from_mail_to_log_in(
    app: Flask, visitor: Visitor, account: Account, mailed_links: Callable[[], list[str]]
) -> None:
    visitor.submit(visitor.get("/forgot-password"), {"email": "Erika@example.org "})
    (path,) = mailed_links()
    assert path.startswith("/reset-password/")

    new = "Neun Igel reisen nach Ulm"
    page = visitor.submit(visitor.get(path), {"password": new, "repeat": new})

    assert page.path == "/login"
    enter(Visitor(app), account.email, PASSWORD, status=422)
    enter(visitor, account.email, new)
    assert is_signed_in(visitor)
    assert visitor.client.get(path).status_code == 410
    notice = db.session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    assert notice is not None
    assert notice.subject == "Ihr Passwort wurde geändert"
