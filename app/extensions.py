"""The Flask extensions and the database's own rules. Imports no feature of app/."""

import enum
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask, has_request_context, request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase

from app.queue_storage import BlackHoleStorage, Huey, open_storage
from config import CannotStart

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=_Base, disable_autonaming=True)
if TYPE_CHECKING:
    Model = _Base
else:
    Model = db.Model


def _no_key() -> str:
    raise LookupError("limits are declared with app.web.limits, which keeps addresses secret")


csrf = CSRFProtect()
babel = Babel()
security = Security()
limiter = Limiter(
    key_func=_no_key,
    headers_enabled=False,
    # Should Redis be lost: counted in memory. Our own storage sees to that by itself.
    in_memory_fallback_enabled=True,
    swallow_errors=True,
)
# Tasks are declared on this object at import; create_app gives it its real storage.
jobs = Huey("tagungsbuero", storage_class=BlackHoleStorage, results=False)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


class Instant(sa.types.TypeDecorator[datetime]):
    """A UTC instant; always read back with its zone, which SQLite does not keep by itself."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value.astimezone(UTC) if value else None
        return value.replace(tzinfo=UTC)


def stored_enum(kind: type[enum.StrEnum], name: str) -> sa.Enum:
    """A column type for an enum: its values as text, checked by the database."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


def init_database(app: Flask) -> None:
    """Connect to the database with the rules that it must keep."""
    url = sa.make_url(app.config["DATABASE_URL"])
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    app.config["SQLALCHEMY_DATABASE_URI"] = url.render_as_string(hide_password=False)
    options: dict[str, Any] = app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {})
    options.setdefault("pool_pre_ping", url.get_backend_name() == "postgresql")
    options.setdefault("hide_parameters", True)  # errors are logged; names and addresses are not
    db.init_app(app)
    with app.app_context():
        event.listen(db.engine, "handle_error", _keep_values_out_of_logs)
        if url.get_backend_name() == "sqlite":
            _keep_sqlite_rules(db.engine)


def _keep_values_out_of_logs(context: sa.engine.ExceptionContext) -> None:
    """Errors are logged: keep the line that says what is wrong.

    PostgreSQL adds the row concerned in further lines, with names and addresses.
    """
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _keep_sqlite_rules(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "busy_timeout=20000",
            "synchronous=FULL",  # a confirmed registration survives a power cut
            "secure_delete=ON",  # what is deleted is overwritten, not only let go
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A transaction that will write takes the write lock first, so that what it has read
        # cannot change under it; pages that only read never wait, nor does a backup.
        reads = connection.get_execution_options().get("only_reads", False) or (
            has_request_context() and request.method in SAFE_METHODS
        )
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def init_jobs(app: Flask) -> None:
    """Give the job queue its storage: SQLite, Redis or PostgreSQL by the URL's scheme."""
    jobs.application = app
    url = app.config["QUEUE_URL"]
    try:
        jobs.storage = open_storage(url, jobs.name)
    except Exception as error:  # each kind of storage has its own
        told = str(error).partition("\n")[0]
        raise CannotStart(f"QUEUE_URL: the queue cannot be used: {told}") from None
