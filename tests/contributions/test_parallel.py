"""Real threads on the real database: one decision, one answer each, however many at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import sqlalchemy as sa
from flask import Flask

from app.agenda.draft.queries import list_tray
from app.agenda.releases import content as frozen
from app.agenda.releases import service as releases
from app.contributions import decisions, service
from app.extensions import db, now
from app.feedback import service as feedback
from app.feedback.models import Feedback, FeedbackGiven
from app.refusals import Refused
from app.registration.models import Registration
from app.workshops.models import Workshop
from tests.agenda.programme import add_session
from tests.factories import make_account, make_registration, make_workshop

MANY = 6


def at_once(app: Flask, command: Callable[[int], object]) -> list[bool]:
    """Run it in that many threads; which of them were not refused."""
    ready = Barrier(MANY)

    def run(number: int) -> bool:
        with app.app_context():
            ready.wait()
            try:
                command(number)
            except Refused:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(run, range(MANY)))


def test_a_proposal_is_accepted_once(app: Flask) -> None:
    with app.app_context():
        workshop = make_workshop()
        call = service.CallDraft(opens_at=now(), closes_at=None, intro="", lengths=[45])
        service.change_call(workshop, call, version=0)
        draft = service.ProposalDraft(title="Lage im Netz", abstract="Text", minutes=45)
        proposal_id = service.propose(make_registration(workshop), draft).id
        workshop_id, accounts = workshop.id, [make_account().id for _ in range(MANY)]
        db.session.commit()

    def accept(number: int) -> None:
        found = db.session.get_one(Workshop, workshop_id)
        decisions.accept(found, proposal_id, version=1, account_id=accounts[number])

    accepted = at_once(app, accept)

    with app.app_context():
        assert accepted.count(True) == len(list_tray(workshop_id)) == 1
        db.session.remove()


def test_everybodys_feedback_stays_and_nobodys_counts_twice(app: Flask) -> None:
    with app.app_context():
        yesterday = (now() - timedelta(days=1)).date()
        workshop = make_workshop(starts_on=yesterday, ends_on=yesterday)
        add_session(workshop, "Lage im Netz")
        content = releases.release(workshop).content
        slot = frozen.read_slots(content, content["sessions"], workshop.zone, now())[0]
        people = [make_registration(workshop).id for _ in range(MANY - 1)]
        db.session.commit()

    def give(number: int) -> None:
        person = db.session.get_one(Registration, people[number % len(people)])
        feedback.give(person, slot, rating=4)

    given = at_once(app, give)

    with app.app_context():
        counts = [
            db.session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (Feedback, FeedbackGiven)
        ]
        assert (given.count(False), counts) == (1, [MANY - 1] * 2)
        db.session.remove()
