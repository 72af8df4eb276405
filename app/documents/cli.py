"""`flask participant-list`: the lists without a browser."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from app.documents.lists import ListKind, PrintedList, render_list
from app.documents.queries import is_offered, read_list
from app.press.asking import PressUnavailable
from app.workshops.queries import find_workshop


@click.command("participant-list")
@click.argument("workshop")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice([k.value for k in ListKind]), default="internal", show_default=True
)
@click.option(
    "--day",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]),
    help="One day of the signature list, such as 2026-12-04; otherwise all.",
)
@with_appcontext
def participant_list(workshop: str, output: Path, kind: str, day: datetime | None) -> None:
    """Write a list of WORKSHOP as PDF, or as XLSX if the file's name ends so."""
    found = find_workshop(workshop)
    if found is None:
        raise click.ClickException(f"There is no workshop '{workshop}'.")
    wanted = ListKind(kind)
    if not is_offered(found, wanted):
        raise click.ClickException(f"'{workshop}' does not ask for what is in this list.")
    if day and wanted is not ListKind.SIGNATURE:
        raise click.UsageError("--day is for --kind signature only.")
    if day and day.date() not in found.days:
        raise click.ClickException(f"'{workshop}' is not on {day.date()}.")
    with force_locale("de"):
        data = read_list(found, wanted, day.date() if day else None)
        try:
            content = _make(data, output)
        except PressUnavailable as why:
            raise click.ClickException(f"The press made no PDF: {why}") from None
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from None
    click.echo(f"{data.people_count} people written to {output}")


def _make(data: PrintedList, output: Path) -> bytes:
    if output.suffix.lower() == ".xlsx":
        from app.documents.workbook import write_workbook  # heavy, and needed by few commands

        return write_workbook(data)
    return render_list(data)
