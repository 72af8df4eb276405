"""The site as real processes: started, asked, and killed."""

import contextlib
import http.cookiejar
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
import sqlalchemy as sa
from lxml import html

from app.extensions import db
from app.outbox.models import Message
from tests.mail_server import MailServer, free_port, mail_servers

ROOT = Path(__file__).parents[2]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
APP = [sys.executable, "-m", "app"]
PATIENCE = 120.0
"""Seconds to wait for what is sure to come, on a machine that does other things too."""


def wait_for(what: Callable[[], Any]) -> Any:
    """The first answer that is true; fails after `PATIENCE`."""
    end = time.monotonic() + PATIENCE
    while not (answer := what()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return answer


class Browser:
    """A browser without JavaScript, at a real server."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def open_form(self, url: str) -> dict[str, str]:
        """The values of a page's form."""
        with self.opener.open(url, timeout=20) as answer:
            page = html.document_fromstring(answer.read())
        return {
            control.get("name"): control.get("value", "")
            for control in page.cssselect("main form input[name]")
        }

    def send(self, url: str, values: dict[str, str]) -> int:
        """Send a form; the status of the answer, 0 if there is none."""
        data = urllib.parse.urlencode(values).encode()
        try:
            with self.opener.open(url, data, timeout=60) as answer:
                return int(answer.status)
        except OSError:
            return 0  # the connection broke


class Installation:
    """An installation in a folder of its own, with its settings and processes."""

    def __init__(self, folder: Path, database_url: str) -> None:
        server = database_url.startswith("postgresql:")
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[str]] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"},
            "INSTANCE_DIR": str(folder),
            "DATABASE_URL": database_url,
            # With PostgreSQL the queue is kept there too, so that both kinds are tested.
            "QUEUE_URL": database_url if server else f"sqlite:///{folder / 'queue.db'}",
            "PORT": str(self.port),
            "BASE_URL": self.address,
            "SECRET_KEY": "only for tests",
            "MAIL_SERVER": "",
        }
        driver = database_url.replace("postgresql://", "postgresql+psycopg://")
        self.engine = sa.create_engine(driver)

    def flask(self, *words: str, input: str | None = None) -> str:  # noqa: A002 - subprocess's word
        """Run a command to its end; what it printed."""
        return subprocess.run(
            [*FLASK, *words],
            cwd=ROOT,
            env=self.environment,
            input=input,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command that goes on; its output is in `<first word>.log`."""
        with (self.folder / f"{words[0]}.log").open("a") as log:
            process = subprocess.Popen(
                [*APP, *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log, text=True
            )
        self.processes.append(process)
        return process

    def log(self, command: str) -> str:
        """What a command printed so far."""
        return (self.folder / f"{command}.log").read_text()

    def answers(self, path: str = "/healthz") -> bool:
        """Whether the web server answers."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the database says, seen from outside."""
        with self.engine.begin() as connection:
            result = connection.execute(sa.text(query), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def create_tables(self) -> None:
        """What the migrations would do, in a fraction of the time."""
        db.metadata.create_all(self.engine)

    def queue_mails(self, number: int) -> None:
        """Queue mails to kim0, kim1, …, each with a secret link; nobody is woken."""
        mails = [
            {
                "recipient": f"kim{n}@example.org",
                "subject": "S",
                "text": "[[link]]",
                "html": "H",
                "message_id": f"<{n}@example.org>",
                "link_purpose": "registration",
                "link_subject_id": n,
                "link_path": "/r/{token}",
            }
            for n in range(number)
        ]
        with self.engine.begin() as connection:
            connection.execute(sa.insert(Message), mails)

    def stop(self) -> None:
        """End what still runs."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.engine.dispose()


@pytest.fixture
def installation(tmp_path: Path, worker_id: str) -> Iterator[Installation]:
    """A new installation with an empty database, not migrated yet."""
    yield from make_installation(tmp_path, worker_id)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Installation]:
    """An installation that runs and that the tests of a module only ask."""
    for made in make_installation(tmp_path_factory.mktemp("server"), f"{worker_id}_shared"):
        serve(made)
        yield made


def make_installation(tmp_path: Path, worker_id: str) -> Iterator[Installation]:
    """An installation until the generator goes on."""
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        name = f"tagungsbuero_server_{worker_id}"
        engine = sa.create_engine(
            server.replace("postgresql://", "postgresql+psycopg://") + "/postgres",
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        url = f"{server}/{name}"
    else:
        url = f"sqlite:///{tmp_path / 'site.db'}"
    made = Installation(tmp_path, url)
    yield made
    made.stop()


@pytest.fixture
def mail_server(installation: Installation) -> Iterator[MailServer]:
    """A mail server that takes every mail, and is the one of the installation's settings."""
    with mail_servers() as start:
        server = start()
        installation.environment.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=str(server.port))
        yield server


def children_of(process: int) -> list[int]:
    """The processes that a process started, from any of its threads, and that still run."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread that has ended meanwhile
            found += [int(child) for child in task.read_text().split()]
    return found


def serve(installation: Installation) -> int:
    """Start the site; its process, once it answers."""
    process = installation.start("serve")
    wait_for(lambda: installation.answers() or process.poll() is not None)
    assert process.poll() is None, installation.log("serve")
    return process.pid


def family_of(process: int) -> list[int]:
    """Web server, worker and press of a site, once all three are there.

    While one of a process's children ends the kernel may leave others out of the list.
    """
    return list(wait_for(lambda: found if len(found := children_of(process)) == 3 else None))
