"""Where rate limits count: in a database, so that all processes share them.

Not within the request's own transaction: a refused request is rolled back and must count all the
same, and on SQLite that transaction holds the write lock of the database. So SQLite counts in a
file of its own, PostgreSQL in a table of its own over connections of its own, each count a single
statement. If the database cannot be written (a full disk), this process counts in its memory.
"""

import logging
import threading
import time
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from limits.storage import MemoryStorage, Storage

log = logging.getLogger(__name__)

PURGE_SECONDS = 60
"""How often a process deletes counts whose time is over."""

WAIT_SECONDS = 2
"""How long a count waits for another one."""

TABLE = "rate_limit_counts"
_COLUMNS = "key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires_at DOUBLE PRECISION NOT NULL"
_ADD = sa.text(
    f"INSERT INTO {TABLE} (key, count, expires_at) VALUES (:key, :amount, :ends)"  # noqa: S608 - our own table
    " ON CONFLICT (key) DO UPDATE SET"
    f" count = CASE WHEN {TABLE}.expires_at <= :now THEN :amount"
    f" ELSE {TABLE}.count + :amount END,"
    f" expires_at = CASE WHEN {TABLE}.expires_at <= :now THEN :ends"
    f" ELSE {TABLE}.expires_at END"
    " RETURNING count"
)
_FIND = sa.text(
    f"SELECT count, expires_at FROM {TABLE} WHERE key = :key AND expires_at > :now"  # noqa: S608 - as above
)
_PURGE = sa.text(f"DELETE FROM {TABLE} WHERE expires_at <= :now")  # noqa: S608 - as above
_CLEAR = sa.text(f"DELETE FROM {TABLE} WHERE key = :key")  # noqa: S608 - as above
_RESET = sa.text(f"DELETE FROM {TABLE}")  # noqa: S608 - as above


class DatabaseStorage(Storage):
    """Counts of Flask-Limiter in SQLite or PostgreSQL. No method raises: limits never break a page.

    It is found by the scheme of `RATELIMIT_STORAGE_URI`.
    """

    STORAGE_SCHEME = ["sqlite", "postgresql", "postgresql+psycopg", "postgres"]  # noqa: RUF012 - as the base declares it

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._uri = uri
        self._ready = False
        self._warned_at = 0.0
        self._purged_at = time.monotonic()
        self._lock = threading.Lock()
        self._spare: MemoryStorage | None = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a failing database raises."""
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; the number within the window, which ends `expiry` seconds after its first one."""
        now = time.time()
        values = {"key": key, "amount": amount, "now": now, "ends": now + expiry}
        try:
            with self._engine.connect() as connection:
                count = int(connection.execute(_ADD, values).scalar_one())
            self._purge_now_and_then()
        except sa.exc.SQLAlchemyError as error:
            self._warn(error)
            self._spare = self._spare or MemoryStorage()
            return self._find(key)[0] + self._spare.incr(key, expiry, amount)
        return count + self._in_memory(key)

    def get(self, key: str) -> int:
        """The number counted so far."""
        return self._find(key)[0] + self._in_memory(key)

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        ends = self._find(key)[1]
        return max(ends, self._spare.get_expiry(key)) if self._spare else ends

    def check(self) -> bool:
        """There is always a place to count in."""
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        self._spare = None
        return self._delete(_RESET, {})

    def clear(self, key: str) -> None:
        """Forget the counts of one key."""
        if self._spare:
            self._spare.clear(key)
        self._delete(_CLEAR, {"key": key})

    def purge(self) -> int:
        """Delete counts whose time is over; how many."""
        return self._delete(_PURGE, {"now": time.time()})

    def _find(self, key: str) -> tuple[int, float]:
        now = time.time()
        try:
            with self._engine.connect() as connection:
                found = connection.execute(_FIND, {"key": key, "now": now}).first()
        except sa.exc.SQLAlchemyError as error:
            self._warn(error)
            found = None
        return (int(found[0]), float(found[1])) if found else (0, now)

    def _delete(self, statement: sa.TextClause, values: dict[str, Any]) -> int:
        try:
            with self._engine.connect() as connection:
                return int(connection.execute(statement, values).rowcount)
        except sa.exc.SQLAlchemyError as error:
            self._warn(error)
            return 0

    def _purge_now_and_then(self) -> None:
        if time.monotonic() - self._purged_at > PURGE_SECONDS:
            self._purged_at = time.monotonic()
            self.purge()

    def _warn(self, error: Exception) -> None:
        if time.monotonic() - self._warned_at > PURGE_SECONDS or not self._warned_at:
            self._warned_at = time.monotonic()
            log.warning("limits count in memory only: %s", type(error).__name__)

    def _in_memory(self, key: str) -> int:
        return self._spare.get(key) if self._spare else 0

    @property
    def _engine(self) -> sa.Engine:
        """The database, with its table."""
        if not self._ready:
            with self._lock:
                _prepare(self._connections)
                self._ready = True
        return self._connections

    @cached_property
    def _connections(self) -> sa.Engine:
        # Few requests count anything: no connection waits for the next one, or is forked.
        url = sa.make_url(self._uri)
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        return sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
            poolclass=sa.NullPool,
            hide_parameters=True,
            connect_args={"options": f"-c lock_timeout={WAIT_SECONDS * 1000}"},
        )


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
        hide_parameters=True,
        connect_args={"timeout": WAIT_SECONDS},
    )

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # A power cut may lose a few counts, but does no damage.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _prepare(engine: sa.Engine) -> None:
    """Make the table; of two processes at once, one makes it and the other finds it."""
    # Unlogged: counts need not outlive a crash of the server, and cost half as much.
    kind = "UNLOGGED TABLE" if engine.dialect.name == "postgresql" else "TABLE"
    with engine.connect() as connection:
        try:
            connection.execute(sa.text(f"CREATE {kind} IF NOT EXISTS {TABLE} ({_COLUMNS})"))
        except sa.exc.IntegrityError:
            connection.execute(_FIND, {"key": "", "now": 0.0})
