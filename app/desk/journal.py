"""The journal in words, on a page of its own, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.journal import count_entries, list_entries
from app.accounts.models import JournalEntry
from app.accounts.rights import Right
from app.desk.blueprint import bp
from app.desk.changes import changes_in_words
from app.extensions import db
from app.registration.models import Registration
from app.web.access import needs
from app.web.paging import turn_to
from app.workshops.current import current_workshop

PAGE = 50

# What happened, said without a name: the name stands beside it.
ACTIONS = {
    "account.role_changed": _l("Role of an account changed"),
    "account.role_ended": _l("Role of an account ended"),
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
    "mail.sent_again": _l("Copy of an e-mail requested"),
    "mail.sent_now": _l("E-mail requested at once"),
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
    "registration.link_sent": _l("Personal link requested by the desk"),
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
    "speakers.invited": _l("Link requested for a speaker"),
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
class JournalLine:
    """An entry as it is read.

    `person` is named where the entry concerns somebody, `thing` where it concerns one of several
    sessions, rooms and so on; `changes`: from what to what.
    """

    at: datetime
    what: str
    who: str
    registration_id: int | None
    person: str
    thing: str
    changes: tuple[str, ...]


@bp.get("/<slug>/desk/journal")
@needs(Right.SEE_JOURNAL)
def journal() -> str:
    """Who did what, when: the whole journal of the workshop, the latest first."""
    asked = request.args.get("page", 1, type=int)
    at = turn_to(asked, total=count_entries(current_workshop.id), size=PAGE)
    entries = list_entries(workshop_id=current_workshop.id, limit=PAGE, offset=at.offset)
    return render_template(
        "desk/journal.html",
        journal=lines(entries, current_workshop.zone),
        page=at.page,
        pages=at.pages,
    )


def lines(entries: Sequence[JournalEntry], zone: ZoneInfo) -> list[JournalLine]:
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
    return [_line(entry, names, zone) for entry in entries]


def _line(entry: JournalEntry, names: dict[int, str], zone: ZoneInfo) -> JournalLine:
    concerned = entry.subject_id if entry.subject == "registration" else None
    what: Any = ACTIONS.get(entry.action, entry.action)
    return JournalLine(
        at=entry.at,
        what=str(what),
        who=_who(entry),
        registration_id=concerned if concerned in names else None,
        person=names.get(concerned, "") if concerned else "",
        thing=str(entry.detail.get("name", "")),
        changes=changes_in_words(entry, zone),
    )


def _who(entry: JournalEntry) -> str:
    if entry.by_deleted_account:
        return str(_("deleted account"))
    return (entry.account.name or entry.account.email) if entry.account else ""
