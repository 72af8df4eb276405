"""`flask serve`, the command behind bin/serve: its processes live and die together."""

import os
import re
import signal
import socket
import threading
import time
import urllib.parse
from pathlib import Path

import pytest

from tests.server.conftest import Browser, Installation, children_of, family_of, serve, wait_for

pytestmark = pytest.mark.server

NOWHERE = "sqlite:////proc/nowhere"
NOT_OPENED = "unable to open database file"


def send_mangled(address: str, line: str) -> None:
    """Send something that is no request, and wait for the answer."""
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), 20) as connection:
        connection.sendall(f"{line}\r\n\r\n".encode())
        assert b"400" in connection.recv(100)


def test_an_empty_installation_starts_logs_no_secret_and_ends(installation: Installation) -> None:
    children = family_of(serve(installation))
    assert installation.answers("/readyz")
    log = installation.log("serve")
    (token,) = re.findall(rf"{installation.address}/account/first/(\S+)", log)

    Browser().open_form(f"{installation.address}/account/first/{token}?from=kim@example.org")
    send_mangled(installation.address, f"GET /leipzig/registration/{token}")
    installation.processes[0].send_signal(signal.SIGINT)  # Ctrl-C

    assert installation.processes[0].wait(60) == 0
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []
    later = installation.log("serve").removeprefix(log)
    assert "GET /account/first/<token> 200" in later
    assert "Invalid request" in later
    for word in (token, "kim", "127.0.0.1"):
        assert word not in later


@pytest.mark.parametrize("victim", [0, 1])
def test_if_one_dies_all_end_and_say_so(installation: Installation, victim: int) -> None:
    parent = serve(installation)
    children = family_of(parent)

    os.kill(children[victim], signal.SIGKILL)

    assert installation.processes[0].wait(60) == 1
    assert "ended with SIGKILL; ending the rest" in installation.log("serve")
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


def test_if_the_parent_is_killed_no_orphan_goes_on(installation: Installation) -> None:
    parent = serve(installation)
    children = family_of(parent)

    installation.processes[0].kill()
    installation.processes[0].wait()

    wait_for(lambda: not [child for child in children if Path(f"/proc/{child}").exists()])


@pytest.mark.parametrize(
    ("command", "setting", "value", "line"),
    [
        ("serve", "DATABASE_URL", f"{NOWHERE}/site.db", NOT_OPENED),
        ("worker", "DATABASE_URL", f"{NOWHERE}/site.db", NOT_OPENED),
        ("worker", "QUEUE_URL", f"{NOWHERE}/queue.db", NOT_OPENED),
        ("worker", "QUEUE_URL", "ftp://queue", "unknown scheme ftp"),
        ("serve", "INSTANCE_DIR", "/proc/nowhere", "No such file or directory"),
        ("worker", "SECRET_KEY", "", "No such file or directory"),
    ],
)
def test_a_disk_that_cannot_be_written_ends_the_start_with_one_line(
    installation: Installation, command: str, setting: str, value: str, line: str
) -> None:
    installation.environment[setting] = value
    if setting == "SECRET_KEY":
        installation.environment["INSTANCE_DIR"] = "/proc/self"

    assert installation.start(command).wait(60) == 1
    assert not installation.answers()
    log = installation.log(command)
    assert "Traceback" not in log
    told = [told for told in log.splitlines() if setting in told]
    assert len(told) == 1
    assert told[0].startswith(setting)
    assert told[0].endswith(line)


def test_a_database_that_may_not_be_written_ends_the_start_with_one_line(
    installation: Installation,
) -> None:
    if installation.engine.dialect.name != "sqlite":
        pytest.skip("a file's matter")
    installation.flask("db", "upgrade")
    with installation.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    url = installation.environment["DATABASE_URL"].replace("sqlite:///", "sqlite:///file:")
    installation.environment["DATABASE_URL"] = f"{url}?mode=ro&uri=true"

    assert installation.start("serve").wait(60) == 1

    log = installation.log("serve")
    assert "Traceback" not in log
    assert "DATABASE_URL: the database cannot be used: attempt to write a readonly" in log


def test_a_press_that_dies_is_started_anew_and_web_and_worker_go_on(
    installation: Installation,
) -> None:
    parent = serve(installation)
    web, worker, press = family_of(parent)

    os.kill(press, signal.SIGKILL)

    wait_for(lambda: "press ended with SIGKILL; starting another" in installation.log("serve"))
    anew = family_of(parent)
    assert anew[:2] == [web, worker]
    assert anew[2] != press
    assert installation.answers()


def test_a_real_server_gives_papers_and_never_loads_what_draws_them(
    installation: Installation,
) -> None:
    parent = serve(installation)
    installation.flask("demo", "--participants", "5")
    web, worker, press = family_of(parent)

    for paper in ("agenda.pdf", "agenda.pdf?format=booklet", "agenda.pdf?abstracts=1"):
        assert installation.answers(f"/leipzig/{paper}"), installation.log("serve")

    for process in (parent, web, *children_of(web), worker, press):
        assert "libpango" not in _maps(process)
    assert any("libpango" in _maps(drawer) for drawer in children_of(press))
    installation.processes[0].terminate()
    assert installation.processes[0].wait(60) == 0
    assert sorted(path.name for path in installation.folder.glob("press.*")) == ["press.lock"]


def _maps(process: int) -> str:
    return Path(f"/proc/{process}/maps").read_text()


def _web_processes(parent: int) -> list[int]:
    """Those that answer requests: the children of the web server, which is started first."""
    return children_of(family_of(parent)[0])


def test_a_web_process_killed_while_it_saves_saves_nothing_half(
    installation: Installation,
) -> None:
    parent = serve(installation)
    (link,) = re.findall(rf"{installation.address}/account/first/\S+", installation.log("serve"))
    browser = Browser()
    password = "Sechs-Elche-im-Nebel-42"
    filled = {
        **browser.open_form(link),
        "name": "Kim",
        "email": "kim@example.org",
        "password": password,
        "repeat": password,
    }
    answers: list[int] = []
    sending = threading.Thread(target=lambda: answers.append(browser.send(link, filled)))
    wait_for(lambda: len(_web_processes(parent)) == 2)
    web = _web_processes(parent)

    with installation.engine.connect() as connection:
        # Somebody else writes, so that the request waits in the midst of its work.
        if installation.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("LOCK TABLE accounts, memberships IN EXCLUSIVE MODE")
        sending.start()
        time.sleep(1.5)
        for process in web:
            os.kill(process, signal.SIGKILL)
        sending.join(60)
        connection.rollback()

    assert answers == [0]
    wait_for(installation.answers)  # the web server has started others in their place
    assert installation.rows("SELECT count(*) FROM accounts") == [(0,)]
    assert installation.rows("SELECT count(*) FROM memberships") == [(0,)]
    assert browser.send(link, filled) == 200
    assert installation.rows("SELECT email FROM accounts") == [("kim@example.org",)]
    installation.processes[0].terminate()
    assert installation.processes[0].wait(60) == 0
