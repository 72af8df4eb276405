"""Commands on workshops, their organisations and their texts."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts.journal import record
from app.extensions import db
from app.outbox.compose import compose
from app.outbox.service import queue_mail
from app.refusals import ChangedMeanwhile, Refused
from app.workshops.consent_texts import DEFAULT_TEXTS
from app.workshops.locking import lock_workshop
from app.workshops.models import ConsentKind, ConsentText, Organisation, OrganisationKind, Workshop
from app.workshops.queries import (
    find_organisation_named,
    find_workshop,
    latest_consent_texts,
    texts_version,
)
from app.workshops.slugs import check_slug

# Days that a workshop may last beyond the first.
LONGEST = 13
ORGANISATIONS = Path(__file__).parent / "data" / "organisations.csv"
# What a new workshop may take over from an earlier one. Dates and deadlines are its own, and so is
# all that names the host (the contact, who is responsible, the legal texts): the next one may be
# another, and these pages are public at once. The desk's list of things to do asks for them.
_COPIED = (
    *("timezone", "place", "venue", "address", "travel"),
    *("access", "seats", "hold_hours", "has_waiting_list"),
    *("asks_accommodation", "asks_catering", "asks_travel", "agenda_is_private"),
    *("delete_gate_days", "delete_needs_days", "delete_contact_months"),
)
# What the journal tells with its values: neither long texts nor people to write to.
_TOLD = frozenset(
    {
        *("title", "starts_on", "ends_on", "timezone", "place", "venue", "host_name"),
        *("access", "seats", "hold_hours", "has_waiting_list"),
        *("agenda_is_private", "evening_event"),
        *("registration_opens_at", "registration_closes_at", "changes_until"),
        *("asks_accommodation", "asks_catering", "asks_travel"),
        *("delete_gate_days", "delete_needs_days", "delete_contact_months"),
    }
)
_ORDERED = ("starts_on", "ends_on", "registration_opens_at", "registration_closes_at")
_COPIED_OF_ORGANISATIONS = ("kind", "state", "name", "short_name", "mail_domains", "position")


class SlugTaken(Refused):
    """Another workshop has this address."""


class SeatsBelowTaken(Refused):
    """More seats are taken than the new number."""


class PeriodNotPossible(Refused):
    """The end does not follow the start, or it lasts too long."""


class OrganisationNameTaken(Refused):
    """Another organisation of the workshop has this name."""


class OrganisationInUse(Refused):
    """People are registered for it."""


class NoContact(Refused):
    """The workshop names no address to write to."""


def create_workshop(
    *,
    slug: str,
    title: str,
    starts_on: date,
    ends_on: date,
    copy_from: Workshop | None = None,
    **settings: Any,
) -> Workshop:
    """A new workshop with the usual organisations and texts, or those of an earlier one.

    Raises `SlugTaken`, `SlugNotAllowed` and `PeriodNotPossible`.
    """
    check_slug(slug)
    taken = SlugTaken(_("There is already a workshop with this address."), field="slug")
    if find_workshop(slug) is not None:
        raise taken
    _check_order(starts_on, ends_on)
    copied = {name: getattr(copy_from, name) for name in _COPIED} if copy_from else {}
    workshop = Workshop(
        slug=slug, title=title, starts_on=starts_on, ends_on=ends_on, **(copied | settings)
    )
    try:
        with db.session.begin_nested():
            db.session.add(workshop)
    except IntegrityError as error:  # somebody else was faster
        raise taken from error
    if copy_from is None:
        _add_usual(workshop)
    else:
        _copy(copy_from, workshop)
    db.session.flush()
    record("workshop.created", workshop_id=workshop.id, subject="workshop", subject_id=workshop.id)
    return workshop


def change_settings(workshop: Workshop, values: dict[str, Any], *, version: int) -> list[str]:
    """Change settings by their names; returns the names of those that changed.

    Raises `ChangedMeanwhile`, `PeriodNotPossible` and `SeatsBelowTaken`.
    """
    # Nobody takes a seat between the look at the seats and the new number.
    lock_workshop(workshop.id)
    if workshop.version != version:
        raise ChangedMeanwhile(
            _("Somebody else has changed these settings meanwhile. Check and save again.")
        )
    merged = {name: values.get(name, getattr(workshop, name)) for name in _ORDERED}
    _check_order(merged["starts_on"], merged["ends_on"])
    opens, closes = merged["registration_opens_at"], merged["registration_closes_at"]
    if opens is not None and closes is not None and closes <= opens:
        raise PeriodNotPossible(
            _("Registration must close after it opens."), field="registration_closes_at"
        )
    if values.get("seats", workshop.seats) < workshop.seats_taken:
        raise SeatsBelowTaken(
            _("%(taken)s seats are taken already.", taken=workshop.seats_taken), field="seats"
        )
    before = {name: getattr(workshop, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    for name in changed:
        setattr(workshop, name, values[name])
    db.session.flush()
    if changed:
        told = {n: [_as_json(before[n]), _as_json(values[n])] for n in changed if n in _TOLD}
        _note("workshop.settings_changed", workshop, changed, told)
    return changed


def rewrite_consents(
    workshop: Workshop, texts: dict[ConsentKind, str], *, version: int
) -> list[ConsentKind]:
    """New wordings are new versions; what people agreed to stays as it was.

    Raises `ChangedMeanwhile`.
    """
    lock_workshop(workshop.id)
    present = latest_consent_texts(workshop.id)
    if texts_version(present) != version:
        raise ChangedMeanwhile(
            _("Somebody else has changed these settings meanwhile. Check and save again.")
        )
    changed = [kind for kind, text in texts.items() if present[kind].text != text]
    for kind in changed:
        db.session.add(
            ConsentText(
                workshop_id=workshop.id,
                kind=kind,
                version=present[kind].version + 1,
                text=texts[kind],
            )
        )
    db.session.flush()
    if changed:
        _note("workshop.consent_text_changed", workshop, [kind.value for kind in changed])
    return changed


def add_organisation(workshop: Workshop, **values: Any) -> Organisation:
    """A further organisation, at the end of the list. Raises `OrganisationNameTaken`."""
    last = db.session.scalar(
        sa.select(sa.func.max(Organisation.position)).where(Organisation.workshop_id == workshop.id)
    )
    organisation = Organisation(
        workshop_id=workshop.id, position=0 if last is None else last + 1, **values
    )
    with _one_name(workshop.id, values["name"]):
        db.session.add(organisation)
    _note_organisation("organisation.added", organisation)
    return organisation


def change_organisation(organisation: Organisation, *, version: int, **values: Any) -> list[str]:
    """Change an organisation; returns the names of what changed.

    Raises `ChangedMeanwhile`, `OrganisationNameTaken`.
    """
    _check_version(organisation, version)
    before = {name: getattr(organisation, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    with _one_name(organisation.workshop_id, values["name"], besides=organisation.id):
        for name in changed:
            setattr(organisation, name, values[name])
    if changed:
        told = {name: [before[name], values[name]] for name in changed}
        _note_organisation("organisation.changed", organisation, told)
    return changed


def remove_organisation(organisation: Organisation, *, version: int) -> None:
    """Take an organisation off the list. Raises `ChangedMeanwhile`, `OrganisationInUse`."""
    _check_version(organisation, version)
    _note_organisation("organisation.removed", organisation)
    try:
        with db.session.begin_nested():
            # By the database's own rule: this feature knows nothing of registrations.
            db.session.execute(sa.delete(Organisation).where(Organisation.id == organisation.id))
    except IntegrityError as error:
        raise OrganisationInUse(
            _("People are registered for this organisation, so it stays in the list.")
        ) from error


def report_barrier(workshop: Workshop, *, where: str, description: str, email: str | None) -> None:
    """Mail to the organisers what somebody could not use. Raises `NoContact`."""
    if not workshop.contact_email:
        raise NoContact(_("The organisers have not named an address yet. See the imprint."))
    mail = compose(
        "workshops/mail/barrier",
        workshop=workshop,
        where=where,
        description=description,
        email=email,
    )
    queue_mail(
        workshop_id=workshop.id,
        recipient=workshop.contact_email,
        recipient_name=workshop.contact_name,
        reply_to=email,
        **mail._asdict(),
    )


def _check_order(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise PeriodNotPossible(_("The last day cannot be before the first."), field="ends_on")
    if (ends_on - starts_on).days > LONGEST:
        raise PeriodNotPossible(
            _("A workshop lasts at most %(days)s days.", days=LONGEST + 1), field="ends_on"
        )


def _add_usual(workshop: Workshop) -> None:
    with ORGANISATIONS.open(encoding="utf-8", newline="") as file:
        for position, row in enumerate(csv.DictReader(file)):
            db.session.add(
                Organisation(
                    workshop_id=workshop.id,
                    position=position,
                    kind=OrganisationKind(row["kind"]),
                    state=row["state"] or None,
                    name=row["name"],
                    short_name=row["short_name"],
                    mail_domains=row["mail_domains"],
                )
            )
    _add_texts(workshop, DEFAULT_TEXTS)


def _copy(earlier: Workshop, workshop: Workshop) -> None:
    for organisation in earlier.organisations:
        values = {name: getattr(organisation, name) for name in _COPIED_OF_ORGANISATIONS}
        db.session.add(Organisation(workshop_id=workshop.id, **values))
    present = latest_consent_texts(earlier.id)
    _add_texts(workshop, {kind: text.text for kind, text in present.items()})


def _add_texts(workshop: Workshop, texts: dict[ConsentKind, str]) -> None:
    for kind, text in texts.items():
        db.session.add(ConsentText(workshop_id=workshop.id, kind=kind, version=1, text=text))


def _check_version(organisation: Organisation, version: int) -> None:
    db.session.refresh(organisation, with_for_update={"key_share": True})
    if organisation.version != version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this organisation meanwhile. Check and save again.")
        )


@contextmanager
def _one_name(workshop_id: int, name: str, besides: int | None = None) -> Iterator[None]:
    """Save an organisation under a name that no other has, also if two do so at once."""
    _check_name(workshop_id, name, besides)
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        _check_name(workshop_id, name, besides)
        raise


def _check_name(workshop_id: int, name: str, besides: int | None = None) -> None:
    found = find_organisation_named(workshop_id, name)
    if found is not None and found.id != besides:
        raise OrganisationNameTaken(_("This organisation is in the list already."), field="name")


def _note(
    action: str,
    workshop: Workshop,
    changed: list[str],
    told: dict[str, list[Any]] | None = None,
) -> None:
    record(
        action,
        workshop_id=workshop.id,
        subject="workshop",
        subject_id=workshop.id,
        detail={"fields": changed, "changes": told or {}},
    )


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _note_organisation(
    action: str, organisation: Organisation, told: dict[str, list[Any]] | None = None
) -> None:
    record(
        action,
        workshop_id=organisation.workshop_id,
        subject="organisation",
        subject_id=organisation.id,
        detail={"name": organisation.name} | ({"changes": told} if told else {}),
    )
