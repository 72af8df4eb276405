"""Commands on picks and sign-ups.

Whoever gives or takes a seat first locks the person's row and then the sessions' rows, in the order
of their numbers (on SQLite the whole transaction is exclusive). So parallel sign-ups queue up, and
each counts what the one before left: no session is oversold, nobody is in two places.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from app.agenda.models import AgendaSession
from app.agenda.timetable import Slot
from app.extensions import db
from app.refusals import Refused
from app.registration.models import Registration, Status
from app.registration.refusals import NotActive
from app.signup import mails
from app.signup.assignment import ANY
from app.signup.models import Pick, SignUp, SignUpState, Wish
from app.signup.programme import Programme, find_programme
from app.workshops.models import Workshop


class NotConfirmed(Refused):
    """Only who has a confirmed seat at the workshop may sign up."""


class NotInAgenda(Refused):
    """The released agenda has no such session."""


class NoSignUp(Refused):
    """One simply goes to this session, or its seats are still to be distributed."""


class TooLate(Refused):
    """The session has begun."""


class SessionFull(Refused):
    """No seat is free, and the waiting list would not help."""


class Clash(Refused):
    """The person is to be elsewhere at that time; `others` says where they are signed up."""

    def __init__(self, message: str, others: tuple[Slot, ...]) -> None:
        super().__init__(message)
        self.others = others


def pick(registration: Registration, session_id: int) -> None:
    """Mark a session for one's own agenda. Raises `NotActive`, `NotInAgenda`."""
    lock_person(registration)
    check_active(registration)
    get_slot(get_programme(registration.workshop), session_id)
    if db.session.get(Pick, (registration.id, session_id)) is None:
        db.session.add(
            Pick(
                registration_id=registration.id,
                session_id=session_id,
                workshop_id=registration.workshop_id,
            )
        )
        db.session.flush()


def unpick(registration: Registration, session_id: int) -> None:
    """Take the mark away again."""
    db.session.execute(
        sa.delete(Pick).where(
            Pick.registration_id == registration.id, Pick.session_id == session_id
        )
    )


def sign_up(registration: Registration, session_id: int) -> SignUp:
    """Take a seat, or the last place of the waiting list; twice does nothing.

    Raises `NotConfirmed`, `NotInAgenda`, `NoSignUp`, `TooLate`, `Clash`.
    """
    programme, slot = _enter(registration, session_id)
    check_sign_up(programme, slot)
    return find_sign_up(registration, slot) or _take(registration, programme, slot)


def swap(registration: Registration, session_id: int) -> SignUp:
    """Give up the seats that stand in the way of this session, and take one there.

    Raises what `sign_up` raises, and `SessionFull`: nobody shall lose a seat for a waiting list.
    """
    programme, slot = _enter(registration, session_id, others=True)
    check_sign_up(programme, slot)
    found = find_sign_up(registration, slot)
    if found:
        return found
    if not is_seat_free(programme, slot):
        raise SessionFull(_("All seats are taken by now. You keep what you have."))
    for other in programme.clashing(slot, _signed_up(registration)):
        check_not_begun(programme, other)
        leave(registration, programme, other.id)
    return _take(registration, programme, slot)


def sign_off(registration: Registration, session_id: int) -> None:
    """Give up a seat or a place in line; whoever waits longest moves up.

    Raises `NotInAgenda`, `TooLate`.
    """
    programme, slot = _enter(registration, session_id, confirmed=False)
    check_not_begun(programme, slot)
    leave(registration, programme, session_id)


def drop_all(registration: Registration) -> None:
    """The registration has ended: let go of all that it held; others move up."""
    held = _signed_up(registration)
    lock_sessions(held)
    for model in (SignUp, Wish, Pick):
        db.session.execute(sa.delete(model).where(model.registration_id == registration.id))
    programme = find_programme(registration.workshop) if held else None
    for session_id in held:
        if programme and session_id in programme.slots:
            promote_next(programme, programme.slots[session_id])


