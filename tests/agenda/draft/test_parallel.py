"""Real threads on the real database: who edits, deletes rooms and replaces the draft at once."""

from collections.abc import Callable
from datetime import time

import sqlalchemy as sa
from flask import Flask

from app.agenda.draft import places, service
from app.agenda.intake import plans
from app.agenda.models import AgendaSession, Room
from app.extensions import db
from app.refusals import Refused
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session
from tests.factories import make_account
from tests.signup.test_parallel import at_once

ROOMS, SESSIONS, ROUNDS = 3, 8, 4


def run(app: Flask, workshop_id: int, command: Callable[[Workshop], object]) -> bool:
    """Run it in a transaction of its own; False if it was refused."""
    with app.app_context():
        workshop = db.session.get_one(Workshop, workshop_id)
        db.session.rollback()
        try:
            command(workshop)
        except Refused:
            db.session.rollback()
            return False
        db.session.commit()
        return True


def version_of(app: Flask, session_id: int) -> int:
    with app.app_context():
        db.session.connection(execution_options={"only_reads": True})
        return db.session.scalars(sa.select(AgendaSession.version).filter_by(id=session_id)).one()


def test_rooms_are_deleted_while_sessions_are_moved_into_them(
    app: Flask, workshop: Workshop
) -> None:
    account_id, workshop_id, day = make_account().id, workshop.id, workshop.starts_on
    for number in range(ROUNDS):
        rooms = [add_room(workshop, f"Raum {number}.{n}").id for n in range(ROOMS)]
        sessions = [
            add_session(workshop, f"Sitzung {n}", room_id=rooms[n % ROOMS]).id
            for n in range(SESSIONS)
        ]
        db.session.commit()

        def delete(room_id: int) -> bool:
            return run(app, workshop_id, lambda w: places.delete_room(w, room_id, version=1))

        def move(session_id: int, room_id: int) -> None:
            version = version_of(app, session_id)
            place = service.Place(day=day, starts=time(11), minutes=30, room_id=room_id)
            run(
                app,
                workshop_id,
                lambda w: service.move_session(
                    w, session_id, place, version=version, account_id=account_id
                ),
            )

        def act(number: int, rooms: list[int] = rooms, ids: list[int] = sessions) -> bool | None:
            if number < ROOMS:
                return delete(rooms[number])
            for step, session_id in enumerate(ids):
                move(session_id, rooms[(number + step) % ROOMS])
            return None

        # Nobody waits for the other in a circle, and no room is in use when it goes.
        assert at_once(8, act)[:ROOMS] == [True] * ROOMS
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Room)) == 0


def test_the_draft_is_replaced_while_others_edit_it(app: Flask, workshop: Workshop) -> None:
    account_id, other_id, workshop_id = make_account().id, make_account().id, workshop.id
    sessions = [add_session(workshop, f"Alt {n}").id for n in range(SESSIONS)]
    planned = tuple(plans.PlannedSession(title=f"Neu {n}", room="Saal") for n in range(SESSIONS))
    import_id = plans.keep(workshop, plans.Plan(sessions=planned), account_id).id
    day = workshop.starts_on
    db.session.commit()

    def move(session_id: int, starts: time, editor_id: int) -> None:
        version = version_of(app, session_id)
        place = service.Place(day=day, starts=starts, minutes=30, room_id=None)
        run(
            app,
            workshop_id,
            lambda w: service.move_session(
                w, session_id, place, version=version, account_id=editor_id
            ),
        )

    def act(number: int) -> bool | None:
        if number < 2:
            return run(
                app,
                workshop_id,
                lambda w: plans.take_over(w, import_id, account_id, replaces=True),
            )
        for step in range(SESSIONS):
            session_id = sessions[(number * 3 + step) % SESSIONS]
            move(session_id, time(8, 5 * number), account_id if number % 2 else other_id)
        return None

    assert sorted(at_once(6, act)[:2], key=bool) == [False, True]
    titles = db.session.scalars(sa.select(AgendaSession.title).filter_by(deleted_at=None)).all()
    assert sorted(titles) == [session.title for session in planned]
