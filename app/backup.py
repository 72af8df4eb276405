"""One file with everything, and back again, also from SQLite to PostgreSQL and the other way.

The file is a zip archive:

    about.json             format, migration revision, time, rows per table
    tables/<table>.jsonl   one row a line, in an order in which foreign keys hold
    instance/secret-key    the secret of the installation, if it is kept in the instance folder
    instance/mail/*.eml    mails that were kept as files

The secret is part of it because sessions and password hashes depend on it. So the file is as
confidential as the installation itself, and is written with mode 0600.
"""

import base64
import io
import json
import lzma
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from app.extensions import Instant, db, now
from app.refusals import Refused

FORMAT = 1
BATCH = 500
FEW = 2  # rows with files in them: each may have many megabytes
# What reading a file raises that is none of ours, or not as it was written.
_DAMAGED = (
    # Encrypted, of a method or a version that is not known; JSON nested without end.
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError),
    *(LookupError, TypeError, ValueError, AttributeError, OverflowError),
    sa.exc.StatementError,
)
MOST_UNPACKED = 200
"""How many times larger than the file what is in it may be; rows are a tenth of that."""
LARGEST_ABOUT = 1024 * 1024
SECRET = "secret-key"  # noqa: S105 - a file's name


class BackupRefused(Refused):
    """The file, the folder or the database does not allow it. Not translated: commands only."""


