"""Commands of the installation as a whole: serve it, run its worker."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.accounts.service import draw_first_link
from app.extensions import db
from app.processes import run_first, run_together, run_web, run_worker


def init_cli(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (serve, worker):
        app.cli.add_command(command)


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Migrate the database, then run web server and worker together."""
    if run_first(_prepare):
        raise SystemExit(1)
    click.echo(f"Tagungsbüro: {current_app.config['BASE_URL']}")
    raise SystemExit(run_together(run_web, run_worker))


def _prepare() -> None:
    upgrade()
    address = draw_first_link()
    db.session.commit()
    if address:
        click.echo(f"Create the first administrator: {address}")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mail and do the jobs of the site, until SIGTERM or SIGINT."""
    run_worker()
