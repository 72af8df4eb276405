"""Whose word counts: not that of a foreign Host, nor of a proxy that the settings do not name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, request

from app.web.headers import within_this_site
from app.workshops.models import Workshop
from tests.pages import Visitor
from tests.site.addresses import list_addresses

EVIL = "evil.example"


def test_no_answer_names_a_foreign_host(app: Flask, workshop: Workshop, visitor: Visitor) -> None:
    """Also Flask-Security's redirects, missing and doubled slashes, language, log-in."""
    paths = [a.path for a in list_addresses(app, workshop.slug) if a.method == "GET"]
    more = [path.rstrip("/") for path in paths] + [f"/{path}" for path in paths]
    redirects = 0
    for path in [*paths, *more, f"/{workshop.slug}", "/login?next=//other.example/"]:
        for query in ("", "?language=en"):
            answer = visitor.client.get(path + query, headers={"Host": EVIL})
            assert EVIL not in answer.headers.get("Location", ""), path
            assert answer.headers.get("Location", "/x")[:2] not in {"//", "/\\"}, path
            assert "://" not in answer.headers.get("Location", ""), path
            assert f"//{EVIL}" not in answer.get_data(as_text=True).replace(path, ""), path
            redirects += answer.status_code in {302, 303, 307, 308}
    assert redirects > 50


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://evil.example/leipzig/?a=1&b=2#c", "/leipzig/?a=1&b=2#c"),
        ("/leipzig/%2F%0A", "/leipzig/%2F%0A"),
        ("//evil.example/x", "/x"),
        ("http://evil.example//other.example/", "/other.example/"),
        ("http://evil.example", "/"),
        ("https:/\\other.example", "/other.example"),
    ],
)
def test_an_address_is_kept_within_the_site(address: str, here: str) -> None:
    assert within_this_site(address) == here


@pytest.mark.parametrize(
    ("hops", "client", "scheme"),
    [(0, "9.9.9.9", "http"), (1, "3.3.3.3", "https"), (2, "2.2.2.2", "http")],
)
def test_only_as_many_proxies_are_believed_as_the_settings_name(
    make_app: Callable[..., Flask], tmp_path: Path, hops: int, client: str, scheme: str
) -> None:
    app = make_app(INSTANCE_DIR=tmp_path, TRUSTED_PROXIES=hops, TESTING=True)
    seen: list[tuple[str | None, str, str]] = []
    app.before_request_funcs.setdefault(None, []).insert(
        0, lambda: seen.append((request.remote_addr, request.scheme, request.host))
    )

    app.test_client().get(
        "/healthz",
        environ_overrides={"REMOTE_ADDR": "9.9.9.9"},
        headers={
            "X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3",
            "X-Forwarded-Proto": "http, https",
            "X-Forwarded-Host": EVIL,
        },
    )

    assert seen == [(client, scheme, "localhost")]
