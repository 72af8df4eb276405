"""Who sees the released agenda: everybody, or participants by their personal link only."""

from flask_login import current_user

from app.accounts.models import Role
from app.agenda.models import AgendaRelease
from app.agenda.releases.content import Content
from app.agenda.releases.service import shown_content, shown_release
from app.workshops.models import Workshop


def is_open(workshop: Workshop) -> bool:
    """Whether this visitor may read what is released: the workshop's team always may."""
    return not workshop.agenda_is_private or (
        current_user.is_authenticated and current_user.may(Role.STAFF, workshop.id)
    )


def open_release(workshop: Workshop) -> AgendaRelease | None:
    """The shown release with its content; None while none is shown, or not to this visitor."""
    return shown_release(workshop) if is_open(workshop) else None


def open_content(workshop: Workshop) -> Content | None:
    """What the shown release holds; None while none is shown, or not to this visitor."""
    return shown_content(workshop) if is_open(workshop) else None
