"""Alembic, loaded where tables are made or changed alone: 11 MB that no server needs."""

from typing import Any

import click
from flask import Flask

from app.extensions import db
from config import ROOT


class _Commands(click.Group):
    """`flask db`, which becomes Flask-Migrate's own when it is called."""

    def __init__(self, app: Flask) -> None:
        super().__init__("db", help="Perform database migrations.")
        self._app = app

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """The context of a call."""
        load_migrations(self._app)
        return self._app.cli.commands["db"].make_context(*args, **kwargs)


def init_migrations(app: Flask) -> None:
    """Add the command `flask db`."""
    app.cli.add_command(_Commands(app))


def load_migrations(app: Flask) -> None:
    """Make Flask-Migrate know the application; it puts its commands in place of ours."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(ROOT / "migrations"))


def upgrade_database(app: Flask) -> None:
    """Bring the tables up to date. Needs an application context."""
    load_migrations(app)
    from flask_migrate import upgrade

    upgrade()
