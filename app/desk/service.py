"""Commands that concern a workshop and the people registered for it."""

from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.agenda.models import AgendaSession
from app.extensions import db
from app.refusals import Refused
from app.registration.details import index_name
from app.registration.models import CURRENT, Registration, RegistrationDay
from app.registration.seats import promote_next
from app.workshops import service as workshops
from app.workshops.models import Organisation, Workshop


class DayInUse(Refused):
    """People or sessions are on a day that would fall away."""


def change_workshop(workshop: Workshop, values: dict[str, Any], *, version: int) -> list[str]:
    """Change settings; those who wait move up to new seats. Returns the names of what changed.

    Raises `DayInUse` and what `change_settings` raises.
    """
    changed = workshops.change_settings(workshop, values, version=version)
    if {"starts_on", "ends_on"} & set(changed):
        _check_days(workshop)
    if "seats" in changed:
        promote_next(workshop)
    return changed


def change_organisation(organisation: Organisation, *, version: int, **values: Any) -> list[str]:
    """Change an organisation; its people are found by what it is called now.

    Returns and raises what the workshop's own `change_organisation` does.
    """
    changed = workshops.change_organisation(organisation, version=version, **values)
    people = sa.select(Registration).where(Registration.organisation_id == organisation.id)
    for registration in db.session.scalars(people):
        index_name(registration)
    db.session.flush()
    return changed


def _check_days(workshop: Workshop) -> None:
    first, last = workshop.starts_on, workshop.ends_on
    registered = sa.exists().where(
        RegistrationDay.registration_id == Registration.id,
        Registration.workshop_id == workshop.id,
        Registration.status.in_(CURRENT),
        sa.or_(RegistrationDay.on < first, RegistrationDay.on > last),
    )
    if db.session.scalar(sa.select(registered)):
        raise DayInUse(
            _("People are registered for a day that would fall away."), field="starts_on"
        )
    begins = datetime.combine(first, time(), workshop.zone)
    ends = datetime.combine(last + timedelta(days=1), time(), workshop.zone)
    planned = sa.exists().where(
        AgendaSession.workshop_id == workshop.id,
        sa.or_(AgendaSession.starts_at < begins, AgendaSession.starts_at >= ends),
    )
    if db.session.scalar(sa.select(planned)):
        raise DayInUse(
            _("There are sessions on a day that would fall away. Move or delete them first."),
            field="starts_on",
        )
