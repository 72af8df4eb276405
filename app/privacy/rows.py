"""Rows that are due."""

from typing import Any

import sqlalchemy as sa

from app.extensions import db


def delete_rows(model: Any, *conditions: Any) -> int:
    """Delete the rows of a table for which all of this is true; how many."""
    done = db.session.execute(
        sa.delete(model).where(*conditions).execution_options(synchronize_session="fetch")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE's result counts its rows
