"""A backup holds everything, and brings everything back, into either kind of database."""

import json
import os
import random
import threading
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import backup as backup_module
from app.backup import BackupRefused, restore_backup, write_backup
from app.extensions import db
from app.outbox.delivery import deliver_due
from app.outbox.service import File, SecretLink, queue_mail, send_again
from app.speakers.files import add_file
from app.speakers.inspection import inspect
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_session
from tests.speakers import samples

Everything = dict[str, list[dict[str, Any]]]


def everything() -> Everything:
    """All rows of all tables, as Python values."""
    found: Everything = {}
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table).order_by(*table.primary_key.columns))
        found[table.name] = [dict(row) for row in rows.mappings()]
    db.session.rollback()
    return found


def empty() -> None:
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(sa.delete(table))
    db.session.commit()


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    (folder / "mail").mkdir(parents=True)
    (folder / "secret-key").write_text("geheim")
    (folder / "mail" / "1.eml").write_text("Subject: x")
    (folder / "queue.db").write_text("not part of it")
    return folder


@pytest.fixture
def filled(ctx: Flask) -> Everything:
    """An installation with umlauts, instants, bytes, days, JSON and nulls in it."""
    workshop = factories.make_workshop(title="Tagung für Łukasz & Ömer 👮", summary="Eins\nZwei")
    factories.make_account(workshop=workshop)
    message = queue_mail(
        recipient="kim@example.org",
        subject="Grüße",
        text="T",
        html="H",
        workshop_id=workshop.id,
        link=SecretLink(purpose="registration", subject_id=1, path="/r/{token}"),
        attachments=(File(filename="a", content_type="a/b", content=bytes(range(256))),),
    )
    session = add_session(workshop, "Reels")
    for name in ("a.png", "b.png", "c.png"):  # more than are in memory at a time
        add_file(workshop.id, session.id, inspect(name, samples.picture()), speaker=None)
    db.session.commit()
    deliver_due()
    send_again(message)
    db.session.commit()
    return everything()


