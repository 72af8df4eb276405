"""`flask staff …`."""

from flask import Flask
from flask.testing import FlaskCliRunner

from app.accounts import colleagues, service
from app.accounts.models import Account, Role
from app.accounts.queries import find_account
from app.accounts.rights import Right
from app.extensions import db
from app.workshops.models import Workshop
from tests.factories import make_account
from tests.pages import Visitor

NEW = "Neun Igel reisen nach Ulm"


def runner(app: Flask) -> FlaskCliRunner:
    """Commands as they are typed."""
    db.session.commit()
    return app.test_cli_runner()


def test_an_account_and_its_link(ctx: Flask, visitor: Visitor, workshop: Workshop) -> None:
    done = runner(ctx).invoke(
        args=[
            *("staff", "create", "Nora@example.org", "--role", "organiser"),
            *("--workshop", workshop.slug, "--name", "Nora Neu"),
        ]
    )

    assert done.exit_code == 0
    assert done.stderr == ""
    account = find_account("nora@example.org")
    assert account is not None
    assert account.name == "Nora Neu"
    assert account.may(Right.EDIT_AGENDA, workshop.id)
    assert not account.may(Right.PRINT_BADGES, None)
    page = visitor.get(done.stdout.strip().removeprefix("http://localhost"))
    visitor.submit(page, {"password": NEW, "repeat": NEW})
    db.session.refresh(account)
    assert account.password is not None


def test_refusals_are_one_line_and_status_one(
    ctx: Flask, account: Account, workshop: Workshop
) -> None:
    for args, line in (
        ([account.email, "--role", "staff"], "Mit dieser Adresse gibt es schon ein Konto."),
        (
            ["nora", "--role", "staff"],
            "Geben Sie die vollständige E-Mail-Adresse ein,"
            " zum Beispiel karla.muster@polizei.example.",
        ),
        (
            ["n@example.org", "--role", "staff", "--workshop", "nowhere"],
            "Es gibt keinen Workshop „nowhere“.",
        ),
        (
            ["n@example.org", "--role", "administrator", "--workshop", workshop.slug],
            "Die Verwaltung gilt für alle Workshops. Wählen Sie „Alle Workshops“.",
        ),
    ):
        done = runner(ctx).invoke(args=["staff", "create", *args])
        assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"{line}\n")
    assert find_account("n@example.org") is None


def test_wrong_usage_is_status_two(ctx: Flask) -> None:
    for args in (
        ["create", "n@example.org"],
        ["create", "n@example.org", "--role", "emperor"],
        ["create", "--role", "staff"],
        ["destroy"],
    ):
        assert runner(ctx).invoke(args=["staff", *args]).exit_code == 2


def test_the_list(ctx: Flask, workshop: Workshop) -> None:
    anna = make_account(role=Role.STAFF, workshop=workshop, email="anna@example.org")
    anna.name = "Anna"
    service.create_account("berta@example.org", Role.ADMINISTRATOR, name="Berta")
    clara = make_account(email="clara@example.org")
    clara.name = "Clara"
    colleagues.deactivate(clara)

    done = runner(ctx).invoke(args=["staff", "list"])

    assert done.stdout.splitlines() == [
        f"anna@example.org\tAnna\tstaff ({workshop.slug})\tactive",
        "berta@example.org\tBerta\tadministrator\tinvited",
        "clara@example.org\tClara\torganiser\tdeactivated",
    ]


def test_the_first_link_while_there_is_nobody(ctx: Flask, visitor: Visitor) -> None:
    done = runner(ctx).invoke(args=["staff", "first-link"])
    assert done.exit_code == 0
    path = done.stdout.strip().removeprefix("http://localhost")
    assert visitor.get(path).path.startswith("/account/first/")

    make_account()
    done = runner(ctx).invoke(args=["staff", "first-link"])

    assert (done.exit_code, done.stdout) == (0, "")


def test_flask_securitys_own_commands_are_not_offered(ctx: Flask) -> None:
    assert {"users", "roles"}.isdisjoint(ctx.cli.commands)
