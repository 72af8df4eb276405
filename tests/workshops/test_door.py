from datetime import datetime, timedelta
from typing import Any

import pytest

from app.extensions import now
from app.workshops.door import Door, find_door
from app.workshops.models import Workshop
from tests import factories

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("settings", "door"),
    [
        ({}, Door.OPEN),
        ({"registration_opens_at": None}, Door.UNDATED),
        ({"registration_opens_at": now() + HOUR}, Door.SOON),
        ({"registration_closes_at": now() - HOUR}, Door.CLOSED),
        ({"registration_closes_at": None}, Door.OPEN),
        ({"seats": 3, "seats_taken": 3}, Door.WAITING_LIST),
        ({"seats": 3, "seats_taken": 3, "has_waiting_list": False}, Door.FULL),
        ({"seats": 3, "seats_taken": 3, "registration_closes_at": now() - HOUR}, Door.CLOSED),
    ],
)
@pytest.mark.usefixtures("ctx")
def test_door_follows_dates_and_seats(settings: dict[str, Any], door: Door) -> None:
    assert find_door(factories.make_workshop(**settings)) is door


@pytest.mark.parametrize(("days", "door"), [(0, Door.OPEN), (1, Door.OVER)])
def test_the_last_day_ends_at_midnight_in_the_workshops_zone(
    workshop: Workshop, days: int, door: Door
) -> None:
    today = datetime.now(workshop.zone).date()
    workshop.starts_on = workshop.ends_on = today - timedelta(days=days)
    assert find_door(workshop) is door
