"""The migrations make exactly the schema that the models describe, and undo it again."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from app.agenda.releases.service import find_released_agenda
from app.extensions import db
from app.outbox.models import Message
from app.registration.models import Registration, Status
from app.web.mail_addresses import canonical_address
from app.workshops.models import Access, Workshop


def describe_schema() -> dict[str, Any]:
    """What the database says of its tables, as values that compare."""
    inspector = sa.inspect(db.engine)
    return {
        table: {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], c["default"])
                for c in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": _sorted(inspector.get_foreign_keys(table)),
            "unique": _sorted(inspector.get_unique_constraints(table)),
            "checks": _sorted(inspector.get_check_constraints(table)),
            "indexes": _sorted(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _sorted(constraints: Any) -> list[str]:
    """Constraints in an order of their own, with white space folded."""
    return sorted(
        re.sub(r"\s+", " ", str(sorted((k, _told(v)) for k, v in found.items())))
        for found in constraints
    )


def _told(value: Any) -> str:
    """A value as text; the condition of a partial index is an object that knows its SQL."""
    if isinstance(value, dict):
        return str(sorted((k, str(v)) for k, v in value.items()))
    return str(value)


def test_models_and_migrations_agree(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_database_is_the_same_from_models_and_from_migrations(empty_app: Flask) -> None:
    # Alembic's comparison does not look at check constraints; the databases' own words do.
    upgrade()
    migrated = describe_schema()
    downgrade(revision="base")
    db.create_all()
    assert migrated.keys() == db.metadata.tables.keys()
    assert migrated == describe_schema()


def test_down_to_nothing_and_up_again(empty_app: Flask) -> None:
    upgrade()
    full = describe_schema()
    downgrade(revision="base")
    assert describe_schema() == {}
    upgrade()
    assert describe_schema() == full


def test_sqlite_keeps_its_foreign_keys_after_a_migration(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_every_constraint_has_a_name() -> None:
    # A constraint without a name cannot be dropped by a later migration.
    nameless = [
        f"{table.name}: {constraint!r}"
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert nameless == []


def test_a_published_agenda_outlives_the_second_migration(empty_app: Flask) -> None:
    upgrade(revision="0001")
    moment = datetime(2026, 12, 4, 8, 30, tzinfo=UTC)
    with db.engine.begin() as connection:
        old = sa.MetaData()
        old.reflect(connection)
        tables = old.tables
        _insert(connection, tables["workshops"], **WORKSHOP, agenda_released_at=moment)
        _insert(connection, tables["rooms"], id=5, workshop_id=1, name="Saal")
        _insert(
            *(connection, tables["agenda_sessions"]),
            id=7,
            workshop_id=1,
            room_id=5,
            kind="talk",
            uid="u-7",
            version=3,
            title="Lage",
            speakers="Jana Öz, LKA; Ole Brandt",
            starts_at=moment,
            ends_at=moment + timedelta(hours=1),
        )
    upgrade()
    workshop = db.session.get_one(Workshop, 1)
    agenda = find_released_agenda(workshop)
    assert agenda is not None
    (slot,) = agenda.days[0].slots
    assert (slot.title, slot.room, slot.sequence) == ("Lage", "Saal", 3)
    assert slot.starts == moment
    assert slot.speaker_names == "Jana Öz, LKA; Ole Brandt"
    db.session.remove()
    downgrade(revision="0001")
    with db.engine.connect() as connection:
        text = connection.execute(sa.text("SELECT speakers FROM agenda_sessions")).scalar()
    assert text == "Jana Öz, LKA; Ole Brandt"


def test_addresses_get_their_one_form(empty_app: Flask) -> None:
    upgrade(revision="0002")
    with db.engine.begin() as connection:
        old = sa.MetaData()
        old.reflect(connection)
        contact = "Kontakt@XN--STRAE-OQA.example"
        _insert(connection, old.tables["workshops"], **WORKSHOP, contact_email=contact)
        _insert(
            *(connection, old.tables["organisations"]),
            id=1,
            workshop_id=1,
            kind="other",
            name="Köln",
            mail_domains="xn--polizei-kln-zfb.example polizei.example a_b",
        )
        for number, email in enumerate(ADDRESSES, 1):
            _insert(connection, old.tables["speakers"], id=number, workshop_id=1, email=email)
    upgrade()
    assert _stored("speakers", "email") == list(ADDRESSES.values())
    assert _stored("workshops", "contact_email") == ["kontakt@straße.example"]
    assert _stored("workshops", "sender_name") == [""]
    domains = "polizei-köln.example polizei.example a_b"
    assert _stored("organisations", "mail_domains") == [domains]
    for before, after in ADDRESSES.items():
        if "@" in before and not before.startswith("ž"):
            assert canonical_address(before) == after
    downgrade(revision="0002")
    domains = "xn--polizei-kln-zfb.example polizei.example a_b"
    assert _stored("organisations", "mail_domains") == [domains]


ADDRESSES = {
    "": "",
    "kim@example.org": "kim@example.org",
    "kim@straße.example": "kim@straße.example",
    "kim@bка.example": "kim@xn--b-8sb3a.example",
    "žofia@example.org": "žofia@example.org",
}


def _stored(table: str, column: str) -> list[Any]:
    with db.engine.connect() as connection:
        named = sa.table(table, sa.column("id"), sa.column(column))
        return list(connection.scalars(sa.select(named.c[column]).order_by(named.c.id)))


def test_people_and_workshops_outlive_the_closed_circle(empty_app: Flask) -> None:
    upgrade(revision="0002")
    moment = datetime(2026, 12, 4, 8, 30, tzinfo=UTC)
    person: dict[str, Any] = {
        "workshop_id": 1,
        "other_organisation": "Amt",
        "first_name": "A",
        "last_name": "B",
    }
    with db.engine.begin() as connection:
        old = sa.MetaData()
        old.reflect(connection)
        tables = old.tables
        _insert(connection, tables["workshops"], **WORKSHOP)
        for number, proved in ((1, None), (2, moment)):
            _insert(
                *(connection, tables["registrations"]),
                id=number,
                email=f"p{number}@example.org",
                salutation="none",
                role="participant",
                arrival="unknown",
                status="waiting",
                queue_number=number,
                address_proved_at=proved,
                hold_until=None if proved else moment,
                **person,
            )
    upgrade()
    # Nothing changes unasked: whoever could register still can, and who waits keeps the order.
    assert db.session.get_one(Workshop, 1).access is Access.OPEN
    people = db.session.scalars(sa.select(Registration).order_by(Registration.id)).all()
    assert [(p.status, p.queue_number) for p in people] == [
        (Status.UNPROVED, None),
        (Status.WAITING, 2),
    ]
    people[1].status, people[1].queue_number = Status.PENDING, None
    db.session.commit()
    db.session.remove()
    downgrade(revision="0002")
    with db.engine.connect() as connection:
        left = connection.execute(sa.text("SELECT status FROM registrations ORDER BY id"))
        assert left.scalars().all() == ["expired", "expired"]


def test_people_and_mails_from_before_are_found_in_every_form(empty_app: Flask) -> None:
    upgrade(revision="0002")
    with db.engine.begin() as connection:
        old = sa.MetaData()
        old.reflect(connection)
        _insert(connection, old.tables["workshops"], **WORKSHOP)
        _insert(
            *(connection, old.tables["registrations"]),
            id=3,
            workshop_id=1,
            first_name="ʿAlī",
            last_name="Sørensen",
            email="a@example.org",
            other_organisation="Åby",
            status="held",
            salutation="none",
            role="participant",
            arrival="unknown",
        )
        _insert(
            *(connection, old.tables["outbox_messages"]),
            id=4,
            recipient="a@example.org",
            recipient_name="Jörg",
            state="waiting",
        )
    upgrade()
    person = db.session.get_one(Registration, 3)
    assert person.sort_key == "sorensen  ali"
    assert person.search_text == "ali sorensen soerensen aexampleorg aby aaby"
    assert db.session.get_one(Message, 4).search_text == "aexampleorg joerg jorg"
    db.session.remove()
    downgrade(revision="0002")


WORKSHOP = {"id": 1, "slug": "alt", "timezone": "Europe/Berlin", "hold_hours": 48}


def _insert(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    """A row with something that fits in every column that must have a value."""
    fillers: dict[type, Any] = {str: "", int: 0, bool: False, date: date(2026, 12, 4)}
    fillers[datetime] = datetime(2026, 1, 1, tzinfo=UTC)
    fitting = {
        c.name: fillers[c.type.python_type]
        for c in table.columns
        if not c.nullable and c.server_default is None
    }
    connection.execute(table.insert().values({**fitting, **values}))
