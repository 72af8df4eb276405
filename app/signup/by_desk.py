"""What the desk does to the lists by hand, at any time, and tells the person."""

from flask_babel import gettext as _

from app.accounts.journal import record
from app.agenda.models import SignUpMode
from app.agenda.timetable import Slot
from app.registration.models import Registration, Status
from app.signup import mails, service
from app.signup.models import SignUpState
from app.signup.programme import Programme
from app.signup.service import NoSignUp, NotConfirmed, SeatsTaken


def seat_by_desk(registration: Registration, session_id: int) -> None:
    """Give a seat, before those who wait; who has one keeps it.

    Raises `NotConfirmed`, `NotInAgenda`, `NoSignUp`, `SeatsTaken`, `Clash`.
    """
    programme, slot = _enter(registration, session_id)
    found = service.find_sign_up(registration, slot)
    if found is not None and found.state is SignUpState.SEATED:
        return
    if service.free_seats(programme, slot) == 0:
        message = _("All seats are taken. Remove somebody, or release the session with more seats.")
        raise SeatsTaken(message, field="person")
    if found is None:
        service.check_not_signed_up(registration, programme, slot)
        service.enter(registration, slot, SignUpState.SEATED)
    else:
        service.seat(found)
    _note("signup.seated", registration)
    mails.seated_by_desk(registration, slot)


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
