"""A released session with a guest who speaks and a participant who chairs it."""

from dataclasses import dataclass
from datetime import time

import pytest
import sqlalchemy as sa
from flask import Flask

from app.agenda.models import AgendaSession, Speaker
from app.agenda.releases import service as releases
from app.extensions import db
from app.outbox.service import draw_link
from app.registration import links
from app.registration.models import Registration
from app.speakers import service
from app.speakers.links import LINK_PURPOSE
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session
from tests.factories import make_registration


@dataclass
class Cast:
    """Who is there; `page` and `chair_page` are the addresses of their own pages."""

    workshop: Workshop
    session: AgendaSession
    other_session: AgendaSession
    guest: Speaker
    chair: Speaker
    registration: Registration
    token: str
    chair_token: str

    @property
    def page(self) -> str:
        return f"/{self.workshop.slug}/speaker/{self.token}"

    @property
    def chair_page(self) -> str:
        return f"/{self.workshop.slug}/speaker/{self.chair_token}"

    @property
    def desk(self) -> str:
        return f"/{self.workshop.slug}/desk/agenda/speakers"


def named(name: str) -> Speaker:
    return db.session.scalars(sa.select(Speaker).filter_by(name=name)).one()


@pytest.fixture
def cast(app: Flask, workshop: Workshop) -> Cast:
    """Jördis Öztürk, a guest, speaks; Karla Muster, who is registered, chairs."""
    room = add_room(workshop, "Großer Saal")
    session = add_session(
        workshop,
        "Lage im Netz",
        speakers="Jördis Öztürk, Hochschule Rheinau",
        chair="Dr. Karla Muster",
        abstract="Erster **Text**",
        room_id=room.id,
    )
    other = add_session(workshop, "Reels", starts=time(14), ends=time(15), speakers="Ole Brandt")
    guest, chair = named("Jördis Öztürk"), named("Dr. Karla Muster")
    guest.email = "joerdis@example.org"
    registration = make_registration(workshop, first_name="Karla", last_name="Muster")
    service.link(chair, registration)
    releases.release(workshop)
    token = draw_link(LINK_PURPOSE, guest.id)
    chair_token = draw_link(links.LINK_PURPOSE, registration.id)
    db.session.commit()
    return Cast(workshop, session, other, guest, chair, registration, token, chair_token)
