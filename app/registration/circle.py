"""The organisers' side of a closed circle: approvals, and organisations that were typed.

The address is proved first and the approval comes second: so nobody fills the organisers' list
with invented people, and the answer reaches the one who asked.
"""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.extensions import db
from app.registration import mails
from app.registration.details import index_name
from app.registration.leaving import leave
from app.registration.models import Registration, Status
from app.registration.places import check_address_free, lock, note, seek_place, tell_place
from app.registration.queries import list_with_typed_organisation
from app.registration.refusals import NotActive
from app.workshops.models import Organisation


def approve(registration: Registration) -> None:
    """Let somebody in, also after a refusal: on a seat, or on the waiting list.

    Raises `NotActive` if there is nothing to approve, `AddressTaken` if the person has registered
    anew since they were declined, `WorkshopFull`.
    """
    workshop = lock(registration)
    if registration.status is Status.DECLINED:
        check_address_free(workshop.id, registration.email)
    else:
        _check_pending(registration)
    seek_place(registration, workshop)
    db.session.flush()
    note("registration.approved", registration)
    tell_place(registration, approved=True)


def decline(registration: Registration, reason: str = "") -> None:
    """Do not let somebody in; the reason, if any, stands in the mail. Raises `NotActive`."""
    lock(registration)
    _check_pending(registration)
    registration.status = Status.DECLINED
    db.session.flush()
    note("registration.declined", registration)
    mails.declined(registration, reason=reason)
    leave(registration)


def assign_organisation(organisation: Organisation, typed: str) -> Sequence[Registration]:
    """Put an organisation of the list in place of what people typed. Returns whose it was."""
    people = list_with_typed_organisation(organisation.workshop_id, typed)
    for registration in people:
        registration.organisation_id = organisation.id
        registration.other_organisation = ""
        db.session.expire(registration, ["organisation"])
        index_name(registration)
        db.session.flush()
        note("registration.organisation_assigned", registration, ["organisation_id"])
    return people


def _check_pending(registration: Registration) -> None:
    if registration.status is not Status.PENDING:
        raise NotActive(_("This registration does not wait for an approval any more."))
