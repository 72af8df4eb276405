"""Two administrators at one account, and the end of accounts."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import colleagues, service
from app.accounts.journal import list_entries, record
from app.accounts.models import Account, JournalEntry, Membership, Role, SignIn
from app.desk.journal import lines
from app.extensions import db
from app.outbox.delivery import deliver_due
from app.outbox.models import MailLink, Message
from app.workshops.models import Workshop
from tests.accounts.signing_in import enter, is_signed_in
from tests.factories import PASSWORD, make_account
from tests.pages import Visitor

CHANGED = "Jemand anderes hat dieses Konto inzwischen geändert."


class TestTwoAdministrators:
    def test_the_second_role_is_refused_and_shown(
        self, sign_in: Callable[..., Visitor], account: Account
    ) -> None:
        first, second = sign_in(Role.ADMINISTRATOR), sign_in(Role.ADMINISTRATOR)
        address = f"/account/people/{account.id}"
        form = "main form[action$='/role']"
        page, other = first.get(address), second.get(address)
        first.submit(page, {"role": "staff", "workshop": "0"}, form=form)

        entries = {"role": "administrator", "workshop": "0"}
        page = second.submit(other, entries, form=form, status=422)

        assert CHANGED in page.text(".error-summary")
        assert "Einlassteam" in page.text("main table")
        db.session.refresh(account)
        assert [m.role for m in account.memberships] == [Role.STAFF]
        second.submit(page, form=form)  # having seen it, the second one may
        db.session.expire_all()
        assert [m.role for m in account.memberships] == [Role.ADMINISTRATOR]

    def test_the_second_name_too(self, sign_in: Callable[..., Visitor], account: Account) -> None:
        first, second = sign_in(Role.ADMINISTRATOR), sign_in(Role.ADMINISTRATOR)
        address = f"/account/people/{account.id}"
        form = "main form[action$='/name']"
        page, other = first.get(address), second.get(address)
        first.submit(page, {"name": "Erika Erste"}, form=form)

        page = second.submit(other, {"name": "Erika Zweite"}, form=form, status=422)

        assert CHANGED in page.text(".error-summary")
        assert page.one("#name").get("value") == "Erika Zweite"
        db.session.refresh(account)
        assert account.name == "Erika Erste"

    def test_a_role_that_was_changed_meanwhile_is_not_removed(
        self, sign_in: Callable[..., Visitor], account: Account
    ) -> None:
        second = sign_in(Role.ADMINISTRATOR)
        page = second.get(f"/account/people/{account.id}")
        colleagues.change_role(account, Role.STAFF, version=account.version)
        db.session.commit()

        page = second.submit(page, form="main form[action$='/role/remove']")

        assert CHANGED in page.text(".alert, .kern-alert")
        db.session.refresh(account)
        assert len(account.memberships) == 1

    def test_signing_in_meanwhile_is_no_change(
        self, app: Flask, sign_in: Callable[..., Visitor], account: Account
    ) -> None:
        administrator = sign_in(Role.ADMINISTRATOR)
        page = administrator.get(f"/account/people/{account.id}")
        enter(Visitor(app), account.email, PASSWORD)

        form = "main form[action$='/name']"
        administrator.submit(page, {"name": "Erika Neu"}, form=form)

        db.session.refresh(account)
        assert account.name == "Erika Neu"


class TestDeleting:
    def test_by_an_administrator_who_types_the_address(
        self, app: Flask, administrator: Visitor, account: Account, visitor: Visitor
    ) -> None:
        enter(visitor, account.email, PASSWORD)
        number = account.id
        page = administrator.get(f"/account/people/{number}")
        page = administrator.get(page.one("main a[href$='/delete']").get("href"))

        page = administrator.submit(page, {"typed": " ERIKA@example.org"})

        assert page.path == "/account/people"
        assert page.texts(".alert") == ["Das Konto wurde gelöscht."]
        assert "erika@example.org" not in page.text("main")
        assert not is_signed_in(visitor)
        enter(Visitor(app), "erika@example.org", PASSWORD, status=422)
        for model in (SignIn, Membership):
            left = db.session.scalars(sa.select(model).filter_by(account_id=number)).all()
            assert left == []

    @pytest.mark.parametrize("typed", ["", "erika", "karla@example.org"])
    def test_another_address_deletes_nothing(
        self, administrator: Visitor, account: Account, typed: str
    ) -> None:
        page = administrator.get(f"/account/people/{account.id}/delete")

        page = administrator.submit(page, {"typed": typed}, status=422)

        assert list(page.errors()) == ["typed"]
        assert page.form_values()["typed"] == [typed]
        assert db.session.get(Account, account.id) is not None

    def test_not_by_others(self, organiser: Visitor, account: Account) -> None:
        organiser.get(f"/account/people/{account.id}/delete", status=403)

    def test_the_last_administrator_stays(self, ctx: Flask, account: Account) -> None:
        last = make_account(role=Role.ADMINISTRATOR)
        with pytest.raises(colleagues.LastAdministrator):
            colleagues.delete(last, last.email)

        make_account(role=Role.ADMINISTRATOR)
        colleagues.delete(last, last.email)
        assert db.session.get(Account, last.id) is None

    def test_ones_own_account(self, administrator: Visitor) -> None:
        make_account(role=Role.ADMINISTRATOR)
        own = db.session.scalars(sa.select(Account).order_by(Account.id)).first()
        assert own is not None
        number = own.id
        page = administrator.get(f"/account/people/{number}/delete")

        page = administrator.submit(page, {"typed": own.email})

        assert page.path == "/login"
        entry = list_entries(subject="account", subject_id=number)[0]
        assert (entry.action, entry.by_deleted_account) == ("account.deleted", True)

    def test_the_journal_keeps_what_was_done(self, workshop: Workshop, account: Account) -> None:
        for by in (account.id, None):
            record(
                "workshop.settings_changed",
                subject="workshop",
                workshop_id=workshop.id,
                account_id=by,
            )

        colleagues.delete(account, account.email)

        db.session.expire_all()
        entries = list_entries(workshop_id=workshop.id, limit=2)
        assert [line.who for line in lines(entries, ZoneInfo("Europe/Berlin"))] == [
            "",
            "gelöschtes Konto",
        ]
        assert "erika" not in str([vars(e) for e in db.session.scalars(sa.select(JournalEntry))])

    def test_links_and_mails_about_it_go_too(self, ctx: Flask, workshop: Workshop) -> None:
        account = service.create_account("neu@example.org", Role.STAFF)
        other = service.create_account("other@example.org", Role.STAFF)
        service.invite(account)
        service.invite(other)
        db.session.commit()
        deliver_due()
        ids = dict(db.session.execute(sa.select(Message.recipient, Message.message_id)).all())
        administrator = make_account(role=Role.ADMINISTRATOR)
        visitor = Visitor(ctx)
        enter(visitor, administrator.email, PASSWORD)

        page = visitor.get(f"/account/people/{account.id}/delete")
        visitor.submit(page, {"typed": account.email})

        folder = Path(ctx.config["INSTANCE_DIR"]) / "mail"
        kept = {path.stem for path in folder.glob("*.eml")}
        assert ids["other@example.org"].strip("<>").split("@")[0] in kept
        assert ids["neu@example.org"].strip("<>").split("@")[0] not in kept
        assert db.session.scalars(sa.select(Message.recipient)).all() == ["other@example.org"]
        assert db.session.scalars(sa.select(MailLink.subject_id)).all() == [other.id]
