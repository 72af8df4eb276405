"""Commands on accounts: make them, let people in, passwords and sessions."""

import secrets
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts import mails
from app.accounts.journal import record
from app.accounts.models import Account, Membership, Role, SignIn
from app.accounts.passwords import hash_apart, is_still, verify_apart
from app.accounts.queries import find_account, has_accounts, sign_in_holds
from app.extensions import db, now
from app.outbox.models import MailLink
from app.outbox.service import (
    TOKEN_BYTES,
    SecretLink,
    draw_link,
    find_link_subject,
    may_mail_link,
    revoke_links,
    token_hash,
)
from app.refusals import Refused
from app.web.lengths import LONGEST_PASSWORD
from app.web.mail_addresses import UnusableAddress, canonical_address

INVITATION = "invitation"
PASSWORD = "password"  # noqa: S105 - the name of a kind of link
FIRST = "first-administrator"
LIFETIME = {
    INVITATION: timedelta(days=7),
    PASSWORD: timedelta(hours=2),
    FIRST: timedelta(days=1),
}
PATH = {
    INVITATION: "/account/invitation/{token}",
    PASSWORD: "/reset-password/{token}",
    FIRST: "/account/first/{token}",
}
# The link for the first administrator belongs to no account: there is none yet.
NOBODY = 0

SHORTEST_PASSWORD = 12


class EmailNotUsable(Refused):
    """The address cannot be an account's."""


class EmailTaken(Refused):
    """Another account has this address."""


class PasswordNotUsable(Refused):
    """The password is too short, too long, or the address itself."""


class SignedOutMeanwhile(Refused):
    """The session was ended while something slow was done in it."""


class WrongPassword(Refused):
    """The present password was not given."""


class LinkNotValid(Refused):
    """The link was used, has expired, or never was one."""


class AdministratorEverywhere(Refused):
    """Administrators cannot be limited to one workshop."""


class AlreadySetUp(Refused):
    """The account has a password, so that an invitation is of no use."""


def create_account(
    email: str, role: Role, workshop_id: int | None = None, name: str = ""
) -> Account:
    """A new account without password, with a role in one workshop or (None) in all.

    Raises `EmailNotUsable`, `EmailTaken`, `AdministratorEverywhere`.
    """
    address = _usable_email(email)
    check_scope(role, workshop_id)
    account = Account(
        email=address,
        name=name,
        fs_uniquifier=_new_uniquifier(),
        memberships=[Membership(role=role, workshop_id=workshop_id)],
    )
    taken = EmailTaken(_("There is already an account with this address."), field="email")
    if find_account(address) is not None:
        raise taken
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError as error:  # somebody else was faster
        raise taken from error
    note("account.created", account)
    return account


def invite(account: Account) -> None:
    """Mail a link by which the person sets a password; earlier links end.

    Raises `AlreadySetUp`.
    """
    _check_can_be_invited(account)
    revoke_links(INVITATION, account.id)
    mails.queue_invitation(account, _link(INVITATION, account))
    note("account.invited", account)


def draw_invitation(account: Account) -> str:
    """The address of a one-time link to set the password, for handing over in person."""
    _check_can_be_invited(account)
    revoke_links(INVITATION, account.id)
    return _draw_address(INVITATION, account.id)


def draw_first_link() -> str | None:
    """The address of a one-time link to create the first administrator; None if not needed."""
    if has_accounts():
        return None
    revoke_links(FIRST, NOBODY)
    return _draw_address(FIRST, NOBODY)


def find_link_account(purpose: str, token: str) -> Account | None:
    """The active account that this link sets the password of."""
    account_id = find_link_subject(purpose, token)
    account = db.session.get(Account, account_id) if account_id else None
    return account if account and account.active else None


def first_link_holds(token: str) -> bool:
    """Whether this link may create the first administrator."""
    return find_link_subject(FIRST, token) is not None and not has_accounts()


def accept_link(purpose: str, token: str, password: str) -> Account:
    """Set the password that an invitation or a forgotten password asks for; the link ends.

    Begins a transaction of its own. Raises `LinkNotValid`, `PasswordNotUsable`.
    """
    account = find_link_account(purpose, token)
    if account is None:
        raise LinkNotValid(_("This link is no longer valid."))
    _check_password(account.email, password)
    hashed = hash_apart(password)
    account = find_link_account(purpose, token)  # again: that took a while
    if account is None or _use_link(purpose, token) is None:
        raise LinkNotValid(_("This link is no longer valid."))
    set_password(account, hashed)
    return account


def create_first_administrator(token: str, *, email: str, name: str, password: str) -> Account:
    """The account with which an empty installation begins. Begins a transaction of its own.

    Raises `LinkNotValid`, `EmailNotUsable`, `PasswordNotUsable`.
    """
    _check_password(_usable_email(email), password)
    hashed = hash_apart(password)
    if _use_link(FIRST, token) is None or has_accounts():
        raise LinkNotValid(_("This link is no longer valid."))
    account = create_account(email, Role.ADMINISTRATOR, name=name)
    set_password(account, hashed)
    return account


