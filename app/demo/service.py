"""Loads the demonstration into the database, by the commands that people use."""

import math
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_security import hash_password

from app.accounts.models import Account, JournalEntry, Role
from app.accounts.service import create_account
from app.demo.people import from_elsewhere, invent_people, mail_domain
from app.demo.programme import write_programme
from app.demo.taking_part import link_speakers, propose, take_part
from app.demo.workshop import OPEN_FOR, SLUG, TEXTS, ZONE, coming_days, deadlines, evening_event
from app.extensions import Model, db, now
from app.outbox.models import Message, MessageState
from app.refusals import Refused
from app.registration import service as registrations
from app.registration.details import Details
from app.registration.models import Consent, ParticipantRole, Registration, Status
from app.registration.queries import find_current_by_email
from app.workshops.models import Workshop
from app.workshops.queries import find_workshop
from app.workshops.service import create_workshop

# Of a hundred people, so many have not proved their address yet, and have cancelled.
_UNPROVED, _CANCELLED = 6, 4
# So many register themselves, with all their mails. A load test beyond needs no mails.
_THEMSELVES = 500
# No letters or digits that are mistaken for each other when a password is typed off.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class AlreadyLoaded(Refused):
    """The demonstration is in the database."""


@dataclass(frozen=True)
class Login:
    """An account of the demonstration."""

    email: str
    password: str
    role: Role


