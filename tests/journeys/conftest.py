"""A real browser in front of the real application.

The application is the tests' own, served by threads of this process, so that a test may make what
it needs with the factories and look into the database. Two rules keep that free of deadlocks:
- Commit what you made before the browser asks for it.
- Look into the database inside `with database():`, which ends the transaction at once; outside of
  a GET request even a read takes SQLite's write lock.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from app.accounts.models import Role
from app.extensions import db
from app.workshops.models import Workshop
from tests import factories
from tests.journeys.browser import Axe, find_chromium, watch

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, kept from asking anything of the network by itself."""
    return {
        "executable_path": find_chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def server_address(application: Flask) -> Iterator[str]:
    """The application at a free port of the loopback interface."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="web server")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def live_server(app: Flask, server_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address at which a browser reaches the application; links in mails begin with it."""
    monkeypatch.setitem(app.config, "BASE_URL", server_address)
    return server_address


@pytest.fixture
def database(app: Flask) -> Callable[[], AbstractContextManager[Any]]:
    """`with database() as session:` looks or changes; what was changed is committed."""

    @contextmanager
    def open_session() -> Iterator[Any]:
        with app.app_context():
            yield db.session
            db.session.commit()
            db.session.remove()

    return open_session


@pytest.fixture
def browser_context_args(live_server: str) -> dict[str, Any]:
    """A German at a desk; addresses are relative to the server."""
    return {
        "base_url": live_server,
        "locale": "de-DE",
        "timezone_id": "Europe/Berlin",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture
def page(context: BrowserContext, live_server: str) -> Iterator[Page]:
    """A tab. Whatever the browser complains of, a CSP violation above all, fails the test."""
    page = context.new_page()
    complaints = watch(page, live_server)
    yield page
    page.close()
    assert complaints == []


@pytest.fixture
def axe() -> Axe:
    """`axe(page)` returns what breaks WCAG 2.0–2.2, levels A and AA, as lines to read."""
    return Axe(AXE.read_text())


@pytest.fixture
def sign_in_browser(
    app: Flask, page: Page, database: Callable[[], AbstractContextManager[Any]]
) -> Callable[..., Page]:
    """`sign_in_browser(Role.ORGANISER)`: the tab, signed in through the log-in page."""

    def enter(role: Role = Role.ORGANISER, workshop: Workshop | None = None) -> Page:
        with database():
            email = factories.make_account(role=role, workshop=workshop).email
        page.goto("/login")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", factories.PASSWORD)
        page.click("main form [type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    return enter


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """`screenshot(page, "home")` keeps a picture in test-results/ for people to look at."""
    folder = Path(__file__).parents[2] / "test-results" / request.node.name
    shutil.rmtree(folder, ignore_errors=True)

    def take(page: Page, name: str) -> Path:
        path: Path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