def test_everything_comes_back(
    filled: Everything, instance: Path, tmp_path: Path, ctx: Flask
) -> None:
    file = tmp_path / "backup.zip"
    counts = write_backup(file, instance=instance)
    assert counts == {name: len(rows) for name, rows in filled.items()}
    assert sum(counts.values()) > 30
    empty()

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert restore_backup(file, instance=elsewhere) == counts

    assert everything() == filled
    assert (elsewhere / "secret-key").read_text() == "geheim"
    assert (elsewhere / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (elsewhere / "mail" / "1.eml").read_text() == "Subject: x"
    assert sorted(p.name for p in elsewhere.iterdir()) == ["mail", "secret-key"]
    factories.make_workshop()  # new rows get numbers of their own
    db.session.commit()


def test_the_file_is_its_owners_alone(filled: Everything, instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    before = os.umask(0)
    try:
        write_backup(file, instance=instance)
    finally:
        os.umask(before)

    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        about = json.loads(archive.read("about.json"))
        assert about["format"] == 1
        assert about["rows"] == {name: len(rows) for name, rows in filled.items()}
        assert datetime.fromisoformat(about["written_at"]) <= datetime.now(UTC)


def test_an_existing_file_is_not_overwritten(ctx: Flask, instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    file.write_text("older")

    with pytest.raises(BackupRefused, match="exists already"):
        write_backup(file, instance=instance)

    assert file.read_text() == "older"


def test_a_backup_that_fails_leaves_no_file(
    filled: Everything, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_module, "_write_table", full)

    with pytest.raises(BackupRefused, match="No space left"):
        write_backup(tmp_path / "backup.zip", instance=instance)

    assert [p.name for p in tmp_path.iterdir()] == ["instance"]


def test_a_folder_that_is_not_there_is_refused(ctx: Flask, instance: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="cannot be written"):
        write_backup(tmp_path / "nowhere" / "backup.zip", instance=instance)


def test_it_shows_one_moment_and_keeps_nobody_from_writing(
    filled: Everything,
    instance: Path,
    tmp_path: Path,
    ctx: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = backup_module._write_table
    tables: list[str] = []

    def slowly(archive: Any, connection: Any, table: sa.Table) -> int:
        """After the first table somebody else commits a new workshop."""
        count = written(archive, connection, table)
        if not tables:
            other = threading.Thread(target=write)
            other.start()
            other.join(timeout=10)
            assert not other.is_alive()
        tables.append(table.name)
        return count

    def write() -> None:
        with ctx.app_context():
            factories.make_workshop()
            db.session.commit()

    monkeypatch.setattr(backup_module, "_write_table", slowly)
    counts = write_backup(tmp_path / "backup.zip", instance=instance)

    assert counts == {name: len(rows) for name, rows in filled.items()}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Workshop)) == 2


def test_a_database_with_anything_in_it_is_left_alone(
    filled: Everything, instance: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    write_backup(file, instance=instance)

    with pytest.raises(BackupRefused, match="not empty"):
        restore_backup(file, instance=instance)

    assert everything() == filled


@pytest.fixture
def spoil(
    filled: Everything, instance: Path, tmp_path: Path
) -> Callable[[Callable[[str, bytes], bytes | None]], Path]:
    """`spoil(change)`: a backup whose entries went through `change`, and an empty database."""

    def make(change: Callable[[str, bytes], bytes | None]) -> Path:
        good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
        write_backup(good, instance=instance)
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
            for entry in old.infolist():
                content = change(entry.filename, old.read(entry))
                if content is not None:
                    new.writestr(entry.filename, content)
        empty()
        return bad

    return make


def about(**values: object) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        return (
            json.dumps({**json.loads(content), **values}).encode()
            if name == "about.json"
            else content
        )

    return change


def without(entry: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, content: None if name == entry else content


def rows(change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda name, content: change(content) if name == "tables/workshops.jsonl" else content


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (rows(lambda _c: b"[]\n"), "damaged"),
        (rows(lambda _c: b"null\n"), "damaged"),
        (rows(lambda _c: b"[" * 100_000), "damaged"),
        (rows(lambda _c: b"\xff\xfe\n"), "damaged"),
        (rows(lambda c: c.replace(b'"id": ', b'"id": ' + b"9" * 30)), "damaged"),
        (rows(lambda c: c.replace(b'"id": ', b'"id": ' + b"9" * 5000)), "damaged"),
        (rows(lambda c: c.replace(b'"slug": "', b'"slug": "\\ud800')), "damaged"),
        (rows(lambda c: c + c), "damaged"),
        (lambda n, c: b"[" * 100_000 if n == "about.json" else c, "damaged"),
        (about(rows=None), "damaged"),
        (about(revision="ffff"), "revision ffff"),
        (about(format=99), "format 99"),
        (without("about.json"), "damaged"),
        (without("tables/workshops.jsonl"), "damaged"),
        (lambda n, c: c[:-20] if n == "tables/workshops.jsonl" else c, "damaged"),
        (lambda n, c: c.split(b"\n")[0] if n == "tables/organisations.jsonl" else c, "damaged"),
        (lambda n, c: c.replace(b"state_police", b"x") if "organisations" in n else c, "damaged"),
        (lambda n, c: b"" if n == "tables/workshops.jsonl" else c, "damaged"),
    ],
)
def test_what_is_not_whole_changes_nothing(
    spoil: Callable[..., Path], tmp_path: Path, change: Any, message: str
) -> None:
    file = spoil(change)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    with pytest.raises(BackupRefused, match=message):
        restore_backup(file, instance=elsewhere)

    assert all(rows == [] for rows in everything().values())
    assert list(elsewhere.iterdir()) == []


def test_a_file_damaged_anywhere_is_refused_or_comes_back_as_it_was(
    filled: Everything, instance: Path, tmp_path: Path, ctx: Flask
) -> None:
    """Cut off, and bits turned over: in rows, and in the directory that says how to read them."""
    good, bad, elsewhere = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "elsewhere"
    write_backup(good, instance=instance)
    elsewhere.mkdir()
    empty()
    whole, chance = good.read_bytes(), random.Random(7)
    damaged = [whole[: chance.randrange(len(whole))] for _ in range(20)]
    for _ in range(150):
        turned = bytearray(whole)
        directory = whole.index(b"PK\x01\x02")
        place = chance.choice(
            [chance.randrange(len(whole)), chance.randrange(directory, len(whole))]
        )
        turned[place] ^= 1 << chance.randrange(8)
        damaged.append(bytes(turned))
    refused = 0
    for content in damaged:
        bad.write_bytes(content)
        try:
            restore_backup(bad, instance=elsewhere)
        except BackupRefused:
            assert list(elsewhere.iterdir()) == []
            refused += 1
        else:
            assert everything() == filled
            for path in elsewhere.rglob("*.*"):
                path.unlink()
            (elsewhere / "secret-key").unlink()
            (elsewhere / "mail").rmdir()
            empty()
    assert refused > 50


@pytest.mark.parametrize("entry", ["about.json", "tables/workshops.jsonl", "instance/mail/2.eml"])
def test_a_small_file_that_would_become_a_huge_one_is_not_unpacked(
    filled: Everything, instance: Path, tmp_path: Path, entry: str
) -> None:
    small, big = tmp_path / "small.zip", tmp_path / "big.zip"
    write_backup(small, instance=instance)
    empty()
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != entry:
                new.writestr(name, old.read(name))
        new.writestr(entry, b" " * 60_000_000)
    tracemalloc.start()

    with pytest.raises(BackupRefused, match="damaged"):
        restore_backup(big, instance=tmp_path)

    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_if_the_database_fails_at_the_end_no_file_is_left(
    filled: Everything, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.zip"
    write_backup(file, instance=instance)
    empty()
    (instance / "secret-key").write_text("another")

    def full(_connection: object) -> None:
        raise sa.exc.OperationalError("COMMIT", None, Exception("disk is full"))

    monkeypatch.setattr(db.engine.dialect, "do_commit", full)
    with pytest.raises(BackupRefused, match="disk is full"):
        restore_backup(file, instance=instance)

    assert (instance / "secret-key").read_text() == "another"


def test_entries_outside_the_known_places_are_not_written(
    spoil: Callable[..., Path], tmp_path: Path
) -> None:
    file = spoil(lambda _name, content: content)
    with zipfile.ZipFile(file, "a") as archive:
        for name in ("instance/../evil", "instance/mail/../../evil.eml", "instance/settings"):
            archive.writestr(name, "evil")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    restore_backup(file, instance=elsewhere)

    assert sorted(p.name for p in elsewhere.rglob("*")) == ["1.eml", "mail", "secret-key"]
    assert list(tmp_path.glob("evil*")) == []


@pytest.fixture
def other_database(tmp_path: Path) -> str:
    """A database of the other kind, where there is one."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        pytest.skip("needs PostgreSQL beside SQLite (bin/test)")
    return f"sqlite:///{tmp_path / 'other.db'}"


def test_it_goes_from_postgresql_to_sqlite_and_back(
    filled: Everything,
    instance: Path,
    tmp_path: Path,
    other_database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    write_backup(first, instance=instance)
    empty()
    engine = sa.create_engine(other_database)
    with monkeypatch.context() as there:
        there.setattr(type(db), "engine", property(lambda _self: engine))
        db.metadata.create_all(engine)
        restore_backup(first, instance=instance)
        write_backup(second, instance=instance)
    engine.dispose()

    restore_backup(second, instance=instance)

    assert everything() == filled


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["backup"], 2, "Missing argument"),
        (["restore"], 2, "Missing argument"),
        (["restore", "nowhere.zip"], 1, "nowhere.zip does not exist."),
        (["restore", "app/x/y"], 1, "app/x/y does not exist."),
        (["restore", "pyproject.toml/x"], 1, "cannot be read: Not a directory."),
    ],
)
def test_the_commands_say_in_one_line_what_is_wrong(
    ctx: Flask, words: list[str], status: int, says: str
) -> None:
    result = ctx.test_cli_runner().invoke(args=words)

    assert result.exit_code == status
    assert says in result.stderr
    assert result.stdout == ""


def test_the_commands_do_it(filled: Everything, ctx: Flask, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    runner = ctx.test_cli_runner()

    result = runner.invoke(args=["backup", str(file)])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "rows of" in result.stdout
    result = runner.invoke(args=["backup", str(file)])
    assert (result.exit_code, result.stderr) == (1, f"{file} exists already.\n")
    result = runner.invoke(args=["restore", str(file)])
    assert result.exit_code == 1
    assert "not empty" in result.stderr
    empty()
    assert runner.invoke(args=["restore", str(file)]).exit_code == 0
    assert everything() == filled