def load_demo(count: int, seed: int, seats: int | None = None) -> list[Login]:
    """The Leipzig workshop with invented people and two accounts.

    Without `seats` there is room for all and some more. Raises `AlreadyLoaded`.
    """
    if find_workshop(SLUG) is not None:
        raise AlreadyLoaded(_("There is already a workshop '%(slug)s'.", slug=SLUG))
    first, last = coming_days()
    workshop = create_workshop(
        slug=SLUG,
        starts_on=first,
        ends_on=last,
        seats=max(80, count * 8 // 7) if seats is None else seats,
        evening_event=evening_event(first),
        **deadlines(first),
        **TEXTS,
    )
    for organisation in workshop.organisations:
        # The real ones too, so that whoever tries the form from one of them comes in.
        organisation.mail_domains = f"{mail_domain(organisation)} {organisation.mail_domains}"
    # Invented people are no secret, and the same seed must give the same ones.
    random = Random(seed)  # noqa: S311
    invented = invent_people(count, workshop.organisations, workshop.days, random)
    people = from_elsewhere(list(invented))
    moments = _register(workshop, people, random)
    speakers = _speakers(workshop)
    write_programme(workshop, list(speakers))
    link_speakers(workshop, speakers)
    take_part(workshop)
    organiser, login = _add_login(
        workshop, "orga@leipzig.example", "Organisationsteam", Role.ORGANISER
    )
    propose(workshop, organiser)
    _put_back_clock(workshop, moments)
    _staff, staff_login = _add_login(workshop, "einlass@leipzig.example", "Einlassteam", Role.STAFF)
    return [login, staff_login]


def keep_logins(logins: list[Login], path: Path) -> None:
    """Write the log-ins where only this system's user can read them."""
    lines = [f"{login.role.value}\t{login.email}\t{login.password}\n" for login in logins]
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(lines)


def _register(workshop: Workshop, people: Sequence[Details], random: Random) -> dict[str, datetime]:
    """Everybody registers in turn. Returns when it shall have been, by address."""
    order = random.sample(range(len(people)), len(people))
    unproved = len(people) * _UNPROVED // 100
    cancelled = len(people) * _CANCELLED // 100
    moments: dict[str, datetime] = {}
    for place, number in enumerate(order):
        details = people[number]
        left = len(people) - place  # the last ones have not proved their address yet
        moments[details.email] = _moment(left, len(people), unproved, random)
        waits = details.organisation_id is None  # for the organisers' approval
        if unproved < left <= len(people) - _THEMSELVES and not waits:
            full = workshop.seats_free <= 0
            registrations.add_by_desk(workshop, details, on_waiting_list=full, notify=False)
            continue
        registrations.register(workshop, details)
        if left > unproved or waits:
            _prove(workshop, details.email, cancel=place < cancelled and not waits)
    return moments


def _prove(workshop: Workshop, email: str, *, cancel: bool) -> None:
    registration = find_current_by_email(workshop.id, email)
    if registration is not None:
        registrations.prove_address(registration)
        if cancel:
            registrations.cancel(registration)


def _moment(left: int, count: int, unproved: int, random: Random) -> datetime:
    """When somebody registered: those whose seat is still held, within the last two days."""
    if left <= unproved:
        return now() - timedelta(hours=40 * left / max(unproved, 1), minutes=random.randrange(50))
    # More people come in the first weeks; nobody before the door opened.
    share = math.pow((left - unproved) / count, 1.3)
    past = (OPEN_FOR - timedelta(days=6)) * share
    moment = now().astimezone(ZONE) - timedelta(days=3) - past
    moment -= timedelta(days=max(0, moment.weekday() - 4))  # people register at work
    return moment.replace(hour=random.randrange(8, 17), minute=random.randrange(60))


def _put_back_clock(workshop: Workshop, moments: dict[str, datetime]) -> None:
    """As if it had taken weeks: all traces move to the moments, and all mails count as sent."""
    rows = db.session.execute(
        sa.select(
            Registration.id,
            Registration.email,
            Registration.address_proved_at,
            Registration.hold_until,
            Registration.cancelled_at,
        ).where(Registration.workshop_id == workshop.id)
    ).all()
    by_id = {row.id: moments[row.email] for row in rows}
    opened = workshop.registration_opens_at
    held = timedelta(hours=workshop.hold_hours)
    _write(
        Registration,
        [
            {
                "key": row.id,
                "created_at": by_id[row.id],
                "updated_at": by_id[row.id],
                "address_proved_at": by_id[row.id] if row.address_proved_at else None,
                "hold_until": by_id[row.id] + held if row.hold_until else None,
                "cancelled_at": by_id[row.id] if row.cancelled_at else None,
            }
            for row in rows
        ],
    )
    given = db.session.execute(
        sa.select(Consent.id, Consent.registration_id)
        .join(Registration, Registration.id == Consent.registration_id)
        .where(Registration.workshop_id == workshop.id)
    )
    _write(Consent, [{"key": consent, "given_at": by_id[owner]} for consent, owner in given])
    entries = db.session.execute(
        sa.select(JournalEntry.id, JournalEntry.subject, JournalEntry.subject_id).where(
            JournalEntry.workshop_id == workshop.id
        )
    )
    # The workshop itself and its programme were there before the first registration.
    _write(
        JournalEntry,
        [
            {"key": e.id, "at": by_id[e.subject_id] if e.subject == "registration" else opened}
            for e in entries
        ],
    )
    mails = db.session.execute(
        sa.select(Message.id, Message.recipient).where(Message.workshop_id == workshop.id)
    ).all()
    _write(
        Message,
        [
            {
                "key": mail.id,
                "created_at": moments[mail.recipient],
                "sent_at": moments[mail.recipient],
                "state": MessageState.SENT,
                "kept_as_file": True,  # nobody was ever written to
                "attempts": 1,
            }
            for mail in mails
        ],
    )
    db.session.expire_all()


def _write(model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Many rows by their number, past the version column: nobody else is there yet."""
    if rows:
        table = Model.metadata.tables[model.__tablename__]
        names = [name for name in rows[0] if name != "key"]
        update = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("key"))
            .values({name: sa.bindparam(name) for name in names})
        )
        db.session.connection().execute(update, rows)


def _speakers(workshop: Workshop) -> dict[str, Registration]:
    """Those who speak, by what the agenda shall say of them."""
    speakers = db.session.scalars(
        sa.select(Registration)
        .where(
            Registration.workshop_id == workshop.id,
            Registration.role == ParticipantRole.SPEAKER,
            Registration.status == Status.CONFIRMED,
        )
        .order_by(Registration.id)
    )
    return {f"{one.titled_name}, {one.organisation_name}": one for one in speakers}


def _add_login(workshop: Workshop, email: str, name: str, role: Role) -> tuple[Account, Login]:
    account = create_account(email, role, workshop.id, name)
    groups = ("".join(secrets.choice(_READABLE) for _n in range(4)) for _group in range(4))
    login = Login(email, "-".join(groups), role)
    account.password = hash_password(login.password)
    db.session.flush()
    return account, login