def write_backup(path: Path, *, instance: Path) -> dict[str, int]:
    """Write the whole installation to a file that was not there; rows per table.

    All tables are read in one transaction, so the file shows one moment while the site goes on.
    Raises `BackupRefused`.
    """
    if path.exists():
        raise BackupRefused(f"{path} exists already.")
    with (
        _snapshot() as connection,
        _appearing_whole(path) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        counts = {table.name: _write_table(archive, connection, table) for table in _tables()}
        for kept in _kept_files(instance):
            archive.write(kept, f"instance/{kept.relative_to(instance)}")
        about = {
            "format": FORMAT,
            "revision": _revision(connection),
            "written_at": now().isoformat(),
            "rows": counts,
        }
        archive.writestr("about.json", json.dumps(about, indent=1))
    return counts


def restore_backup(path: Path, *, instance: Path) -> dict[str, int]:
    """Fill the empty database and the instance folder from a file; rows per table.

    Everything or nothing of the tables. Raises `BackupRefused` and changes nothing if the
    database holds anything, or is of another revision than the file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _restore(archive, instance)
    except FileNotFoundError:
        raise BackupRefused(f"{path} does not exist.") from None
    except sa.exc.OperationalError as error:
        raise BackupRefused(f"The database cannot be written: {error.orig}.") from None
    except _DAMAGED:
        raise BackupRefused(f"{path} is not a backup, or is damaged.") from None
    except OSError as error:  # bz2 says so too, of data that is none of its own
        raise BackupRefused(f"{path} cannot be read: {error.strerror or error}.") from None


def _restore(archive: zipfile.ZipFile, instance: Path) -> dict[str, int]:
    _check_sizes(archive)
    about = json.loads(archive.read("about.json"))
    if about["format"] != FORMAT:
        raise BackupRefused(f"The file has format {about['format']}, this version reads {FORMAT}.")
    if archive.testzip() is not None:
        raise zipfile.BadZipFile
    # Files appear after the commit, so that a database that fails leaves the old secret in place.
    with ExitStack() as files, db.engine.begin() as connection:
        _check_database(connection, about["revision"])
        counts = {table.name: _read_table(archive, connection, table) for table in _tables()}
        if counts != about["rows"]:
            raise zipfile.BadZipFile
        _set_sequences(connection)
        _restore_files(archive, instance, files)
    return counts


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Before anything is unpacked: some kilobytes may be made to fill memory and disk."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_UNPACKED * packed + LARGEST_ABOUT:
        raise zipfile.BadZipFile
    if archive.getinfo("about.json").file_size > LARGEST_ABOUT:
        raise zipfile.BadZipFile


def _tables() -> list[sa.Table]:
    return list(db.metadata.sorted_tables)


def _revision(connection: sa.Connection) -> str | None:
    from alembic.migration import MigrationContext  # 11 MB, which web server and worker do without

    return MigrationContext.configure(connection).get_current_revision()


def _check_database(connection: sa.Connection, revision: str | None) -> None:
    present = _revision(connection)
    if present != revision:
        raise BackupRefused(
            f"The file has revision {revision}, the database {present}. Take the version of"
            " the site that wrote the file, and run 'flask db upgrade' before."
        )
    for table in _tables():
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise BackupRefused(f"The database is not empty: {table.name} has rows.")


@contextmanager
def _snapshot() -> Iterator[sa.Connection]:
    """A connection that sees one moment of the database and keeps nobody from writing."""
    options: dict[str, Any] = {"only_reads": True}
    if db.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _write_table(archive: zipfile.ZipFile, connection: sa.Connection, table: sa.Table) -> int:
    count = 0
    rows = connection.execution_options(yield_per=_batch(table)).execute(
        sa.select(table).order_by(*table.primary_key.columns)
    )
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
        for row in rows.mappings():
            line = {column.name: _to_json(row[column.name]) for column in table.columns}
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _read_table(archive: zipfile.ZipFile, connection: sa.Connection, table: sa.Table) -> int:
    readers = {column.name: _reader(column.type) for column in table.columns}
    count = 0
    with archive.open(f"tables/{table.name}.jsonl") as file:
        for lines in _batches(io.TextIOWrapper(file, encoding="utf-8"), _batch(table)):
            rows = [
                {name: readers[name](value) for name, value in json.loads(line).items()}
                for line in lines
            ]
            connection.execute(sa.insert(table), rows)
            count += len(rows)
    return count


def _batch(table: sa.Table) -> int:
    """How many rows of it are in memory at a time."""
    has_files = any(isinstance(column.type, sa.LargeBinary) for column in table.columns)
    return FEW if has_files else BATCH


def _batches(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _to_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value  # enums are text


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any]:
    """How a column's value is read back from JSON; None stays None."""
    reading: Callable[[Any], Any]
    if isinstance(kind, Instant | sa.DateTime):
        reading = datetime.fromisoformat
    elif isinstance(kind, sa.Date):
        reading = date.fromisoformat
    elif isinstance(kind, sa.Time):
        reading = time.fromisoformat
    elif isinstance(kind, sa.LargeBinary):
        reading = base64.b64decode
    elif isinstance(kind, sa.Enum) and kind.enum_class is not None:
        reading = kind.enum_class
    else:
        return lambda value: value
    return lambda value: None if value is None else reading(value)


def _set_sequences(connection: sa.Connection) -> None:
    """Let PostgreSQL number on after the rows that were restored; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in _tables():
        key = table.autoincrement_column
        if key is not None:
            connection.execute(
                sa.select(
                    sa.func.setval(
                        sa.func.pg_get_serial_sequence(table.name, key.name),
                        sa.select(sa.func.max(key)).scalar_subquery(),
                    )
                ).where(sa.exists(sa.select(key)))
            )


def _kept_files(instance: Path) -> Iterator[Path]:
    if (instance / SECRET).is_file():
        yield instance / SECRET
    yield from sorted((instance / "mail").glob("*.eml"))


def _restore_files(archive: zipfile.ZipFile, instance: Path, files: ExitStack) -> None:
    """Write the files, which appear when `files` is closed without an error."""
    for entry in archive.infolist():
        name = entry.filename.removeprefix("instance/")
        is_mail = name.startswith("mail/") and name.endswith(".eml") and name.count("/") == 1
        if entry.filename == name or not (name == SECRET or is_mail):
            continue
        target = instance / name
        target.parent.mkdir(mode=0o700, exist_ok=True)
        files.enter_context(_appearing_whole(target)).write(archive.read(entry))


@contextmanager
def _appearing_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file for its owner alone (0600) that appears when it is complete, or not at all."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise BackupRefused(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and not isinstance(error, BackupRefused):
            raise BackupRefused(f"{path} cannot be written: {error.strerror}.") from error
        raise
