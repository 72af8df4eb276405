"""`flask programme`: the released programme on paper, without a browser."""

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from app.agenda.releases.service import shown_release
from app.documents.booklet import render_booklet
from app.documents.door_signs import render_door_signs
from app.documents.programme import PrintedProgramme, read_programme, render_programme
from app.documents.programme_back import render_programme_back
from app.documents.stock import DEFAULT_STOCK, get_stock
from app.press.asking import PressUnavailable
from app.refusals import Refused
from app.workshops.queries import find_workshop

_KINDS: dict[str, Callable[[PrintedProgramme], bytes]] = {
    "a4": render_programme,
    "booklet": render_booklet,
    "doors": render_door_signs,
}
_BACK = "badge-back"


@click.command("programme")
@click.argument("workshop")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice([*_KINDS, _BACK]), default="a4", show_default=True)
@click.option(
    "--sheet", default=DEFAULT_STOCK, show_default=True, help="Label sheet, for badge-back only."
)
@with_appcontext
def programme(workshop: str, output: Path, kind: str, sheet: str) -> None:
    """Write the released programme of WORKSHOP as PDF."""
    found = find_workshop(workshop)
    if found is None:
        raise click.ClickException(f"There is no workshop '{workshop}'.")
    release = shown_release(found)
    if release is None:
        raise click.ClickException(f"The agenda of '{workshop}' is not published.")
    try:
        with force_locale("de"):
            data = read_programme(found, release)
            pdf = (
                render_programme_back(data, get_stock(sheet))
                if kind == _BACK
                else _KINDS[kind](data)
            )
        output.write_bytes(pdf)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from None
    except PressUnavailable as why:
        raise click.ClickException(f"The press made no PDF: {why}") from None
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from None
    click.echo(f"Release {release.number} written to {output}")
