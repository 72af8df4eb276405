"""`flask retention`: what the night deletes, by hand."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from app.privacy.night import delete_all_overdue


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what is due; delete nothing.")
@click.option(
    "--on",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]),
    help="What is due in the night of that day, such as 2027-06-30; otherwise now.",
)
@with_appcontext
def retention(dry_run: bool, on: datetime | None) -> None:
    """Delete personal data whose period is over, as every night does by itself."""
    found = delete_all_overdue(on.date() if on else None, dry_run=dry_run)
    for deleted in found:
        for what, count in deleted.counts.items():
            click.echo(f"{deleted.slug or '-'}\t{what}\t{count}")
    total = sum(sum(deleted.counts.values()) for deleted in found)
    click.echo(f"{total} rows {'are due' if dry_run else 'deleted'}.")
