"""Pages of one's own account, of links, and of administrators."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask_security import verify_password

from app.accounts import service
from app.accounts.models import Account, Role
from app.accounts.queries import find_account
from app.extensions import db, now
from app.outbox.service import draw_link
from app.workshops.models import Workshop
from tests.factories import make_account, make_workshop
from tests.pages import Visitor

NEW = "Neun Igel reisen nach Ulm"
MARKUP = '<b onclick="x()">Erika</b>'


@pytest.fixture
def invitation(invited: Account) -> str:
    """The path of an invitation."""
    address = service.draw_invitation(invited)
    db.session.commit()
    return address.removeprefix("http://localhost")


def start_of(visitor: Visitor) -> str:
    """Where somebody lands who has just signed in."""
    answer = visitor.client.get("/account/start")
    assert answer.status_code == 303
    return answer.headers["Location"]


class TestStart:
    def test_with_one_desk_it_is_that(self, organiser: Visitor, workshop: Workshop) -> None:
        assert start_of(organiser) == f"/{workshop.slug}/desk/"

    def test_staff_with_one_workshop_land_where_they_print(
        self, sign_in: Callable[..., Visitor], workshop: Workshop
    ) -> None:
        make_workshop()
        staff = sign_in(Role.STAFF, workshop)

        assert start_of(staff) == f"/{workshop.slug}/desk/badges"
        page = staff.get(f"/{workshop.slug}/")
        assert page.texts(".site-nav a")[-1] == "Namensschilder und Listen"

    def test_with_several_it_is_the_list(self, organiser: Visitor, workshop: Workshop) -> None:
        make_workshop()

        assert start_of(organiser) == "/"

    def test_staff_of_all_workshops_choose_one(
        self, sign_in: Callable[..., Visitor], workshop: Workshop
    ) -> None:
        make_workshop()
        assert start_of(sign_in(Role.STAFF)) == "/"


class TestInvitation:
    def test_sets_the_password_once(
        self, visitor: Visitor, invited: Account, invitation: str
    ) -> None:
        page = visitor.get(invitation)
        assert "neu@example.org" in page.text(".lead")

        page = visitor.submit(page, {"password": NEW, "repeat": NEW})

        assert page.path == "/login"
        assert page.texts(".alert") == [
            "Ihr Passwort ist festgelegt. Sie können sich jetzt damit anmelden."
        ]
        assert verify_password(NEW, invited.password or "")
        page = visitor.get(invitation, status=410)
        assert page.text("h1") == "Dieser Link gilt nicht mehr"
        assert page.one("main a.kern-btn--primary").get("href") == "/forgot-password"

    def test_in_two_tabs_the_first_wins(
        self, visitor: Visitor, invited: Account, invitation: str
    ) -> None:
        first, second = visitor.get(invitation), visitor.get(invitation)
        visitor.submit(first, {"password": NEW, "repeat": NEW})

        other = "Elf Otter ordnen Akten"
        visitor.submit(second, {"password": other, "repeat": other}, status=410)

        assert verify_password(NEW, invited.password or "")

    @pytest.mark.parametrize("path", ["x", "x" * 500, "%00", "%F0%9F%98%80"])
    def test_an_invented_link_opens_nothing(self, visitor: Visitor, ctx: Flask, path: str) -> None:
        visitor.get(f"/account/invitation/{path}", status=410)

    def test_an_expired_one_opens_nothing(self, visitor: Visitor, invited: Account) -> None:
        token = draw_link(service.INVITATION, invited.id, expires_at=now() - timedelta(minutes=1))

        visitor.get(f"/account/invitation/{token}", status=410)

    def test_a_link_for_something_else_opens_nothing(
        self, visitor: Visitor, invited: Account
    ) -> None:
        token = draw_link("registration", invited.id)

        visitor.get(f"/account/invitation/{token}", status=410)
        visitor.get(f"/reset-password/{token}", status=410)
        visitor.get(f"/account/first/{token}", status=410)

    @pytest.mark.parametrize(
        ("entries", "errors"),
        [
            (
                {"password": "", "repeat": ""},
                {
                    "password": "Geben Sie ein neues Passwort ein.",
                    "repeat": "Geben Sie das neue Passwort ein zweites Mal ein.",
                },
            ),
            (
                {"password": NEW, "repeat": NEW + "."},
                {"repeat": "Die beiden Passwörter stimmen nicht überein."},
            ),
            (
                {"password": "zu kurz", "repeat": "zu kurz"},
                {"password": "Zu kurz: Verwenden Sie mindestens 12 Zeichen."},
            ),
            (
                {"password": "neu@example.org", "repeat": "neu@example.org"},
                {"password": "Ihre E-Mail-Adresse kann nicht Ihr Passwort sein."},
            ),
            (
                {"password": "x" * 129, "repeat": "x" * 129},
                {"password": "Verwenden Sie höchstens 128 Zeichen."},
            ),
        ],
    )
    def test_bad_passwords(
        self,
        visitor: Visitor,
        invited: Account,
        invitation: str,
        entries: dict[str, str],
        errors: dict[str, str],
    ) -> None:
        page = visitor.submit(visitor.get(invitation), entries, status=422)

        found = page.errors()
        assert {name: found.get(name) for name in errors} == errors
        assert invited.password is None

    def test_the_page_is_not_kept_by_the_browser(self, visitor: Visitor, invitation: str) -> None:
        assert visitor.get(invitation).response.headers["Cache-Control"] == "no-store"


class TestFirstAdministrator:
    @pytest.fixture
    def link(self, ctx: Flask) -> str:
        """The path of the one-time link."""
        address = service.draw_first_link() or ""
        db.session.commit()
        return address.removeprefix("http://localhost")

    def entries(self, **changes: str) -> dict[str, str]:
        return {
            "name": "Chris Chef",
            "email": "Chef@example.org",
            "password": NEW,
            "repeat": NEW,
            **changes,
        }

    def test_is_created_and_signs_in(self, visitor: Visitor, link: str) -> None:
        page = visitor.submit(visitor.get(link), self.entries())
        assert page.path == "/login"

        visitor.submit(page, {"email": "chef@example.org", "password": NEW})

        assert visitor.get("/account/people").texts("tbody th") == ["Chris Chef"]
        visitor.get(link, status=410)

    def test_a_refusal_leaves_the_link_valid_and_what_was_typed(
        self, visitor: Visitor, link: str
    ) -> None:
        page = visitor.submit(visitor.get(link), self.entries(email="chef@"), status=422)

        assert page.errors() == {
            "email": "Geben Sie die vollständige E-Mail-Adresse ein,"
            " zum Beispiel karla.muster@polizei.example."
        }
        assert page.one("#name").get("value") == "Chris Chef"
        visitor.submit(page, self.entries())
        assert find_account("chef@example.org") is not None

    def test_nobody_else_once_there_is_an_account(self, visitor: Visitor, link: str) -> None:
        page = visitor.get(link)
        make_account(role=Role.STAFF)

        visitor.submit(page, self.entries(), status=410)

        assert find_account("chef@example.org") is None


class TestOwnAccount:
    def test_shows_and_changes_the_name(self, organiser: Visitor) -> None:
        page = organiser.get("/account/")
        assert page.texts("main li") == ["Organisationsteam: Alle Workshops"]

        page = organiser.submit(page, {"name": "  Erika   Müller-Łuka "})

        assert page.one("#name").get("value") == "Erika Müller-Łuka"
        assert page.text("header a[href='/account/']") == "Erika Müller-Łuka"

    def test_markup_in_a_name_stays_text(self, organiser: Visitor) -> None:
        page = organiser.submit(organiser.get("/account/"), {"name": MARKUP})

        assert page.all("b") == []
        assert page.text("header a[href='/account/']") == MARKUP

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("", "Geben Sie einen Namen ein."),
            ("x" * 201, "Verwenden Sie höchstens 200 Zeichen."),
        ],
    )
    def test_bad_names(self, organiser: Visitor, name: str, error: str) -> None:
        page = organiser.submit(organiser.get("/account/"), {"name": name}, status=422)

        assert page.errors() == {"name": error}
        assert page.one("#name").get("value") == name

    def test_changing_the_password_needs_the_present_one(self, organiser: Visitor) -> None:
        page = organiser.get("/account/password")

        page = organiser.submit(
            page, {"present": "not this one", "password": NEW, "repeat": NEW}, status=422
        )

        assert page.errors() == {"present": "Das ist nicht Ihr bisheriges Passwort."}

    def test_an_organiser_is_not_offered_the_people(self, organiser: Visitor) -> None:
        assert organiser.get("/account/").all("a[href='/account/people']") == []

    def test_an_administrator_is(self, administrator: Visitor) -> None:
        assert len(administrator.get("/account/").all("main a[href='/account/people']")) == 1
