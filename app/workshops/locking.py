"""The lock of a workshop's row: whoever decides about seats or the plan does so one at a time."""

from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import SessionTransaction

from app.extensions import db
from app.workshops.models import Workshop

_Locked = WeakKeyDictionary[SessionTransaction, dict[int, Workshop]]
_LOCKED = "locked workshops"


def lock_workshop(workshop_id: int) -> Workshop:
    """The workshop, locked until the transaction ends, as the one before has left it.

    The database is asked once a transaction: what is locked is changed by nobody else. On SQLite
    every transaction that may write has the whole database from its beginning.
    """
    session = db.session()
    # A savepoint that is rolled back gives its locks back, so each has its own entry.
    locked: _Locked = session.info.setdefault(_LOCKED, WeakKeyDictionary())
    present = around = session.get_nested_transaction() or session.get_transaction()
    while around is not None:
        found = locked.get(around, {}).get(workshop_id)
        if found is not None:
            return found
        around = around.parent
    workshop = session.scalars(
        sa.select(Workshop)
        .where(Workshop.id == workshop_id)
        .with_for_update(key_share=True)  # rows that only refer to the workshop need not wait
        .execution_options(populate_existing=True)
    ).one()
    present = present or session.get_transaction()  # which the query has begun
    assert present is not None  # noqa: S101 - a query was made
    locked.setdefault(present, {})[workshop_id] = workshop
    return workshop
