"""A backup that is damaged, in whatever way, is refused in one line and changes nothing."""

import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.backup import BackupRefused, restore_backup, write_backup
from app.extensions import db
from tests.site.backups import Everything, empty, everything


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
