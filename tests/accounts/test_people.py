"""Pages on which administrators say who may do what."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.journal import list_entries
from app.accounts.models import Account, Role
from app.accounts.queries import find_account
from app.accounts.rights import Right
from app.extensions import db
from app.outbox.models import Message
from app.web.language import day_range
from app.workshops.models import Workshop
from tests.factories import PASSWORD, make_account, make_workshop
from tests.pages import Page, Visitor

NEW = "Neun Igel reisen nach Ulm"
MARKUP = '<b onclick="x()">Erika</b>'


def label_of(workshop: Workshop) -> str:
    """A workshop as it stands among others of the same title."""
    return f"{workshop.title}, {day_range(workshop.starts_on, workshop.ends_on)}"


class TestPeople:
    def add(self, administrator: Visitor, status: int = 200, **entries: object) -> Page:
        data = {
            "name": "Nora Neu",
            "email": "Nora@example.org",
            "role": "organiser",
            "workshop": "0",
            **entries,
        }
        page = administrator.get("/account/people/new")
        return administrator.submit(page, data, status=status)

    def test_somebody_is_invited_by_mail(
        self,
        app: Flask,
        administrator: Visitor,
        workshop: Workshop,
        mails: Callable[[], list[Message]],
        mailed_links: Callable[[], list[str]],
    ) -> None:
        page = self.add(administrator, workshop=str(workshop.id))

        assert page.path == "/account/people"
        assert page.texts(".alert") == ["Die Einladung an nora@example.org ist unterwegs."]
        (row,) = [r for r in page.texts("tbody tr") if "nora@example.org" in r]
        assert (
            row == f"Nora Neu nora@example.org Organisationsteam: {label_of(workshop)} eingeladen"
        )
        (mail,) = mails()
        assert (mail.recipient, mail.subject) == ("nora@example.org", "Ihr Konto im Tagungsbüro")
        (path,) = mailed_links()
        someone = Visitor(app)
        page = someone.submit(someone.get(path), {"password": NEW, "repeat": NEW})
        answer = someone.submit(
            page, {"email": "nora@example.org", "password": NEW}, status=302, follow=False
        )
        assert answer.response.headers["Location"] == "/account/start"
        assert someone.client.get("/account/start").headers["Location"] == f"/{workshop.slug}/desk/"

    @pytest.mark.parametrize(
        ("entries", "errors"),
        [
            ({"email": ""}, {"email": "Geben Sie eine E-Mail-Adresse ein."}),
            (
                {"email": "nora"},
                {"email": "Geben Sie eine E-Mail-Adresse wie name@example.org ein."},
            ),
            (
                {"email": f"{'x' * 250}@example.org"},
                {"email": "Verwenden Sie höchstens 254 Zeichen."},
            ),
            ({"name": ""}, {"name": "Geben Sie einen Namen ein."}),
            (
                {"name": "N\x00ra"},
                {"name": "Zeichen 2 lässt sich nicht darstellen: U+0000. Entfernen Sie es."},
            ),
        ],
    )
    def test_bad_entries(
        self, administrator: Visitor, entries: dict[str, str], errors: dict[str, str]
    ) -> None:
        page = self.add(administrator, 422, **entries)

        assert set(page.errors()) == set(errors)
        assert page.one("#email").get("value") == entries.get("email", "Nora@example.org")
        assert find_account("nora@example.org") is None

    @pytest.mark.parametrize(
        "entries", [{"role": "emperor"}, {"role": None}, {"workshop": "999"}, {"workshop": "x"}]
    )
    def test_forged_choices(self, administrator: Visitor, entries: dict[str, str]) -> None:
        self.add(administrator, 422, **entries)

        assert find_account("nora@example.org") is None

    def test_a_known_address_is_refused_at_its_field(
        self, administrator: Visitor, account: Account
    ) -> None:
        page = self.add(administrator, 422, email="Erika@example.org")

        assert page.errors() == {"email": "Mit dieser Adresse gibt es schon ein Konto."}

    def test_an_administrator_of_one_workshop_is_refused(
        self, administrator: Visitor, workshop: Workshop
    ) -> None:
        page = self.add(administrator, 422, role="administrator", workshop=str(workshop.id))

        assert page.errors() == {
            "workshop": "Die Verwaltung gilt für alle Workshops. Wählen Sie „Alle Workshops“."
        }

    def test_roles_are_given_and_taken(self, administrator: Visitor, workshop: Workshop) -> None:
        account = make_account(role=Role.STAFF, workshop=workshop)
        db.session.commit()
        path = f"/account/people/{account.id}"

        page = administrator.submit(
            administrator.get(path),
            {"role": "organiser", "workshop": str(workshop.id)},
            form=f"form[action='{path}/role']",
        )
        assert page.texts("tbody tr") == [f"{label_of(workshop)} Organisationsteam Entfernen"]

        page = administrator.submit(page, form=f"form[action='{path}/role/remove']")
        assert page.all("tbody tr") == []
        db.session.refresh(account)
        assert account.memberships == []

    def test_the_only_administrator_is_told_why_not(self, administrator: Visitor) -> None:
        page = administrator.get("/account/people")
        path = page.one("tbody th a").get("href")

        for action in ("role/remove", "deactivate"):
            page = administrator.submit(
                administrator.get(path), form=f"form[action='{path}/{action}']"
            )
            assert page.texts(".alert") == [
                "Dies ist das einzige Konto der Verwaltung. Geben Sie diese Rolle zuerst noch"
                " jemandem."
            ]

    def test_shut_out_and_let_in_again(
        self, app: Flask, administrator: Visitor, account: Account
    ) -> None:
        path = f"/account/people/{account.id}"
        page = administrator.submit(
            administrator.get(path), form=f"form[action='{path}/deactivate']"
        )
        login = Visitor(app)
        entries = {"email": account.email, "password": PASSWORD}
        login.submit(login.get("/login"), entries, status=422)

        administrator.submit(page, form=f"form[action='{path}/reactivate']")
        login.submit(login.get("/login"), entries)

        login.get("/account/")

    def test_an_invitation_is_sent_again(
        self, administrator: Visitor, invited: Account, mailed_links: Callable[[], list[str]]
    ) -> None:
        path = f"/account/people/{invited.id}"
        page = administrator.get(path)
        administrator.submit(page, form=f"form[action='{path}/invitation']")
        (first,) = mailed_links()
        administrator.submit(page, form=f"form[action='{path}/invitation']")
        (second,) = mailed_links()

        administrator.get(first, status=410)
        administrator.get(second)

    def test_renaming_is_noted_with_who_did_it(
        self, administrator: Visitor, account: Account
    ) -> None:
        path = f"/account/people/{account.id}"
        page = administrator.submit(
            administrator.get(path), {"name": MARKUP}, form=f"form[action='{path}/name']"
        )

        assert page.text("h1") == MARKUP
        assert page.all("b") == []
        (entry,) = list_entries(subject="account", subject_id=account.id)
        assert entry.detail == {"fields": ["name"]}
        assert entry.account is not None
        assert entry.account.may(Right.MANAGE_ACCOUNTS, None)

    def test_a_person_who_is_not_there(self, administrator: Visitor) -> None:
        administrator.get("/account/people/999", status=404)

    def test_the_list_takes_as_many_queries_for_many(
        self, administrator: Visitor, count_queries: Callable[..., int]
    ) -> None:
        few = count_queries(lambda: administrator.get("/account/people"))
        for _ in range(20):
            make_account(role=Role.STAFF, workshop=make_workshop())
        db.session.commit()

        assert count_queries(lambda: administrator.get("/account/people")) == few
