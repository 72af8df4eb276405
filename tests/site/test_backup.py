"""A backup holds everything, and brings everything back, into either kind of database."""

import json
import os
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import backup as backup_module
from app.backup import BackupRefused, restore_backup, write_backup
from app.extensions import db
from app.workshops.models import Workshop
from tests import factories
from tests.site.backups import Everything, empty, everything


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
