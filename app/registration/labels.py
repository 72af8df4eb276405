"""The words that people read for the values of a registration."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.registration.models import Arrival, Diet, ParticipantRole, Salutation, Status
from app.workshops.models import ConsentKind, OrganisationKind

STATUSES: Mapping[Status, Any] = {
    Status.HELD: _l("Seat held, not confirmed"),
    Status.CONFIRMED: _l("Confirmed"),
    Status.WAITING: _l("Waiting list"),
    Status.UNPROVED: _l("Not confirmed, no seat"),
    Status.PENDING: _l("Waits for approval"),
    Status.CANCELLED: _l("Cancelled"),
    Status.EXPIRED: _l("Expired, not confirmed"),
    Status.DECLINED: _l("Declined"),
}
SALUTATIONS: Mapping[Salutation, Any] = {
    Salutation.NONE: _l("Not specified"),
    Salutation.MS: _l("Ms"),
    Salutation.MR: _l("Mr"),
}
ROLES: Mapping[ParticipantRole, Any] = {
    ParticipantRole.PARTICIPANT: _l("Participant"),
    ParticipantRole.SPEAKER: _l("Speaker"),
    ParticipantRole.PRESS: _l("Press"),
    ParticipantRole.ORGANISER: _l("Organisers' team"),
}
ARRIVALS: Mapping[Arrival, Any] = {
    Arrival.UNKNOWN: _l("Not known yet"),
    Arrival.RAIL: _l("By rail"),
    Arrival.CAR: _l("By car"),
    Arrival.OTHER: _l("By other means"),
}
DIETS: Mapping[Diet, Any] = {
    Diet.NONE: _l("No special wish"),
    Diet.VEGETARIAN: _l("Vegetarian"),
    Diet.VEGAN: _l("Vegan"),
    Diet.NO_PORK: _l("Without pork"),
}
CONSENTS: Mapping[ConsentKind, Any] = {
    ConsentKind.LISTING: _l("Participant list"),
    ConsentKind.PHOTOS: _l("Photos and films"),
    ConsentKind.NEEDS: _l("Food and accessibility"),
    ConsentKind.MAILING: _l("Later invitations"),
}
ORGANISATION_KINDS: Mapping[OrganisationKind, Any] = {
    OrganisationKind.STATE_POLICE: _l("State police forces"),
    OrganisationKind.FEDERAL_POLICE: _l("Federal police"),
    OrganisationKind.CUSTOMS: _l("Customs"),
    OrganisationKind.MINISTRY: _l("Ministries of the interior"),
    OrganisationKind.OTHER: _l("Others"),
}
