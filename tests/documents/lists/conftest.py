"""A workshop in December, and who comes to it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.registration.models import Arrival, Diet, Status
from app.workshops.models import Workshop
from tests.documents.lists.reading import FIRST, NEEDS, SECOND
from tests.factories import make_registration, make_workshop


@pytest.fixture
def workshop(ctx: Flask) -> Workshop:
    """On two days in December, with an evening."""
    return make_workshop(
        starts_on=FIRST, ends_on=SECOND, evening_event="Abendessen im Ratskeller", seats=100
    )


@pytest.fixture
def people(workshop: Workshop) -> None:
    """Three who come, two of them by car or to the hotel, and some who do not come."""
    add = make_registration
    add(
        workshop,
        first_name="Anna",
        last_name="Öhler",
        phone="+49 341 123",
        days=(FIRST, SECOND),
        evening_event=True,
        arrival=Arrival.CAR,
        vehicle_plate="L-PS 110",
        room_from=FIRST - timedelta(1),
        room_until=SECOND,
        diet=Diet.VEGAN,
        intolerances="Nüsse",
        consents=NEEDS,
    )
    add(workshop, first_name="Bo", last_name="von Odenwald", days=(FIRST,), evening_event=True)
    add(
        workshop,
        first_name="Cem",
        last_name="Zöllner",
        days=(SECOND,),
        room_from=FIRST,
        room_until=SECOND,
        organisation_id=None,
        other_organisation="Landtag Musterland",
        intolerances=" nüsse ",
        consents=NEEDS,
    )
    room = {"room_from": FIRST, "room_until": SECOND}
    plate: dict[str, Any] = {"arrival": Arrival.CAR, "vehicle_plate": "X-X 1"}
    for status in (Status.CANCELLED, Status.WAITING):
        add(workshop, last_name="Abwesend", evening_event=True, status=status, **room, **plate)
    db.session.commit()
