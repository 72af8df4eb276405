"""Commands of the installation as a whole, and the one list of all jobs and commands."""

import logging

import click
from flask import Flask
from flask.cli import with_appcontext

from app.accounts.cli import staff
from app.extensions import jobs
from app.outbox import tasks as outbox_tasks
from app.outbox.delivery import STALE_AT_START, release_claims

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def init_cli(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(staff)
    app.cli.add_command(worker)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mail and do the jobs of the site, until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    logging.getLogger("huey").setLevel(logging.WARNING)
    release_claims(STALE_AT_START)
    consumer = jobs.create_consumer(
        workers=1, periodic=True, max_delay=1.0, graceful_signal="TERM", shutdown_timeout=30
    )
    outbox_tasks.deliver()
    consumer.run()
