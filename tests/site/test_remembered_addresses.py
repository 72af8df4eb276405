"""Addresses that every page names are built once, and are right for each page."""

from typing import cast

import pytest
from flask import Flask, g

from app.web import addresses
from app.web.addresses import RememberingFlask


def test_each_workshop_and_each_mount_has_its_own(app: Flask) -> None:
    found = []
    for slug, mount in (("leipzig", ""), ("dresden", ""), ("leipzig", "/tagung"), ("leipzig", "")):
        with app.test_request_context(environ_overrides={"SCRIPT_NAME": mount}):
            g.slug = slug
            found.append(app.url_for("registration.start"))

    assert found == [
        "/leipzig/register",
        "/dresden/register",
        "/tagung/leipzig/register",
        "/leipzig/register",
    ]


def test_nothing_with_a_value_is_remembered(app: Flask) -> None:
    with app.test_request_context():
        g.slug = "leipzig"
        app.url_for("registration.start")
        for token in ("one", "two"):
            assert app.url_for("registration.own", token=token) == f"/leipzig/registration/{token}"
        app.url_for("registration.start", q="one")
        app.url_for("registration.start", _anchor="one")
    site = cast(RememberingFlask, app)

    assert site._built
    assert not any("one" in address or "two" in address for address in site._built.values())


def test_they_are_bounded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST_REMEMBERED", 10)
    for number in range(50):
        with app.test_request_context():
            g.slug = f"many-{number}"
            assert app.url_for("registration.start") == f"/many-{number}/register"

    assert len(cast(RememberingFlask, app)._built) <= 10
