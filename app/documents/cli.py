"""`flask participant-list`: the list without a browser."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from app.documents.participant_list import ListKind, render_participant_list
from app.documents.queries import participant_list as read_participant_list
from app.press.asking import PressUnavailable
from app.workshops.queries import find_workshop


@click.command("participant-list")
@click.argument("workshop")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice([k.value for k in ListKind]), default="internal", show_default=True
)
@with_appcontext
def participant_list(workshop: str, output: Path, kind: str) -> None:
    """Write the participant list of WORKSHOP as PDF."""
    found = find_workshop(workshop)
    if found is None:
        raise click.ClickException(f"There is no workshop '{workshop}'.")
    with force_locale("de"):
        data = read_participant_list(found, ListKind(kind))
        try:
            pdf = render_participant_list(data)
        except PressUnavailable as why:
            raise click.ClickException(f"The press made no PDF: {why}") from None
    try:
        output.write_bytes(pdf)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from None
    click.echo(f"{data.people_count} people written to {output}")
