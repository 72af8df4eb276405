"""What features above this one do when somebody cancels, in the same transaction."""

from collections.abc import Callable

from app.registration.models import Registration

Act = Callable[[Registration], None]
_acts: list[Act] = []


def on_leave(act: Act) -> Act:
    """Declare that this is to be done."""
    _acts.append(act)
    return act


def leave(registration: Registration) -> None:
    """The registration was cancelled: do what has been declared."""
    for act in _acts:
        act(registration)
