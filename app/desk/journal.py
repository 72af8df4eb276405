"""The journal in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.accounts.models import JournalEntry
from app.extensions import db
from app.registration.models import Registration

# What happened, said without a name: the name stands beside it.
ACTIONS = {
    "account.created": _l("Account created"),
    "agenda.released": _l("Agenda published"),
    "agenda.restored": _l("Earlier release restored as draft"),
    "agenda.withdrawn": _l("Agenda withdrawn"),
    "agenda.room_added": _l("Room added"),
    "agenda.room_changed": _l("Room changed"),
    "agenda.room_deleted": _l("Room deleted"),
    "agenda.session_added": _l("Session added"),
    "agenda.session_changed": _l("Session changed"),
    "agenda.session_deleted": _l("Session deleted"),
    "agenda.session_moved": _l("Session moved"),
    "agenda.session_restored": _l("Change to a session undone or redone"),
    "agenda.topic_added": _l("Topic added"),
    "agenda.topic_changed": _l("Topic changed"),
    "agenda.topic_deleted": _l("Topic deleted"),
    "badges.printed": _l("Badges printed"),
    "badges.reset": _l("Badges count as not printed"),
    "contribution.accepted": _l("Proposal accepted"),
    "contribution.changed": _l("Proposal changed"),
    "contribution.declined": _l("Proposal declined"),
    "contribution.submitted": _l("Proposal submitted"),
    "contribution.withdrawn": _l("Proposal withdrawn"),
    "contributions.call_changed": _l("Call for contributions changed"),
    "mail.sent_again": _l("E-mail sent again"),
    "mail.sent_now": _l("E-mail sent at once"),
    "organisation.added": _l("Organisation added"),
    "organisation.changed": _l("Organisation changed"),
    "organisation.removed": _l("Organisation removed"),
    "privacy.deleted": _l("Data deleted whose period is over"),
    "registration.added": _l("Added by the desk"),
    "registration.address_changed": _l("New e-mail address confirmed"),
    "registration.address_proved": _l("E-mail address confirmed"),
    "registration.approved": _l("Approved"),
    "registration.cancelled": _l("Cancelled"),
    "registration.changed": _l("Details changed"),
    "registration.consent_withdrawn": _l("Consent withdrawn"),
    "registration.created": _l("Registered"),
    "registration.declined": _l("Declined"),
    "registration.link_sent": _l("Personal link sent by the desk"),
    "registration.expired": _l("Expired: not confirmed in time"),
    "registration.organisation_assigned": _l("Organisation assigned"),
    "registration.promoted": _l("Moved up from the waiting list"),
    "registration.released": _l("Held seat given back by the desk"),
    "registration.seated": _l("Given a seat by the desk"),
    "speakers.changed": _l("Speaker changed"),
    "speakers.confirmed": _l("Slot confirmed by a speaker"),
    "speakers.deleted": _l("Speaker deleted"),
    "speakers.file_added": _l("File added"),
    "speakers.file_deleted": _l("File deleted"),
    "speakers.file_replaced": _l("File replaced"),
    "speakers.file_shared": _l("File shared with participants"),
    "speakers.file_unshared": _l("File shared only after the session"),
    "speakers.invited": _l("Link sent to a speaker"),
    "speakers.linked": _l("Speaker linked with a registration"),
    "speakers.merged": _l("Two entries of a speaker joined"),
    "speakers.objected": _l("Slot does not suit a speaker"),
    "speakers.settled": _l("Note of a speaker settled"),
    "speakers.text_changed": _l("Text corrected by a speaker"),
    "speakers.unlinked": _l("Speaker's link with a registration undone"),
    "signup.added": _l("Added to a session's list by the desk"),
    "signup.advanced": _l("Put first on a session's waiting list by the desk"),
    "signup.distributed": _l("Seats given by wishes"),
    "signup.removed": _l("Taken off a session's list by the desk"),
    "workshop.consent_text_changed": _l("Wording of a consent changed"),
    "workshop.created": _l("Workshop created"),
    "workshop.settings_changed": _l("Settings changed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is read. `person` is named where the entry concerns somebody."""

    at: datetime
    what: str
    who: str
    registration_id: int | None
    person: str


def lines(entries: Sequence[JournalEntry]) -> list[Line]:
    """The entries in words, with the names of the people they concern (one query)."""
    ids = {e.subject_id for e in entries if e.subject == "registration" and e.subject_id}
    names: dict[int, str] = {}
    if ids:
        rows = db.session.execute(
            sa.select(Registration.id, Registration.first_name, Registration.last_name).where(
                Registration.id.in_(ids)
            )
        )
        names = {row.id: f"{row.first_name} {row.last_name}" for row in rows}
    return [_line(entry, names) for entry in entries]


def _line(entry: JournalEntry, names: dict[int, str]) -> Line:
    concerned = entry.subject_id if entry.subject == "registration" else None
    what: Any = ACTIONS.get(entry.action, entry.action)
    account = entry.account
    return Line(
        at=entry.at,
        what=str(what),
        who=(account.name or account.email) if account else "",
        registration_id=concerned if concerned in names else None,
        person=names.get(concerned, "") if concerned else "",
    )
