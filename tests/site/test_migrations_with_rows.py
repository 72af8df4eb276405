"""Migrations with a row in each table, down to each revision and up again: nothing gets lost."""

import enum
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from app.agenda.models import AgendaSession
from app.demo.service import load_demo
from app.extensions import Instant, db

ROOT = Path(__file__).parents[2]
REVISIONS = sorted(file.name[:4] for file in (ROOT / "migrations" / "versions").glob("0*.py"))
# What an older program knows no word for becomes the nearest that it knows (see its migration).
REWRITTEN = {"registrations": {"status", "hold_until", "queue_number"}}
FILLERS: dict[type, Any] = {
    str: "x",
    int: 1,
    bool: False,
    bytes: b"x",
    date: date(2026, 12, 4),
}

Rows = dict[str, list[dict[str, Any]]]


def fill_each_table(connection: sa.Connection) -> None:
    """A row for each table that the demo leaves empty; it refers to rows that are there."""
    for table in db.metadata.sorted_tables:
        if connection.execute(sa.select(table).limit(1)).first() is not None:
            continue
        row = {
            column.name: _filler(column)
            for column in table.columns
            if not column.nullable and column.server_default is None and column.default is None
        }
        for key in table.foreign_key_constraints:
            there = connection.execute(sa.select(key.referred_table).limit(1)).mappings().one()
            for element in key.elements:
                if not element.parent.nullable:
                    row[element.parent.name] = there[element.column.name]
        connection.execute(table.insert().values(row))


def _filler(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, Instant):
        return datetime(2026, 1, 1, tzinfo=UTC)
    if isinstance(column.type, sa.JSON):
        return {}
    kind = column.type.python_type
    return next(iter(kind)) if issubclass(kind, enum.Enum) else FILLERS[kind]


def read() -> Rows:
    """All rows of all tables that the database has, as it keeps them."""
    with db.engine.connect() as connection:
        present = sa.MetaData()
        present.reflect(connection)
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in present.sorted_tables
            if table.name != "alembic_version"
        }


def counts(rows: Rows) -> dict[str, int]:
    return {name: len(found) for name, found in rows.items()}


def kept(rows: Rows, columns: dict[str, set[str]]) -> dict[str, list[str]]:
    """The values of these columns, in an order of their own."""
    return {
        name: sorted(
            repr([row[c] for c in sorted(columns[name] - REWRITTEN.get(name, set()))])
            for row in rows[name]
        )
        for name in columns
    }


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_no_row_and_no_value_gets_lost(empty_app: Flask, revision: str) -> None:
    upgrade()
    load_demo(12, 1)
    if revision == "0001":  # the first agenda has no tray
        db.session.execute(sa.delete(AgendaSession).where(AgendaSession.starts_at.is_(None)))
    db.session.commit()
    with db.engine.begin() as connection:
        fill_each_table(connection)
    before = read()
    assert min(counts(before).values()) > 0
    db.session.remove()

    downgrade(revision=revision)
    older = read()
    assert counts(older) == {name: n for name, n in counts(before).items() if name in older}
    columns = {name: set(found[0]) & set(before[name][0]) for name, found in older.items()}

    upgrade()
    after = read()
    assert kept(after, columns) == kept(before, columns)
