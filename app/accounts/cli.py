"""Commands on accounts: `flask staff …`."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.accounts import service
from app.accounts.models import Account, Role
from app.accounts.queries import list_accounts, list_workshop_names
from app.extensions import db
from app.refusals import Refused

staff = AppGroup("staff", help="Accounts of the people who run workshops.")


@staff.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--workshop", metavar="SLUG", help="Only in this workshop; without it, in all.")
@click.option("--name", default="", help="As colleagues see it.")
def create(email: str, role: str, workshop: str | None, name: str) -> None:
    """Create an account and print a one-time link to set its password."""
    with _one_line():
        account = service.create_account(email, Role(role), _workshop_id(workshop), name)
        address = service.draw_invitation(account)
        db.session.commit()
    click.echo(address)


@staff.command("list")
def show() -> None:
    """Print every account: address, name, roles, state."""
    slugs = {workshop.id: workshop.slug for workshop in list_workshop_names()}
    for account in list_accounts():
        roles = ", ".join(
            f"{m.role.value} ({slugs[m.workshop_id]})" if m.workshop_id else m.role.value
            for m in account.memberships
        )
        click.echo("\t".join((account.email, account.name, roles, _state(account))))


@staff.command("first-link")
def first_link() -> None:
    """Print the one-time address to create the first administrator, if there is no account."""
    address = service.draw_first_link()
    db.session.commit()
    if address:
        click.echo(address)


def _workshop_id(slug: str | None) -> int | None:
    if slug is None:
        return None
    for workshop in list_workshop_names():
        if workshop.slug == slug:
            return workshop.id
    raise Refused(_("There is no workshop '%(slug)s'.", slug=slug))


def _state(account: Account) -> str:
    if not account.active:
        return "deactivated"
    return "active" if account.password else "invited"


@contextmanager
def _one_line() -> Iterator[None]:
    """A refusal ends the command with status 1 and its sentence on stderr."""
    try:
        yield
    except Refused as refusal:
        click.echo(refusal.message, err=True)
        raise SystemExit(1) from refusal
