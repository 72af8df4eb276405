"""What features above this one do when somebody cancels, in the same transaction."""

from collections.abc import Callable, Iterable

from flask import Flask, current_app

from app.registration.models import Registration

Act = Callable[[Registration], object]


def init_leaving(app: Flask, acts: Iterable[Act]) -> None:
    """Say what is to be done, in this order."""
    app.extensions["leaving"] = tuple(acts)


def leave(registration: Registration) -> None:
    """The registration was cancelled or declined: do what the features want."""
    for act in current_app.extensions["leaving"]:
        act(registration)
