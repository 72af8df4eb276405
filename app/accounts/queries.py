"""Reads about accounts."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import Account, Membership, Role, SignIn
from app.extensions import Model, db, now
from app.outbox.service import token_hash
from app.web.mail_addresses import UnusableAddress, canonical_address


@dataclass(frozen=True)
class WorkshopName:
    """A workshop as it stands in choices: accounts know no more of it."""

    id: int
    slug: str
    title: str
    starts_on: date
    ends_on: date


def list_workshop_names() -> list[WorkshopName]:
    """All workshops, the latest first."""
    # By its table: the workshops' own code stands above this feature.
    table = Model.metadata.tables["workshops"]
    columns = (table.c[name] for name in ("id", "slug", "title", "starts_on", "ends_on"))
    query = sa.select(*columns).order_by(table.c.starts_on.desc())
    return [WorkshopName(*row) for row in db.session.execute(query)]


def find_account(email: str) -> Account | None:
    """The account with this e-mail address, however it is written; None if it is no address."""
    try:
        address = canonical_address(email)
    except UnusableAddress:
        return None
    return db.session.scalar(sa.select(Account).where(Account.email == address))


def list_accounts() -> list[Account]:
    """All accounts: active ones first, then by name and address."""
    query = sa.select(Account).order_by(Account.active.desc(), Account.name, Account.email)
    return list(db.session.scalars(query))


def has_accounts() -> bool:
    """Whether anybody can sign in or was invited to."""
    return db.session.scalar(sa.select(sa.exists().select_from(Account))) or False


def list_administrators(*, lock: bool = False) -> list[Account]:
    """Active administrators. `lock`: two who leave at the same time wait for each other."""
    query = (
        sa.select(Account)
        .join(Membership)
        .where(Account.active, Membership.role == Role.ADMINISTRATOR)
        .order_by(Account.id)
    )
    return list(db.session.scalars(query.with_for_update(of=Account) if lock else query))


def sign_in_holds(token: str) -> bool:
    """Whether this sign-in has neither been ended nor grown too old (`SESSION_HOURS`)."""
    since = now() - timedelta(hours=current_app.config["SESSION_HOURS"])
    query = sa.exists().where(SignIn.token_hash == token_hash(token), SignIn.created_at > since)
    return db.session.scalar(sa.select(query)) or False
