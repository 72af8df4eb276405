"""Commands of the desk that concern a workshop and the people registered for it."""

import pytest
import sqlalchemy as sa

from app.desk.service import change_organisation
from app.extensions import db
from app.refusals import ChangedMeanwhile
from app.registration.models import Registration
from app.workshops.models import Organisation, Workshop
from tests.factories import make_registration


def _rename(organisation: Organisation, name: str, version: int | None = None) -> None:
    change_organisation(
        organisation,
        version=organisation.version if version is None else version,
        name=name,
        short_name=organisation.short_name,
        kind=organisation.kind,
        state=organisation.state,
        mail_domains=organisation.mail_domains,
    )


def _found_by(word: str) -> list[Registration]:
    query = sa.select(Registration).where(Registration.search_text.contains(word))
    return list(db.session.scalars(query.order_by(Registration.id)))


def test_the_people_of_a_renamed_organisation_are_found_by_its_new_name(
    workshop: Workshop,
) -> None:
    first, second = workshop.organisations[:2]
    people = [
        make_registration(workshop, organisation_id=organisation.id)
        for organisation in (first, second, first)
    ]

    _rename(first, "Landespolizei Überall")

    assert _found_by("landespolizei ueberall") == [people[0], people[2]]


def test_a_name_that_was_refused_finds_nobody(workshop: Workshop) -> None:
    organisation = workshop.organisations[0]
    make_registration(workshop, organisation_id=organisation.id)

    with pytest.raises(ChangedMeanwhile):
        _rename(organisation, "Landespolizei Überall", version=organisation.version - 1)

    assert _found_by("landespolizei ueberall") == []
