"""Where the job queue is kept: in an SQLite file, in Redis or in PostgreSQL.

Huey loads each driver that it finds when it is imported, 13 MB in each process, though one at most
is used. So it is imported without them, and its module of storages once more when one is needed.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_DRIVERS = {"redis": "Redis", "psycopg": "psycopg"}
"""What Huey takes of each driver, or has as None."""


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Let modules that nobody has imported seem not to be installed."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: as Python has it
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _hidden(*_DRIVERS):
    from huey import Huey, storage
    from huey.storage import BaseStorage, BlackHoleStorage

__all__ = ["BaseStorage", "BlackHoleStorage", "Huey", "open_storage"]


def open_storage(url: str, name: str) -> BaseStorage:
    """The storage that a URL's scheme stands for."""
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return storage.SqliteStorage(name=name, filename=url.removeprefix("sqlite:///"))
    if scheme in {"redis", "rediss"}:
        _load("redis")
        return storage.RedisStorage(name=name, url=url)
    if scheme in {"postgres", "postgresql"}:
        _load("psycopg")
        return storage.PostgresStorage(name=name, dsn=url)
    raise ValueError(f"unknown scheme {scheme}")


def _load(driver: str) -> None:
    if getattr(storage, _DRIVERS[driver]) is None:
        with _hidden(*(_DRIVERS.keys() - {driver})):
            importlib.reload(storage)
