"""Closed by default: who may open what, proven for every address there is."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import RIGHTS, Role
from app.accounts.rights import Right
from app.extensions import db
from app.web.access import FOREIGN_VIEWS, OPEN, Audience, access_of, init_access
from app.workshops.models import Workshop
from tests.factories import make_workshop
from tests.pages import Visitor
from tests.site.addresses import Address, list_addresses


def send(visitor: Visitor, address: Address) -> int:
    """Ask for the address with a valid CSRF token, and tell the status."""
    headers = {} if address.method == "GET" else {"X-CSRFToken": token_of(visitor)}
    return visitor.client.open(address.path, method=address.method, headers=headers).status_code


def token_of(visitor: Visitor) -> str:
    """The CSRF token of the visitor's session, read from a page with a form."""
    for path in ("/login", "/account/"):
        response = visitor.client.get(path)
        if response.status_code == 200:
            token: str = (
                visitor._page(response, status=200).all("input[name=csrf_token]")[0].get("value")
            )
            return token
    raise AssertionError("no page with a form")


def closed(app: Flask, workshop: Workshop) -> list[Address]:
    """All addresses that need a sign-in."""
    found = [a for a in list_addresses(app, workshop.slug) if a.access not in OPEN]
    assert len(found) > 10
    return found


def test_every_endpoint_declares_an_audience_or_a_right(app: Flask) -> None:
    others = {
        e: access_of(app, e)
        for e in app.view_functions
        if not isinstance(access_of(app, e), Audience | Right)
    }

    assert others == {}


def test_every_right_is_asked_for_somewhere(app: Flask) -> None:
    asked = {access_of(app, endpoint) for endpoint in app.view_functions}

    # Within pages for everyone: what a badge's code and a private agenda show to the team.
    assert set(Right) - asked == {Right.IDENTIFY_BADGES}


def test_what_is_one_s_own_is_in_no_workshop(app: Flask, workshop: Workshop) -> None:
    """Being signed in says nothing about any workshop."""
    own = [a for a in list_addresses(app, workshop.slug) if a.access is Audience.SIGNED_IN]

    assert own
    assert [a for a in own if a.in_workshop] == []


def test_foreign_views_are_there_and_declare_nothing_themselves(app: Flask) -> None:
    undeclared = {e for e, view in app.view_functions.items() if not hasattr(view, "access")}

    assert set(FOREIGN_VIEWS) == undeclared


def test_a_view_that_declares_nothing_is_closed() -> None:
    bare = Flask("bare")
    init_access(bare)
    bare.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    answer = bare.test_client().get("/forgotten")

    assert answer.status_code == 403
    assert b"secret" not in answer.data


def test_link_holders_pages_have_a_token_in_their_address(app: Flask, workshop: Workshop) -> None:
    for rule in app.url_map.iter_rules():
        if access_of(app, rule.endpoint) is Audience.LINK_HOLDER:
            assert "token" in rule.arguments, rule


def test_an_invented_token_opens_nothing(app: Flask, visitor: Visitor, workshop: Workshop) -> None:
    for address in list_addresses(app, workshop.slug):
        if address.access is Audience.LINK_HOLDER:
            assert send(visitor, address) in {404, 410}, address


def test_strangers_are_sent_to_the_log_in_page(
    app: Flask, visitor: Visitor, workshop: Workshop
) -> None:
    token = token_of(visitor)
    for address in closed(app, workshop):
        answer = visitor.client.open(
            address.path, method=address.method, headers={"X-CSRFToken": token}
        )
        assert answer.status_code == 302, address
        assert answer.headers["Location"].split("?")[0] == "/login", address


@pytest.mark.parametrize("role", [Role.STAFF, Role.ORGANISER])
def test_a_role_opens_no_page_beyond_its_rights(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor], role: Role
) -> None:
    visitor = sign_in(role, workshop)

    for address in closed(app, workshop):
        if address.access is not Audience.SIGNED_IN and address.access not in RIGHTS[role]:
            assert send(visitor, address) == 403, address


@pytest.mark.parametrize("role", [Role.STAFF, Role.ORGANISER])
def test_a_role_in_one_workshop_opens_nothing_in_another(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor], role: Role
) -> None:
    visitor = sign_in(role, workshop)
    other = make_workshop()
    db.session.commit()

    for address in closed(app, other):
        if address.in_workshop:
            assert send(visitor, address) == 403, address


def test_the_right_role_passes_the_guard(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor]
) -> None:
    visitor = sign_in(Role.ORGANISER, workshop)

    for address in closed(app, workshop):
        if address.in_workshop and address.method == "GET":
            status = send(visitor, address)
            assert status < 500, address
            assert status not in {302, 403}, address


def test_an_account_without_a_role_opens_no_workshop(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor]
) -> None:
    visitor = sign_in(Role.STAFF, make_workshop())

    for address in closed(app, workshop):
        if address.in_workshop:
            assert send(visitor, address) == 403, address


def test_a_workshop_that_is_not_there_is_not_found(
    app: Flask, sign_in: Callable[..., Visitor]
) -> None:
    sign_in(Role.ADMINISTRATOR).get("/no-such-workshop/desk/", status=404)