def request_password_link(email: str) -> None:
    """Mail a link to set a new password. Tells nobody whether there is such an account.

    Earlier links stay valid until one is used: anybody may ask in the owner's name. More than a
    few an hour are not mailed; the owner has those few.
    """
    account = find_account(email)
    if account is not None and account.active and may_mail_link(PASSWORD, account.id):
        mails.queue_password_link(account, _link(PASSWORD, account))
        note("account.password_link_requested", account)


def change_password(
    account: Account, present: str, new: str, *, sign_in: str | None = None
) -> None:
    """A new password for somebody who knows the old one. Every session ends.

    `sign_in` is the secret of the session in which it is changed, if there is one. Begins a
    transaction of its own. Raises `WrongPassword`, `PasswordNotUsable`, and `SignedOutMeanwhile`
    if the account was deactivated or deleted, or the session ended, while passwords were hashed.
    """
    email, stored = account.email, account.password
    is_right = verify_apart(account, present)
    _check_signed_in(sign_in)
    if not is_right:
        raise WrongPassword(_("This is not your present password."), field="present")
    _check_password(email, new)
    hashed = hash_apart(new)
    is_same = is_still(account, stored)
    _check_signed_in(sign_in)
    if not is_same:
        raise WrongPassword(_("This is not your present password."), field="present")
    set_password(account, hashed)


def _check_signed_in(sign_in: str | None) -> None:
    if sign_in is not None and not sign_in_holds(sign_in):
        raise SignedOutMeanwhile(_("Your session has ended. Please sign in again."))


def set_password(account: Account, hashed: str) -> None:
    """Give the account the password with this hash; sessions and links by the old one end."""
    had_one = account.password is not None
    account.password = hashed
    end_sessions(account)
    for purpose in (INVITATION, PASSWORD):
        revoke_links(purpose, account.id)
    if had_one:
        mails.queue_password_changed(account)
    note("account.password_set", account)


def begin_sign_in(account: Account) -> str:
    """The secret that a new session is known by; only its hash is kept."""
    oldest = now() - timedelta(hours=current_app.config["SESSION_HOURS"])
    db.session.execute(
        sa.delete(SignIn).where(SignIn.account_id == account.id, SignIn.created_at <= oldest)
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(SignIn(account_id=account.id, token_hash=token_hash(token)))
    db.session.flush()
    return token


def end_sign_in(token: str) -> None:
    """End one session: a copy of its cookie is worth nothing afterwards."""
    db.session.execute(sa.delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def end_sessions(account: Account) -> None:
    """Sign the account out on every device."""
    account.fs_uniquifier = _new_uniquifier()
    db.session.execute(sa.delete(SignIn).where(SignIn.account_id == account.id))
    db.session.flush()


def _usable_email(email: str) -> str:
    try:
        return canonical_address(email)
    except UnusableAddress as error:
        raise EmailNotUsable(str(error.advice), field="email") from error


def _check_password(email: str, password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordNotUsable(
            _("Too short: use at least %(number)d characters.", number=SHORTEST_PASSWORD),
            field="password",
        )
    if len(password) > LONGEST_PASSWORD:
        raise PasswordNotUsable(
            _("Use at most %(number)d characters.", number=LONGEST_PASSWORD), field="password"
        )
    if password.lower() == email:
        raise PasswordNotUsable(_("Your e-mail address cannot be your password."), field="password")


def check_scope(role: Role, workshop_id: int | None) -> None:
    """Raise `AdministratorEverywhere` where the role cannot hold there."""
    if role is Role.ADMINISTRATOR and workshop_id is not None:
        raise AdministratorEverywhere(
            _("Administrators manage all workshops. Choose 'All workshops'."), field="workshop"
        )


def _check_can_be_invited(account: Account) -> None:
    if account.password is not None or not account.active:
        raise AlreadySetUp(_("Only people who have not set a password yet can be invited."))


def _link(purpose: str, account: Account) -> SecretLink:
    return SecretLink(
        purpose=purpose,
        subject_id=account.id,
        path=PATH[purpose],
        expires_at=now() + LIFETIME[purpose],
    )


def _use_link(purpose: str, token: str) -> int | None:
    """End a valid link and tell its subject; of two requests at once, one gets it."""
    return db.session.scalar(
        sa.delete(MailLink)
        .where(
            MailLink.token_hash == token_hash(token),
            MailLink.purpose == purpose,
            MailLink.expires_at > now(),
        )
        .returning(MailLink.subject_id)
    )


def _draw_address(purpose: str, subject_id: int) -> str:
    token = draw_link(purpose, subject_id, expires_at=now() + LIFETIME[purpose])
    return str(current_app.config["BASE_URL"]) + PATH[purpose].format(token=token)


def _new_uniquifier() -> str:
    return secrets.token_hex(32)


def note(
    action: str,
    account: Account,
    *,
    workshop_id: int | None = None,
    fields: list[str] | None = None,
    role: tuple[Role | None, Role | None] | None = None,
) -> None:
    """Write into the journal what was done to the account; `role`: before and after."""
    db.session.flush()
    detail: dict[str, Any] = {"fields": fields} if fields else {}
    if role:
        detail["changes"] = {"role": list(role)}
    record(
        action,
        subject="account",
        subject_id=account.id,
        workshop_id=workshop_id,
        detail=detail,
    )
