"""No form of another site can act in the name of somebody who is signed in here."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Role
from app.extensions import csrf
from app.workshops.models import Workshop
from tests.pages import Visitor
from tests.site.addresses import READING, Address, list_addresses


def writing(app: Flask, workshop: Workshop) -> list[Address]:
    """All addresses that change something."""
    found = [a for a in list_addresses(app, workshop.slug) if a.method not in READING]
    assert len(found) > 10
    return found


def test_forms_are_the_only_way_to_change_anything(app: Flask, workshop: Workshop) -> None:
    assert {a.method for a in writing(app, workshop)} == {"POST"}


def test_no_view_is_exempt(app: Flask) -> None:
    assert csrf._exempt_views == set()
    assert csrf._exempt_blueprints == set()


@pytest.mark.parametrize("token", [None, "", "invented"])
def test_without_the_token_nothing_is_done(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor], token: str | None
) -> None:
    visitor = sign_in(Role.ADMINISTRATOR)
    entries = {} if token is None else {"csrf_token": token}

    for address in writing(app, workshop):
        answer = visitor.client.post(address.path, data=entries)
        assert answer.status_code == 400, address
        page = visitor._page(answer, status=400)
        assert "laden Sie sie neu" in page.text("main"), address


def test_the_token_of_another_session_is_worth_nothing(
    app: Flask, workshop: Workshop, visitor: Visitor, sign_in: Callable[..., Visitor]
) -> None:
    stolen = visitor.get("/login").one("main input[name=csrf_token]").get("value")

    victim = sign_in(Role.ADMINISTRATOR)

    assert victim.client.post("/account/", data={"csrf_token": stolen}).status_code == 400


def test_the_log_in_form_is_protected_too(visitor: Visitor, ctx: Flask) -> None:
    assert visitor.client.post("/login", data={"email": "a@example.org"}).status_code == 400
