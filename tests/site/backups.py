"""What is in the database, to compare."""

from typing import Any

import sqlalchemy as sa

from app.extensions import db

Everything = dict[str, list[dict[str, Any]]]


def everything() -> Everything:
    """All rows of all tables, as Python values."""
    found: Everything = {}
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table).order_by(*table.primary_key.columns))
        found[table.name] = [dict(row) for row in rows.mappings()]
    db.session.rollback()
    return found


def empty() -> None:
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(sa.delete(table))
    db.session.commit()
