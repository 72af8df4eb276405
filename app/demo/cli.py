"""The command `flask demo`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.demo.service import keep_logins, load_demo
from app.demo.workshop import SLUG
from app.extensions import db
from app.refusals import Refused


@click.command("demo")
@click.option("--participants", type=click.IntRange(0, 20000), default=70, show_default=True)
@click.option("--seed", type=int, default=2017, show_default=True, help="Same seed, same people.")
@click.option("--seats", type=click.IntRange(0, 100000), help="Fewer than people: the rest waits.")
@with_appcontext
def demo(participants: int, seed: int, seats: int | None) -> None:
    """Load the Leipzig workshop with invented participants; print two log-ins."""
    try:
        logins = load_demo(participants, seed, seats)
    except Refused as refusal:
        click.echo(refusal.message, err=True)
        raise SystemExit(1) from refusal
    keep_logins(logins, Path(current_app.config["INSTANCE_DIR"]) / "demo-logins.txt")
    db.session.commit()
    click.echo(f"{current_app.config['BASE_URL']}/{SLUG}/")
    for login in logins:
        click.echo(f"{login.role.value}\t{login.email}\t{login.password}")
