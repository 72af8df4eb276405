"""`flask badges`: sheets without a browser."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.badges import service
from app.badges.queries import PrintState, list_badges
from app.documents.stock import DEFAULT_STOCK, get_stock
from app.extensions import db
from app.press.asking import PressUnavailable
from app.refusals import Refused
from app.workshops.queries import find_workshop


@click.command("badges")
@click.argument("workshop")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sheet", default=DEFAULT_STOCK, show_default=True, help="Name of the label sheet.")
@click.option("--start-at", default=1, show_default=True, help="The first free label.")
@click.option("--only-unprinted", is_flag=True, help="Leave out badges that are on paper already.")
@with_appcontext
def badges(workshop: str, output: Path, sheet: str, start_at: int, *, only_unprinted: bool) -> None:
    """Write the badges of WORKSHOP as PDF; they count as printed."""
    found = find_workshop(workshop)
    if found is None:
        raise click.ClickException(f"There is no workshop '{workshop}'.")
    states = tuple(PrintState)
    if only_unprinted:
        states = (PrintState.NEW, PrintState.CHANGED)
    ready = list_badges(found, states=states)
    db.session.commit()  # rendering takes a while; nobody shall wait for the database
    try:
        pdf = service.render(ready, get_stock(sheet), start_at=start_at)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from None
    except PressUnavailable as why:
        raise click.ClickException(f"The press made no PDF: {why}") from None
    try:
        output.write_bytes(pdf)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from None
    service.note_printed(found, ready)
    db.session.commit()
    click.echo(f"{len(ready)} badges written to {output}")
