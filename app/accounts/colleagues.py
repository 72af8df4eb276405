"""Who works here: names and roles of accounts, and their end."""

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Account, JournalEntry, Membership, Role
from app.accounts.queries import list_administrators
from app.accounts.rights import Right
from app.accounts.service import INVITATION, PASSWORD, check_scope, end_sessions, note
from app.extensions import db
from app.outbox.forgetting import delete_mails
from app.outbox.models import Message
from app.outbox.service import revoke_links
from app.refusals import ChangedMeanwhile, Refused


class LastAdministrator(Refused):
    """Without this account nobody could manage people any more."""


class OtherAddressTyped(Refused):
    """What was typed is not the account's address."""


def rename(account: Account, name: str, *, version: int | None = None) -> None:
    """Another name, as colleagues see it. `version`: what an administrator had on the screen.

    Raises `ChangedMeanwhile`.
    """
    _lock(account, version)
    if account.name != name:
        account.name = name
        account.version += 1
        note("account.renamed", account, fields=["name"])


def change_role(
    account: Account, role: Role, workshop_id: int | None = None, *, version: int
) -> None:
    """Give a role in one workshop or in all (None), in place of the present one there.

    Raises `ChangedMeanwhile`, `AdministratorEverywhere`, `LastAdministrator`.
    """
    _lock(account, version)
    check_scope(role, workshop_id)
    membership = _find_membership(account, workshop_id)
    before = membership.role if membership else None
    if membership is None:
        account.memberships.append(Membership(role=role, workshop_id=workshop_id))
    else:
        if membership.role is Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
            _check_not_last(account)
        membership.role = role
    account.version += 1
    note("account.role_changed", account, workshop_id=workshop_id, role=(before, role))


def end_role(account: Account, workshop_id: int | None, *, version: int) -> None:
    """Take the role in one workshop, or the one that holds in all (None).

    Raises `ChangedMeanwhile`, `LastAdministrator`.
    """
    _lock(account, version)
    membership = _find_membership(account, workshop_id)
    if membership is None:
        return
    if membership.role is Role.ADMINISTRATOR:
        _check_not_last(account)
    account.memberships.remove(membership)
    account.version += 1
    note("account.role_ended", account, workshop_id=workshop_id, role=(membership.role, None))


def deactivate(account: Account) -> None:
    """Shut the account out at once; it can be activated again.

    Raises `LastAdministrator`.
    """
    if not account.active:
        return
    if account.may(Right.MANAGE_ACCOUNTS, None):
        _check_not_last(account)
    account.active = False
    _shut_out(account)
    note("account.deactivated", account)


def reactivate(account: Account) -> None:
    """Let the account in again, with its password and roles as they were."""
    if not account.active:
        account.active = True
        note("account.reactivated", account)


def delete(account: Account, typed: str) -> None:
    """Delete the account with its roles, sessions, links and the mails about it, for ever.

    What it did stays in the journal as done by a deleted account. `typed` is the address, typed
    off by whoever deletes it. Raises `OtherAddressTyped`, `LastAdministrator`.
    """
    if typed.lower() != account.email:
        raise OtherAddressTyped(
            _("This is not the address of the account. Type it as it stands above."),
            field="typed",
        )
    if account.may(Right.MANAGE_ACCOUNTS, None):
        _check_not_last(account)
    _shut_out(account)
    note("account.deleted", account)  # before: somebody may delete the own account
    db.session.execute(
        sa.update(JournalEntry)
        .where(JournalEntry.account_id == account.id)
        .values(account_id=None, by_deleted_account=True)
    )
    delete_mails(
        Message.workshop_id.is_(None),
        sa.or_(
            Message.recipient == account.email,
            sa.and_(
                Message.link_purpose.in_((INVITATION, PASSWORD)),
                Message.link_subject_id == account.id,
            ),
        ),
    )
    db.session.delete(account)
    db.session.flush()


def _shut_out(account: Account) -> None:
    end_sessions(account)
    for purpose in (INVITATION, PASSWORD):
        revoke_links(purpose, account.id)


def _lock(account: Account, version: int | None) -> None:
    db.session.refresh(account, with_for_update={"of": Account})
    if version is not None and account.version != version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this account meanwhile. Check and save again.")
        )


def _check_not_last(account: Account) -> None:
    if [other for other in list_administrators(lock=True) if other is not account]:
        return
    raise LastAdministrator(
        _("This is the only administrator. Give somebody else this role first.")
    )


def _find_membership(account: Account, workshop_id: int | None) -> Membership | None:
    return next((m for m in account.memberships if m.workshop_id == workshop_id), None)