def settle(workshop: Workshop) -> int:
    """Make sign-ups follow the shown release; returns how many moved up.

    What is no longer in the agenda has no sign-ups and wishes; where there are more seats, people
    move up. Call it after a release, once it is known whom the release concerns.
    """
    programme = find_programme(workshop)
    if programme is None:
        return 0
    held = set(
        db.session.scalars(
            sa.select(SignUp.session_id).where(SignUp.workshop_id == workshop.id).distinct()
        )
    )
    lock_sessions(held)
    for model in (SignUp, Wish):
        db.session.execute(
            sa.delete(model).where(
                model.workshop_id == workshop.id, model.session_id.not_in(programme.slots)
            )
        )
    slots = [slot for slot in programme.slots.values() if slot.id in held]
    return sum(promote_next(programme, slot) for slot in slots)


def promote_next(programme: Programme, slot: Slot) -> int:
    """Give free seats of a locked session to those who wait longest; each is told by mail."""
    if programme.has_begun(slot) or not programme.takes_sign_ups(slot):
        return 0
    waiting = (
        sa.select(SignUp, Registration)
        .join(Registration, Registration.id == SignUp.registration_id)
        .where(SignUp.session_id == slot.id, SignUp.state == SignUpState.WAITING)
        .order_by(SignUp.queue_number)
        .limit(free_seats(programme, slot))
        .execution_options(populate_existing=True)
    )
    promoted = db.session.execute(waiting).all()
    for entry, registration in promoted:
        seat(entry)
        mails.promoted(registration, slot)
    return len(promoted)


def seat(entry: SignUp) -> None:
    """Turn a place in line into a seat."""
    entry.state, entry.queue_number = SignUpState.SEATED, None
    db.session.flush()


def to_the_front(entry: SignUp) -> None:
    """Move somebody to the head of the line of a locked session."""
    lowest = sa.select(sa.func.min(SignUp.queue_number)).filter_by(session_id=entry.session_id)
    first = db.session.scalar(lowest)
    if entry.queue_number != first:
        entry.queue_number = (first or 0) - 1
        db.session.flush()


def enter(registration: Registration, slot: Slot, state: SignUpState) -> SignUp:
    """Write down a seat, or the last place in line, of a locked session."""
    made = SignUp(
        workshop_id=registration.workshop_id,
        session_id=slot.id,
        registration_id=registration.id,
        state=state,
        queue_number=_last_in_line(slot.id) + 1 if state is SignUpState.WAITING else None,
    )
    db.session.add(made)
    db.session.flush()
    return made


def leave(registration: Registration, programme: Programme, session_id: int) -> None:
    """Take the person off the list of a locked session, and let the next one move up."""
    db.session.execute(
        sa.delete(SignUp).where(
            SignUp.registration_id == registration.id, SignUp.session_id == session_id
        )
    )
    promote_next(programme, programme.slots[session_id])


def free_seats(programme: Programme, slot: Slot) -> int | None:
    """How many seats of a locked session nobody has; None: as many as come."""
    seats = programme.seats[slot.id]
    if seats is None:
        return None
    return max(0, seats - _count(slot.id, SignUpState.SEATED))


def is_seat_free(programme: Programme, slot: Slot) -> bool:
    """Whether who comes next gets a seat: those who wait come first."""
    return free_seats(programme, slot) != 0 and not _count(slot.id, SignUpState.WAITING)


def get_programme(workshop: Workshop) -> Programme:
    """The agenda that participants see. Raises `NotInAgenda` while there is none."""
    programme = find_programme(workshop)
    if programme is None:
        raise NotInAgenda(_("The agenda is not published at the moment."))
    return programme


def get_slot(programme: Programme, session_id: int) -> Slot:
    """A released session. Raises `NotInAgenda`."""
    if session_id not in programme.slots:
        raise NotInAgenda(_("This session is no longer in the agenda."))
    return programme.slots[session_id]


def find_sign_up(registration: Registration, slot: Slot) -> SignUp | None:
    """The person's seat or place in line."""
    return db.session.scalar(
        sa.select(SignUp).filter_by(registration_id=registration.id, session_id=slot.id)
    )


