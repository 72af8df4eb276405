"""When sessions end, and what a stolen or planted cookie is worth."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import TimestampSigner

from app.accounts import colleagues, service
from app.accounts.models import Account, SignIn
from app.extensions import db, now
from tests.accounts.signing_in import COOKIE, cookie_of, enter, is_signed_in
from tests.factories import PASSWORD
from tests.pages import Visitor

ENDED = "Ihre Sitzung ist beendet. Bitte melden Sie sich erneut an."


class TestSessionsEnd:
    @pytest.fixture
    def inside(self, visitor: Visitor, account: Account) -> Visitor:
        """A visitor who is signed in as Erika."""
        enter(visitor, account.email, PASSWORD)
        return visitor

    @pytest.fixture
    def elsewhere(self, app: Flask, account: Account) -> Visitor:
        """The same account on another device."""
        other = Visitor(app)
        enter(other, account.email, PASSWORD)
        return other

    def age_cookie(self, app: Flask, visitor: Visitor, age: timedelta) -> None:
        """Make the cookie one that was last renewed so long ago."""

        class Earlier(TimestampSigner):
            def get_timestamp(self) -> int:
                return super().get_timestamp() - int(age.total_seconds())

        interface = app.session_interface
        assert isinstance(interface, SecureCookieSessionInterface)
        serializer = interface.get_signing_serializer(app)
        assert serializer is not None
        content = serializer.loads(cookie_of(visitor))
        serializer.signer = Earlier
        visitor.client.set_cookie(COOKIE, serializer.dumps(content))

    def test_after_twelve_hours_without_a_request(self, app: Flask, inside: Visitor) -> None:
        self.age_cookie(app, inside, timedelta(hours=11, minutes=59))
        assert is_signed_in(inside)

        self.age_cookie(app, inside, timedelta(hours=12, minutes=1))
        assert not is_signed_in(inside)

    def test_each_request_renews_the_twelve_hours(self, app: Flask, inside: Visitor) -> None:
        for _ in range(3):
            self.age_cookie(app, inside, timedelta(hours=8))
            assert is_signed_in(inside)

    def test_twenty_four_hours_after_signing_in(self, inside: Visitor) -> None:
        db.session.execute(
            sa.update(SignIn).values(created_at=now() - timedelta(hours=24, minutes=1))
        )
        db.session.commit()

        page = inside.get("/account/")

        assert page.path == "/login"
        assert page.texts(".alert") == [ENDED]

    def test_a_copied_cookie_is_worth_nothing_after_signing_out(
        self, app: Flask, inside: Visitor
    ) -> None:
        thief = Visitor(app)
        thief.client.set_cookie(COOKIE, cookie_of(inside))
        assert is_signed_in(thief)

        inside.submit(inside.get("/account/"), form="header form[action='/logout']")

        assert not is_signed_in(thief)

    def test_signing_out_leaves_other_devices_alone(
        self, inside: Visitor, elsewhere: Visitor
    ) -> None:
        inside.submit(inside.get("/account/"), form="header form[action='/logout']")

        assert is_signed_in(elsewhere)

    def test_at_once_when_the_account_is_deactivated(
        self, inside: Visitor, account: Account
    ) -> None:
        colleagues.deactivate(account)
        db.session.commit()

        assert not is_signed_in(inside)

    def test_elsewhere_when_the_password_is_changed(
        self, inside: Visitor, elsewhere: Visitor
    ) -> None:
        page = inside.get("/account/password")
        new = "Neun Igel reisen nach Ulm"
        inside.submit(page, {"present": PASSWORD, "password": new, "repeat": new})

        assert is_signed_in(inside)
        assert not is_signed_in(elsewhere)

    def test_everywhere_when_the_password_is_reset(
        self, inside: Visitor, elsewhere: Visitor, account: Account
    ) -> None:
        service.change_password(account, PASSWORD, "Neun Igel reisen nach Ulm")
        db.session.commit()

        assert not is_signed_in(inside)
        assert not is_signed_in(elsewhere)

    def test_nothing_planted_before_signing_in_remains(
        self, app: Flask, visitor: Visitor, account: Account
    ) -> None:
        page = visitor.get("/login")
        with visitor.client.session_transaction() as session:
            session["planted"] = "by somebody else"
            secret = session["csrf_token"]

        visitor.submit(page, {"email": account.email, "password": PASSWORD})

        with visitor.client.session_transaction() as session:
            assert "planted" not in session
            assert session.get("csrf_token") != secret

    def test_a_forged_cookie_is_no_session(self, app: Flask, inside: Visitor) -> None:
        content, rest = cookie_of(inside).split(".", 1)
        inside.client.set_cookie(COOKIE, f"{content}x.{rest}")

        assert not is_signed_in(inside)

    def test_the_cookie_is_for_the_server_alone(self, visitor: Visitor, account: Account) -> None:
        page = visitor.get("/login")
        answer = visitor.submit(
            page, {"email": account.email, "password": PASSWORD}, status=302, follow=False
        )

        cookie = answer.response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
