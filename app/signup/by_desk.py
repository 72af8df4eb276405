"""What the desk does to the lists by hand, at any time, and tells the person."""

from flask_babel import gettext as _

from app.accounts.journal import record
from app.agenda.models import SignUpMode
from app.agenda.timetable import Slot
from app.registration.models import Registration, Status
from app.signup import mails, service
from app.signup.models import SignUpState
from app.signup.programme import Programme
from app.signup.service import NoSignUp, NotConfirmed


def add_by_desk(registration: Registration, session_id: int) -> SignUpState:
    """Give a seat, before those who wait; if none is free, the last place in line.

    Raises `NotConfirmed`, `NotInAgenda`, `NoSignUp`, `Clash`.
    """
    programme, slot = _enter(registration, session_id)
    found = service.find_sign_up(registration, slot)
    is_free = service.free_seats(programme, slot) != 0
    if found is not None and (found.state is SignUpState.SEATED or not is_free):
        return found.state
    if found is None:
        service.check_not_signed_up(registration, programme, slot)
        state = SignUpState.SEATED if is_free else SignUpState.WAITING
        found = service.enter(registration, slot, state)
    else:
        service.seat(found)
    _note("signup.added", registration)
    mails.added_by_desk(registration, slot, is_seated=is_free)
    return found.state


def advance_by_desk(registration: Registration, session_id: int) -> None:
    """Put somebody who waits at the head of the line.

    Raises `NotConfirmed`, `NotInAgenda`, `NoSignUp`.
    """
    _programme, slot = _enter(registration, session_id)
    found = service.find_sign_up(registration, slot)
    if found is not None and found.state is SignUpState.WAITING:
        service.to_the_front(found)
        _note("signup.advanced", registration)


def remove_by_desk(registration: Registration, session_id: int) -> None:
    """Take somebody off a session's list; whoever waits longest moves up.

    Raises `NotInAgenda`.
    """
    programme, slot = _enter(registration, session_id, confirmed=False)
    if service.find_sign_up(registration, slot) is None:
        return
    service.leave(registration, programme, session_id)
    _note("signup.removed", registration)
    mails.removed_by_desk(registration, slot)


def _enter(
    registration: Registration, session_id: int, *, confirmed: bool = True
) -> tuple[Programme, Slot]:
    service.lock_person(registration)
    if confirmed and registration.status is not Status.CONFIRMED:
        message = _("This person has no confirmed seat at the workshop.")
        raise NotConfirmed(message, field="person")
    service.lock_sessions([session_id])
    programme = service.get_programme(registration.workshop)
    slot = service.get_slot(programme, session_id)
    if slot.sign_up is SignUpMode.NONE:
        raise NoSignUp(_("Nobody signs up for this session."))
    return programme, slot


def _note(action: str, registration: Registration) -> None:
    record(
        action,
        workshop_id=registration.workshop_id,
        subject="registration",
        subject_id=registration.id,
    )