def check_active(registration: Registration) -> None:
    """Raise `NotActive` for a registration that was cancelled or has expired."""
    if not registration.is_active:
        raise NotActive(_("This registration is no longer active."))


def check_sign_up(programme: Programme, slot: Slot) -> None:
    """Raise `NoSignUp` or `TooLate` unless people can sign up for the session now."""
    if programme.takes_wishes(slot):
        raise NoSignUp(_("The seats are distributed by wishes. Please say what you wish for."))
    if not programme.takes_sign_ups(slot):
        raise NoSignUp(_("You need not sign up for this session. Just come."))
    check_not_begun(programme, slot)


def check_not_begun(programme: Programme, slot: Slot) -> None:
    """Raise `TooLate` once the session has begun."""
    if programme.has_begun(slot):
        raise TooLate(_("“%(title)s” has begun.", title=slot.title))


def check_free(registration: Registration, programme: Programme, slot: Slot) -> None:
    """Raise `Clash` if the person has, or asks for, a seat elsewhere at that time."""
    check_not_signed_up(registration, programme, slot)
    wished = programme.clashing(slot, _wished(registration))
    if wished:
        message = _("You have wished for %(titles)s at the same time.", titles=_titles(wished))
        raise Clash(message, others=())


def check_not_signed_up(registration: Registration, programme: Programme, slot: Slot) -> None:
    """Raise `Clash` if the person is signed up elsewhere at that time."""
    others = programme.clashing(slot, _signed_up(registration))
    if others:
        message = _("You are signed up for %(titles)s at the same time.", titles=_titles(others))
        raise Clash(message, others)


def lock_sessions(session_ids: Iterable[int]) -> None:
    """Let one command at a time give or take seats of these sessions."""
    db.session.execute(
        sa.select(AgendaSession.id)
        .where(AgendaSession.id.in_(sorted(set(session_ids))))
        .order_by(AgendaSession.id)
        .with_for_update(key_share=True)  # rows that only refer to the session need not wait
    ).all()


def lock_person(registration: Registration) -> None:
    """Let one command at a time act for the person, and see what the one before left."""
    db.session.refresh(registration, with_for_update={"key_share": True})


def _enter(
    registration: Registration, session_id: int, *, others: bool = False, confirmed: bool = True
) -> tuple[Programme, Slot]:
    """Lock the person and the session (and the others of the person), in this order."""
    lock_person(registration)
    if confirmed and registration.status is not Status.CONFIRMED:
        check_active(registration)
        raise NotConfirmed(_("You can sign up once your seat at the workshop is confirmed."))
    lock_sessions([session_id, *(_signed_up(registration) if others else ())])
    programme = get_programme(registration.workshop)
    return programme, get_slot(programme, session_id)


def _titles(slots: Iterable[Slot]) -> str:
    return ", ".join(_("“%(title)s”", title=slot.title) for slot in slots)


def _take(registration: Registration, programme: Programme, slot: Slot) -> SignUp:
    check_free(registration, programme, slot)
    free = is_seat_free(programme, slot)
    return enter(registration, slot, SignUpState.SEATED if free else SignUpState.WAITING)


def _signed_up(registration: Registration) -> list[int]:
    query = sa.select(SignUp.session_id).where(SignUp.registration_id == registration.id)
    return list(db.session.scalars(query.order_by(SignUp.session_id)))


def _wished(registration: Registration) -> list[int]:
    query = sa.select(Wish.session_id)
    mine = query.where(Wish.registration_id == registration.id, Wish.rank != ANY)
    return list(db.session.scalars(mine))


def _count(session_id: int, state: SignUpState) -> int:
    query = sa.select(sa.func.count()).select_from(SignUp)
    return db.session.scalar(query.filter_by(session_id=session_id, state=state)) or 0


def _last_in_line(session_id: int) -> int:
    query = sa.select(sa.func.max(SignUp.queue_number)).filter_by(session_id=session_id)
    return db.session.scalar(query) or 0
