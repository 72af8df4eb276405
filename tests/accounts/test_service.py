"""The rules of accounts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_security import hash_password, verify_password
from sqlalchemy.exc import IntegrityError

from app.accounts import colleagues, service
from app.accounts.journal import list_entries, record
from app.accounts.models import Account, JournalEntry, Membership, Role, SignIn
from app.accounts.queries import find_account, sign_in_holds
from app.accounts.rights import Right
from app.extensions import db, now
from app.outbox.models import MailLink, Message, MessageState
from app.outbox.service import draw_link
from app.workshops.models import Workshop
from tests.factories import PASSWORD, make_account, make_workshop

NEW_PASSWORD = "Neun Igel reisen nach Ulm"


def token_of(address: str) -> str:
    """The token of a link that was drawn and, as always before it is used, committed."""
    db.session.commit()
    return address.rsplit("/", 1)[1]


class TestCreating:
    def test_an_address_is_kept_in_small_letters_and_found_in_any(self, ctx: Flask) -> None:
        account = service.create_account("Erika.Beispiel@Example.ORG", Role.STAFF)

        assert account.email == "erika.beispiel@example.org"
        assert find_account(" ERIKA.beispiel@example.org ") is account
        assert account.password is None

    def test_a_second_account_with_the_address_is_refused(self, account: Account) -> None:
        with pytest.raises(service.EmailTaken) as refused:
            service.create_account("ERIKA@example.org", Role.STAFF)

        assert refused.value.field == "email"

    @pytest.mark.parametrize(
        "email",
        ["", "erika", "erika@", "erika@nowhere", "a b@example.org", "a@example.org\nBcc: b"],
    )
    def test_what_is_no_address_is_refused(self, ctx: Flask, email: str) -> None:
        with pytest.raises(service.EmailNotUsable) as refused:
            service.create_account(email, Role.STAFF)

        assert refused.value.field == "email"

    def test_administrators_cannot_be_limited_to_a_workshop(self, workshop: Workshop) -> None:
        with pytest.raises(service.AdministratorEverywhere):
            service.create_account("a@example.org", Role.ADMINISTRATOR, workshop.id)

    def test_the_database_refuses_them_too(self, workshop: Workshop) -> None:
        account = make_account(role=Role.STAFF, workshop=workshop)
        account.memberships[0].role = Role.ADMINISTRATOR

        with pytest.raises(IntegrityError, match="administrator_everywhere"):
            db.session.flush()

    def test_the_database_refuses_two_roles_at_one_place(self, account: Account) -> None:
        db.session.add(Membership(account_id=account.id, workshop_id=None, role=Role.STAFF))

        with pytest.raises(IntegrityError):
            db.session.flush()

    def test_the_database_refuses_capital_letters(self, account: Account) -> None:
        account.email = "Erika@example.org"

        with pytest.raises(IntegrityError, match="email_lower_case"):
            db.session.flush()


class TestPasswords:
    def test_it_is_hashed_with_argon2_and_nothing_else(self, account: Account) -> None:
        service.change_password(account, PASSWORD, NEW_PASSWORD)

        assert account.password is not None
        assert account.password.startswith("$argon2id$")
        assert verify_password(NEW_PASSWORD, account.password)
        assert not verify_password(PASSWORD, account.password)

    @pytest.mark.parametrize("password", ["", "short", "elf Zeichen", "x" * 129])
    def test_too_short_and_too_long_ones_are_refused(self, account: Account, password: str) -> None:
        with pytest.raises(service.PasswordNotUsable) as refused:
            service.change_password(account, PASSWORD, password)

        assert refused.value.field == "password"
        assert verify_password(PASSWORD, account.password or "")

    @pytest.mark.parametrize("password", ["twelve chars", "x" * 128, "ууууууууууу😀"])
    def test_any_characters_will_do(self, account: Account, password: str) -> None:
        service.change_password(account, PASSWORD, password)

        assert verify_password(password, account.password or "")

    def test_the_address_itself_is_refused(self, ctx: Flask) -> None:
        account = make_account(email="erika.beispiel@example.org")
        db.session.commit()

        with pytest.raises(service.PasswordNotUsable):
            service.change_password(account, PASSWORD, "Erika.Beispiel@example.org")

    def test_a_new_one_ends_sessions_and_links_and_tells_the_owner(self, account: Account) -> None:
        session = service.begin_sign_in(account)
        known_by = account.fs_uniquifier
        service.request_password_link(account.email)
        draw_link(service.PASSWORD, account.id, expires_at=now() + timedelta(hours=1))
        db.session.commit()

        service.change_password(account, PASSWORD, NEW_PASSWORD)

        assert not sign_in_holds(session)
        assert account.fs_uniquifier != known_by
        assert db.session.scalars(sa.select(MailLink)).all() == []
        withdrawn, notice = db.session.scalars(sa.select(Message).order_by(Message.id)).all()
        assert withdrawn.state is MessageState.WITHDRAWN
        assert notice.recipient == "erika@example.org"
        assert notice.subject == "Ihr Passwort wurde geändert"

    def test_the_first_one_is_no_change_to_tell_of(self, ctx: Flask) -> None:
        account = service.create_account("neu@example.org", Role.STAFF)

        service.set_password(account, hash_password(NEW_PASSWORD))

        assert db.session.scalars(sa.select(Message)).all() == []

    def test_changing_it_needs_the_present_one(self, account: Account) -> None:
        with pytest.raises(service.WrongPassword) as refused:
            service.change_password(account, "not this one", NEW_PASSWORD)

        assert refused.value.field == "present"
        assert verify_password(PASSWORD, account.password or "")


class TestLinks:
    def test_an_invitation_works_once(self, ctx: Flask) -> None:
        account = service.create_account("neu@example.org", Role.STAFF)
        token = token_of(service.draw_invitation(account))

        assert service.accept_link(service.INVITATION, token, NEW_PASSWORD) is account
        with pytest.raises(service.LinkNotValid):
            service.accept_link(service.INVITATION, token, NEW_PASSWORD)

    def test_a_new_invitation_replaces_the_earlier_one(self, ctx: Flask) -> None:
        account = service.create_account("neu@example.org", Role.STAFF)
        earlier = token_of(service.draw_invitation(account))
        later = token_of(service.draw_invitation(account))

        assert service.find_link_account(service.INVITATION, earlier) is None
        assert service.find_link_account(service.INVITATION, later) is account

    def test_an_expired_one_is_refused(self, account: Account) -> None:
        token = draw_link(service.PASSWORD, account.id, expires_at=now() - timedelta(seconds=1))

        with pytest.raises(service.LinkNotValid):
            service.accept_link(service.PASSWORD, token, NEW_PASSWORD)

    def test_a_link_of_another_kind_is_refused(self, account: Account) -> None:
        token = draw_link("registration", account.id)

        for purpose in (service.INVITATION, service.PASSWORD):
            with pytest.raises(service.LinkNotValid):
                service.accept_link(purpose, token, NEW_PASSWORD)

    def test_a_bad_password_does_not_use_it_up(self, ctx: Flask) -> None:
        account = service.create_account("neu@example.org", Role.STAFF)
        token = token_of(service.draw_invitation(account))

        with pytest.raises(service.PasswordNotUsable):
            service.accept_link(service.INVITATION, token, "short")
        assert service.accept_link(service.INVITATION, token, NEW_PASSWORD) is account

    def test_a_deactivated_account_cannot_use_one(self, account: Account) -> None:
        token = draw_link(service.PASSWORD, account.id, expires_at=now() + timedelta(hours=1))
        account.active = False

        with pytest.raises(service.LinkNotValid):
            service.accept_link(service.PASSWORD, token, NEW_PASSWORD)

    def test_people_with_a_password_are_not_invited(self, account: Account) -> None:
        with pytest.raises(service.AlreadySetUp):
            service.invite(account)
        with pytest.raises(service.AlreadySetUp):
            service.draw_invitation(account)

    def test_a_mail_for_a_known_address_only(self, account: Account) -> None:
        service.request_password_link("nobody@example.org")
        service.request_password_link("ERIKA@example.org")

        assert [m.recipient for m in db.session.scalars(sa.select(Message))] == [
            "erika@example.org"
        ]

    def test_no_mail_to_a_deactivated_account(self, account: Account) -> None:
        account.active = False

        service.request_password_link(account.email)

        assert db.session.scalars(sa.select(Message)).all() == []

    def test_no_token_is_stored_as_it_is(self, ctx: Flask) -> None:
        account = service.create_account("neu@example.org", Role.STAFF)
        token = token_of(service.draw_invitation(account))
        session = service.begin_sign_in(account)
        service.invite(account)

        hashes = [*db.session.scalars(sa.select(MailLink.token_hash))]
        hashes += db.session.scalars(sa.select(SignIn.token_hash))
        message = db.session.scalars(sa.select(Message)).one()
        assert {token, session}.isdisjoint(hashes)
        assert "[[link]]" in message.text
        assert "[[link]]" in message.html


class TestFirstAdministrator:
    def test_is_created_with_the_link(self, ctx: Flask) -> None:
        token = token_of(service.draw_first_link() or "")

        account = service.create_first_administrator(
            token, email="Chef@example.org", name="Chris Chef", password=NEW_PASSWORD
        )

        assert account.may(Right.MANAGE_ACCOUNTS, None)
        assert verify_password(NEW_PASSWORD, account.password or "")

    def test_nobody_else_is(self, ctx: Flask) -> None:
        token = token_of(service.draw_first_link() or "")
        service.create_account("schon-da@example.org", Role.STAFF)
        db.session.commit()

        assert not service.first_link_holds(token)
        assert service.draw_first_link() is None
        with pytest.raises(service.LinkNotValid):
            service.create_first_administrator(
                token, email="b@example.org", name="B", password=NEW_PASSWORD
            )

    def test_a_later_link_replaces_the_earlier_one(self, ctx: Flask) -> None:
        earlier = token_of(service.draw_first_link() or "")
        later = token_of(service.draw_first_link() or "")

        assert not service.first_link_holds(earlier)
        assert service.first_link_holds(later)


class TestRoles:
    def test_a_role_holds_in_its_workshop_alone(self, workshop: Workshop) -> None:
        other = make_workshop()
        account = make_account(role=Role.ORGANISER, workshop=workshop)

        assert account.may(Right.EDIT_AGENDA, workshop.id)
        assert account.may(Right.PRINT_BADGES, workshop.id)
        assert not account.may(Right.MANAGE_ACCOUNTS, workshop.id)
        assert not account.may(Right.PRINT_BADGES, other.id)
        assert not account.may(Right.PRINT_BADGES, None)

    def test_another_role_at_the_same_place_replaces_it(self, workshop: Workshop) -> None:
        account = make_account(role=Role.STAFF, workshop=workshop)

        colleagues.change_role(account, Role.ORGANISER, workshop.id, version=account.version)

        assert [(m.role, m.workshop_id) for m in account.memberships] == [
            (Role.ORGANISER, workshop.id)
        ]

    def test_a_role_elsewhere_is_added(self, workshop: Workshop) -> None:
        account = make_account(role=Role.STAFF, workshop=workshop)
        other = make_workshop()

        colleagues.change_role(account, Role.ORGANISER, other.id, version=account.version)

        assert {(m.role, m.workshop_id) for m in account.memberships} == {
            (Role.STAFF, workshop.id),
            (Role.ORGANISER, other.id),
        }

    def test_a_role_ends(self, workshop: Workshop) -> None:
        account = make_account(role=Role.STAFF, workshop=workshop)

        colleagues.end_role(account, None, version=account.version)
        assert account.may(Right.PRINT_BADGES, workshop.id)
        colleagues.end_role(account, workshop.id, version=account.version)
        assert account.memberships == []

    def test_the_last_administrator_stays(self, ctx: Flask) -> None:
        last = make_account(role=Role.ADMINISTRATOR)
        gone = make_account(role=Role.ADMINISTRATOR)
        colleagues.deactivate(gone)

        with pytest.raises(colleagues.LastAdministrator):
            colleagues.deactivate(last)
        with pytest.raises(colleagues.LastAdministrator):
            colleagues.change_role(last, Role.ORGANISER, version=last.version)
        with pytest.raises(colleagues.LastAdministrator):
            colleagues.end_role(last, None, version=last.version)
        colleagues.reactivate(gone)
        colleagues.end_role(last, None, version=last.version)
        assert not last.may(Right.PRINT_BADGES, None)


class TestSessions:
    def test_old_sign_ins_are_cleared_away(self, account: Account) -> None:
        service.begin_sign_in(account)
        db.session.execute(sa.update(SignIn).values(created_at=now() - timedelta(hours=25)))

        kept = service.begin_sign_in(account)

        assert db.session.scalar(sa.select(sa.func.count(SignIn.id))) == 1
        assert sign_in_holds(kept)

    def test_they_go_with_their_account(self, account: Account) -> None:
        service.begin_sign_in(account)

        db.session.execute(sa.delete(Account))

        assert db.session.scalar(sa.select(sa.func.count(SignIn.id))) == 0


class TestJournal:
    def test_each_change_is_noted_without_its_value(self, account: Account) -> None:
        colleagues.rename(account, "Erika Neu")
        colleagues.rename(account, "Erika Neu")
        colleagues.deactivate(account)

        entries = list_entries(subject="account", subject_id=account.id)
        assert [(e.action, e.detail) for e in entries] == [
            ("account.deactivated", {}),
            ("account.renamed", {"fields": ["name"]}),
        ]
        assert [e.account_id for e in entries] == [None, None]

    def test_it_is_read_by_workshop_the_latest_first(self, workshop: Workshop) -> None:
        other = make_workshop()
        for number in range(3):
            record("x.done", subject="x", subject_id=number, workshop_id=workshop.id)
        record("x.done", subject="x", workshop_id=other.id)

        entries = list_entries(workshop_id=workshop.id, subject="x", limit=2)

        assert [e.subject_id for e in entries] == [2, 1]
        rest = list_entries(workshop_id=workshop.id, subject="x", offset=2)
        assert [e.subject_id for e in rest] == [0]

    def test_it_outlives_the_account(self, account: Account) -> None:
        db.session.add(JournalEntry(action="x.done", subject="x", account_id=account.id))
        db.session.flush()

        db.session.execute(sa.delete(Account))

        assert db.session.scalars(sa.select(JournalEntry.account_id)).all() == [None]
