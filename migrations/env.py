"""How Alembic runs the migrations: in the application's database, each run in one transaction."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

import app
from app.extensions import Instant, db

# Every feature's tables, whether or not a page has loaded them.
for feature in pkgutil.iter_modules(app.__path__, "app."):
    if feature.ispkg and find_spec(f"{feature.name}.models"):
        import_module(f"{feature.name}.models")


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column type as what it stores: migrations import nothing of ours."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def switch_foreign_keys(connection: sa.Connection, state: Literal["ON", "OFF"]) -> None:
    """Switch SQLite's foreign keys, which it allows outside a transaction only.

    A table that changes is made anew and the old one dropped; with foreign keys on, that would
    delete the rows that point to it.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={state}")


def run_migrations() -> None:
    """Run what was asked for; nothing of it stays if any step fails."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            compare_type=True,
            render_as_batch=True,  # SQLite changes a table by making it anew
            render_item=render_item,
            transactional_ddl=True,  # SQLite can, with the BEGIN that app.extensions sends
        )
        if is_sqlite:
            switch_foreign_keys(connection, "OFF")
        try:
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise RuntimeError(f"rows that point to nothing: {broken[:10]}")
        finally:
            if is_sqlite:
                switch_foreign_keys(connection, "ON")


run_migrations()
