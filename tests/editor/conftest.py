"""An agenda to edit: the same as that of the agenda's own tests."""

import pytest

from app.workshops.models import Workshop
from tests.agenda.conftest import elsewhere, room, talk, topic

__all__ = ["elsewhere", "room", "talk", "topic"]


@pytest.fixture
def desk(workshop: Workshop) -> str:
    """Where the agenda's pages at the desk begin."""
    return f"/{workshop.slug}/desk/agenda"
