"""Commands of the installation as a whole: serve it, run its worker, back it up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from app.accounts.service import draw_first_link
from app.backup import BackupRefused, restore_backup, write_backup
from app.documents.pdf import press
from app.extensions import db, jobs
from app.migrating import upgrade_database
from app.processes import run_together, run_web, run_worker, share_memory, start, status_of


def init_cli(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (serve, worker, backup, restore):
        app.cli.add_command(command)


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Migrate the database, then run web server, worker and press together."""
    preparing = start(_prepare)
    share_memory(jobs.application)
    if status_of(preparing):
        raise SystemExit(1)
    click.echo(f"Tagungsbüro: {current_app.config['BASE_URL']}")
    run_together(run_web, run_worker, press=press())


@contextmanager
def _one_line() -> Iterator[None]:
    """What is wrong with the database (not there, read-only, full) in one line, status 1."""
    try:
        yield
    except OperationalError as error:
        told = str(error.orig).partition("\n")[0]
        click.echo(f"DATABASE_URL: the database cannot be used: {told}", err=True)
        raise SystemExit(1) from None


def _prepare() -> None:
    with _one_line():
        upgrade_database(jobs.application)
        address = draw_first_link()
        db.session.commit()
    if address:
        click.echo(f"Create the first administrator: {address}")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mail and do the jobs of the site, until SIGTERM or SIGINT."""
    with _one_line():
        run_worker()


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything to FILE, which must not exist yet. The site may go on meanwhile."""
    _say_rows("saved", write_backup, file)


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def restore(file: Path) -> None:
    """Fill an empty, migrated database from FILE. Stop the site before."""
    _say_rows("restored", restore_backup, file)


def _say_rows(done: str, command: Callable[..., dict[str, int]], file: Path) -> None:
    try:
        with _one_line():
            counts = command(file, instance=current_app.config["INSTANCE_DIR"])
    except BackupRefused as refusal:
        click.echo(refusal.message, err=True)
        raise SystemExit(1) from refusal
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables {done}.")
