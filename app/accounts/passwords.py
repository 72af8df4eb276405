"""Passwords are verified and hashed while no transaction is open.

Both are slow on purpose. On SQLite a transaction that may write holds the write lock from its first
query on (docs/decisions/0002), so that nobody could register while somebody signs in.
"""

import sqlalchemy as sa
from flask_security import hash_password, verify_password

from app.accounts.models import Account
from app.accounts.queries import find_account
from app.extensions import db, security
from app.web.lengths import LONGEST_PASSWORD


def find_by_password(email: str, typed: str) -> Account | None:
    """The active account with this address and password.

    None takes as long, whatever is wrong. Ends the transaction, as `verify_apart` does.
    """
    account = find_account(email)
    if account is None or account.password is None:
        hash_apart(typed)
        return None
    stored = account.password
    if not verify_apart(account, typed):
        return None
    if security.pwd_context.needs_update(stored):  # hashing has been made dearer since
        renewed = hash_apart(typed)
        if not is_still(account, stored):
            return None
        account.password = renewed
    return account if account.active else None


def verify_apart(account: Account, typed: str) -> bool:
    """Whether this is the account's password, and still is after the while that this takes.

    Ends the present transaction, in which nothing may have been written, and begins another one.
    """
    stored = account.password
    if stored is None or len(typed) > LONGEST_PASSWORD:  # longer ones cannot be hashed
        return False
    db.session.rollback()
    return verify_password(_normal(typed), stored) and is_still(account, stored)


def hash_apart(password: str) -> str:
    """What is stored of a password. Ends the present transaction: nothing may have been written."""
    db.session.rollback()
    return str(hash_password(_normal(password)))


def is_still(account: Account, stored: str | None) -> bool:
    """Whether the account is still there, with this hash; it is locked then."""
    (account_id,) = sa.inspect(account).identity or (None,)
    present = db.session.get(Account, account_id, populate_existing=True, with_for_update=True)
    return present is not None and present.password == stored


def _normal(password: str) -> str:
    """An umlaut is the same, however a keyboard composes it."""
    return str(security.password_util.normalize(password))
