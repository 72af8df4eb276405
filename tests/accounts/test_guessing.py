"""Who guesses passwords waits; the owner, the neighbours and the other processes do not suffer."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import service
from app.accounts.models import Account
from app.extensions import db, limiter
from app.outbox.models import Message
from app.web.counting import TABLE, DatabaseStorage
from tests.accounts.signing_in import enter, is_signed_in
from tests.factories import PASSWORD, make_account
from tests.pages import Page, Visitor

pytestmark = pytest.mark.usefixtures("limits")

NEW = "Neun Igel reisen nach Ulm"


def at(app: Flask, address: str) -> Visitor:
    """A browser that has never been here, at that address."""
    someone = Visitor(app)
    someone.client.environ_base["REMOTE_ADDR"] = address
    return someone


def guess(visitor: Visitor, email: str, status: int = 422) -> Page:
    return enter(visitor, email, "guessed again", status=status)


def guess_from_everywhere(app: Flask, email: str, times: int = 30) -> None:
    """Guesses from many addresses, no more than one from each."""
    for number in range(times):
        guess(at(app, f"198.51.100.{number}"), email)


def been_here(visitor: Visitor, email: str) -> None:
    """Sign in and out again."""
    enter(visitor, email, PASSWORD)
    visitor.submit(visitor.get("/account/"), form="header form[action='/logout']")


class TestWhoGuessesWaits:
    def test_one_account_from_one_address(self, app: Flask, account: Account) -> None:
        guesser = at(app, "192.0.2.1")
        for _ in range(10):
            guess(guesser, account.email)

        page = guess(guesser, account.email, 429)

        assert page.text("h1") == "Zu viele Versuche"
        assert "Sie können es in 15 Minuten wieder versuchen." in page.text("main")
        assert "„Passwort vergessen?“" in page.text("main")
        assert 880 <= int(page.response.headers["Retry-After"]) <= 900
        enter(guesser, account.email, PASSWORD, status=429)

    @pytest.mark.parametrize(
        "spelling", [" ERIKA@Example.org ", "erika@ＥＸＡＭＰＬＥ.org", "Erika@example.org\u200e"]
    )
    def test_another_spelling_is_the_same_account(
        self, app: Flask, account: Account, spelling: str
    ) -> None:
        guesser = at(app, "192.0.2.1")
        for _ in range(10):
            guess(guesser, account.email)

        guess(guesser, spelling, 429)

    def test_one_account_from_many_addresses(self, app: Flask, account: Account) -> None:
        guess_from_everywhere(app, account.email)

        page = guess(at(app, "203.0.113.9"), account.email, 429)

        assert int(page.response.headers["Retry-After"]) > 3500

    def test_many_accounts_from_one_address(
        self, app: Flask, account: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.config, "RATELIMIT_LOGIN_ADDRESS", "12 per hour")
        guesser = at(app, "192.0.2.1")
        for number in range(12):
            guess(guesser, f"a{number}@example.org")

        guess(guesser, account.email, 429)

    def test_an_unknown_account_answers_the_same(self, app: Flask, account: Account) -> None:
        seen = []
        for email in (account.email, "nobody@example.org"):
            guesser = at(app, "192.0.2.1")
            pages = [guess(guesser, email, 422 if n < 10 else 429) for n in range(11)]
            texts = [page.text("main").replace(email, "…") for page in pages]
            # The second one may come a moment later, and with it the end of the pause.
            seen.append([re.sub(r"\d+ Minuten", "… Minuten", text) for text in texts])

        assert seen[0] == seen[1]

    def test_many_addresses_of_one_ipv6_network_are_one(self, app: Flask, account: Account) -> None:
        for number in range(10):
            guess(at(app, f"2001:db8:1:2::{number}"), account.email)

        guess(at(app, "2001:db8:1:2:ffff::1"), account.email, 429)
        guess(at(app, "2001:db8:1:3::1"), account.email)

    def test_a_forged_forwarding_header_is_not_believed(self, app: Flask, account: Account) -> None:
        guesser = at(app, "192.0.2.1")
        for number in range(11):
            guesser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}"
            guess(guesser, account.email, 422 if number < 10 else 429)

    def test_wrong_present_passwords_too(self, organiser: Visitor) -> None:
        entries = {"present": "guessed again", "password": NEW, "repeat": NEW}
        for number in range(11):
            page = organiser.get("/account/password")
            page = organiser.submit(page, entries, status=422 if number < 10 else 429)

        assert "Retry-After" in page.response.headers

    def test_a_mistake_that_is_no_guess_does_not_count(self, organiser: Visitor) -> None:
        for _ in range(11):
            page = organiser.get("/account/password")
            entries = {"present": PASSWORD, "password": "short", "repeat": "short"}
            page = organiser.submit(page, entries, status=422)

        assert list(page.errors()) == ["password"]


class TestNobodyElseWaits:
    def test_colleagues_behind_the_same_address(self, app: Flask, account: Account) -> None:
        colleagues = [make_account() for _ in range(3)]
        db.session.commit()
        guesser = at(app, "192.0.2.1")
        for _ in range(10):
            guess(guesser, account.email)
        guess(guesser, account.email, 429)

        for colleague in colleagues:
            someone = at(app, "192.0.2.1")
            enter(someone, colleague.email, PASSWORD)
            assert is_signed_in(someone)

    def test_right_passwords_do_not_count(self, app: Flask, account: Account) -> None:
        for _ in range(40):
            enter(at(app, "192.0.2.1"), account.email, PASSWORD)

    def test_the_owner_on_a_device_that_is_known(self, app: Flask, account: Account) -> None:
        owner = at(app, "192.0.2.1")
        been_here(owner, account.email)
        guess_from_everywhere(app, account.email)
        for _ in range(10):
            guess(at(app, "192.0.2.1"), account.email, 429)

        enter(owner, account.email, PASSWORD)

        assert is_signed_in(owner)

    def test_the_owner_anywhere_by_a_mailed_link(
        self, app: Flask, account: Account, mailed_links: Callable[[], list[str]]
    ) -> None:
        guess_from_everywhere(app, account.email)
        owner = at(app, "192.0.2.77")
        page = enter(owner, account.email, PASSWORD, status=429)
        owner.submit(owner.get("/forgot-password"), {"email": account.email})
        (path,) = mailed_links()

        page = owner.submit(owner.get(path), {"password": NEW, "repeat": NEW})
        owner.submit(page, {"email": account.email, "password": NEW})

        assert is_signed_in(owner)

    def test_a_known_device_is_limited_by_itself(self, app: Flask, account: Account) -> None:
        owner = at(app, "192.0.2.1")
        been_here(owner, account.email)
        for _ in range(10):
            guess(owner, account.email)

        guess(owner, account.email, 429)

    def test_a_device_is_known_for_one_account_only(self, app: Flask, account: Account) -> None:
        other = make_account()
        db.session.commit()
        guesser = at(app, "192.0.2.1")
        been_here(guesser, other.email)
        guess_from_everywhere(app, account.email)

        guess(guesser, account.email, 429)

    def test_no_device_is_known_any_more_with_a_new_password(
        self, app: Flask, account: Account
    ) -> None:
        thief = at(app, "192.0.2.1")
        been_here(thief, account.email)
        service.set_password(account, NEW)
        db.session.commit()
        guess_from_everywhere(app, account.email)

        guess(thief, account.email, 429)

    def test_the_cookie_tells_nothing(self, app: Flask, account: Account) -> None:
        owner = at(app, "192.0.2.1")
        enter(owner, account.email, PASSWORD)

        cookie = owner.client.get_cookie("device")

        assert cookie is not None
        assert (cookie.http_only, cookie.same_site) == (True, "Lax")
        assert "erika" not in cookie.value


class TestForgottenPasswords:
    def test_a_stranger_does_not_end_the_owners_link(
        self, visitor: Visitor, account: Account, mailed_links: Callable[[], list[str]]
    ) -> None:
        visitor.submit(visitor.get("/forgot-password"), {"email": account.email})
        (earlier,) = mailed_links()
        visitor.submit(visitor.get("/forgot-password"), {"email": account.email})
        (later,) = mailed_links()

        visitor.submit(visitor.get(earlier), {"password": NEW, "repeat": NEW})

        visitor.get(later, status=410)
        enter(visitor, account.email, NEW)

    def test_a_few_an_hour_are_mailed_and_nobody_is_told(
        self, app: Flask, account: Account, mails: Callable[[], list[Message]]
    ) -> None:
        answers = set()
        for number in range(8):
            someone = at(app, f"198.51.100.{number}")
            page = someone.submit(someone.get("/forgot-password"), {"email": account.email})
            answers.add(page.text("main"))

        assert len(mails()) == 5
        assert len(answers) == 1

    def test_a_client_can_ask_so_often_only(
        self, app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.config, "RATELIMIT_LINK", "3 per hour")
        for _ in range(5):  # a mistake uses nothing up
            visitor.submit(visitor.get("/forgot-password"), {"email": ""}, status=422)
        for number in range(4):
            page = visitor.get("/forgot-password")
            entries = {"email": f"a{number}@example.org"}
            visitor.submit(page, entries, status=200 if number < 3 else 429)


class TestLongPasswords:
    TOO_LONG = "Verwenden Sie höchstens 128 Zeichen."

    @pytest.mark.parametrize("password", ["x" * 129, "ü" * 5000, "\ufdfa" * 20_000])
    def test_at_the_log_in(self, visitor: Visitor, account: Account, password: str) -> None:
        for email in (account.email, "nobody@example.org"):
            page = enter(visitor, email, password, status=422)
            assert page.errors() == {"password": self.TOO_LONG}

    @pytest.mark.parametrize("password", ["x" * 5000, "ü" * 129])
    def test_wherever_one_is_set(
        self, organiser: Visitor, visitor: Visitor, invited: Account, password: str
    ) -> None:
        entries = {"present": password, "password": password, "repeat": password}
        page = organiser.submit(organiser.get("/account/password"), entries, status=422)
        assert page.errors() == dict.fromkeys(entries, self.TOO_LONG)

        link = service.draw_invitation(invited).removeprefix("http://localhost")
        db.session.commit()
        page = visitor.submit(visitor.get(link), entries, status=422)
        assert page.errors() == dict.fromkeys(("password", "repeat"), self.TOO_LONG)

    def test_the_longest_one_in_the_widest_letters_works(
        self, visitor: Visitor, account: Account
    ) -> None:
        widest = "\ufdfa" * 128  # each becomes eighteen letters before it is hashed
        service.set_password(account, widest)
        db.session.commit()

        enter(visitor, account.email, widest)

        assert is_signed_in(visitor)

    def test_blanks_are_part_of_it(self, visitor: Visitor, invited: Account) -> None:
        """The page that sets it and the log-in page read it the same way."""
        typed = "  zwei  Blanks  vorn "
        link = service.draw_invitation(invited).removeprefix("http://localhost")
        db.session.commit()
        visitor.submit(visitor.get(link), {"password": typed, "repeat": typed})

        enter(visitor, invited.email, typed)

        assert is_signed_in(visitor)


class TestWhereItIsCounted:
    def test_in_the_database_of_the_installation(self, app: Flask, account: Account) -> None:
        guess(at(app, "192.0.2.1"), account.email)

        assert isinstance(limiter.storage, DatabaseStorage)
        assert count_rows(limiter.storage) == 3

    def test_another_process_knows(self, app: Flask, account: Account) -> None:
        for _ in range(10):
            guess(at(app, "192.0.2.1"), account.email)
        mine = limiter.storage
        other = DatabaseStorage(app.config["RATELIMIT_STORAGE_URI"])

        for key in keys_of(mine):
            assert other.get(key) == 10
            assert abs(other.get_expiry(key) - mine.get_expiry(key)) < 1

    def test_without_addresses(self, app: Flask, account: Account) -> None:
        guess(at(app, "192.0.2.1"), account.email)

        stored = " ".join(keys_of(limiter.storage))

        assert "192.0.2" not in stored
        assert "erika" not in stored


def keys_of(storage: object) -> list[str]:
    assert isinstance(storage, DatabaseStorage)
    with storage._engine.connect() as connection:
        return list(connection.scalars(sa.text(f"SELECT key FROM {TABLE}")))


def count_rows(storage: object) -> int:
    return len(keys_of(storage))
