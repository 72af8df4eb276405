"""Where limits are counted, and that counting never breaks a page."""

import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.web.counting import DatabaseStorage
from app.web.limits import hashed, network_of
from config import load_config
from tests.pages import Visitor


@pytest.fixture
def uri(ctx: Flask) -> str:
    """Where this installation counts."""
    return str(ctx.config["RATELIMIT_STORAGE_URI"])


@pytest.fixture
def storage(uri: str) -> Iterator[DatabaseStorage]:
    """An empty storage."""
    made = DatabaseStorage(uri)
    made.reset()
    yield made
    made.reset()


def _count(uri: str, times: int) -> None:
    storage = DatabaseStorage(uri)
    for _ in range(times):
        storage.incr("together", 60)


def test_it_counts_until_the_window_is_over(storage: DatabaseStorage) -> None:
    begun = time.time()
    assert [storage.incr("a", 1), storage.incr("a", 1, amount=2), storage.incr("b", 9)] == [1, 3, 1]
    assert storage.get("a") == 3
    assert begun + 0.9 < storage.get_expiry("a") < time.time() + 1.1

    while time.time() < storage.get_expiry("b") - 7.9:
        time.sleep(0.05)

    assert (storage.get("a"), storage.get("b")) == (0, 1)
    assert storage.incr("a", 60) == 1
    assert storage.get_expiry("a") > time.time() + 50


def test_all_processes_count_together(storage: DatabaseStorage, uri: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_count, args=(uri, 25)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert storage.get("together") == 75


def test_what_is_over_is_deleted(storage: DatabaseStorage) -> None:
    storage.incr("short", 0)
    storage.incr("long", 60)

    assert storage.purge() == 1
    assert (storage.purge(), storage.get("long")) == (0, 1)
    storage.clear("long")
    assert storage.get("long") == 0


def test_a_request_that_holds_the_write_lock_can_count(storage: DatabaseStorage) -> None:
    """The request's own transaction is not waited for."""
    db.session.execute(sa.text("UPDATE workshops SET seats = seats"))

    assert storage.incr("a", 60) == 1

    db.session.rollback()
    assert storage.get("a") == 1


def test_a_file_that_cannot_be_written_breaks_nothing(tmp_path: Path) -> None:
    """A full or read-only disk: counted in memory, so that guessing is limited all the same."""
    storage = DatabaseStorage(f"sqlite:///{tmp_path / 'nowhere' / 'limits.db'}")

    assert [storage.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert storage.get("a") == 3
    assert storage.get_expiry("a") > time.time() + 50
    assert storage.check()


def test_a_file_that_is_damaged_while_the_site_runs_breaks_nothing(tmp_path: Path) -> None:
    file = tmp_path / "limits.db"
    storage = DatabaseStorage(f"sqlite:///{file}")
    storage.incr("a", 60)
    with closing(sqlite3.connect(file)) as other:
        other.execute("DROP TABLE rate_limit_counts")

    assert storage.incr("a", 60) == 1
    assert storage.get("a") == 1


@pytest.mark.usefixtures("limits")
def test_pages_work_while_nothing_can_be_counted(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app.extensions import limiter

    lost = DatabaseStorage(f"sqlite:///{tmp_path / 'nowhere' / 'limits.db'}")
    monkeypatch.setattr(limiter.limiter, "storage", lost)
    for number in range(11):
        page = visitor.get("/login")
        entries = {"email": "nobody@example.org", "password": "guessed"}
        visitor.submit(page, entries, status=422 if number < 10 else 429)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_keys_need_the_secret(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        keys = {hashed("a", "b"), hashed("ab"), hashed("a", "b")}
        monkeypatch.setitem(app.config, "SECRET_KEY", "another one")
        keys.add(hashed("a", "b"))

    assert len(keys) == 3


def test_where_it_counts_unless_told_otherwise(tmp_path: Path) -> None:
    def uri(**settings: str) -> str:
        config = load_config({"INSTANCE_DIR": tmp_path, "SECRET_KEY": "x", **settings})
        return str(config["RATELIMIT_STORAGE_URI"])

    assert uri(DATABASE_URL="sqlite:////srv/site.db") == f"sqlite:///{tmp_path / 'limits.db'}"
    assert uri(DATABASE_URL="postgresql://db/site") == "postgresql://db/site"
    assert uri(RATELIMIT_STORAGE_URI="redis://cache") == "redis://cache"


def test_every_limit_is_declared_in_one_place(root: Path) -> None:
    """So that no address becomes a key by itself."""
    using = [
        str(path.relative_to(root / "app"))
        for path in (root / "app").rglob("*.py")
        if "limiter.limit(" in path.read_text() or "limiter.shared_limit(" in path.read_text()
    ]

    assert using == ["web/limits.py"]
