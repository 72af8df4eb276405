"""Mails to speakers, and from them to the organisers."""

from collections.abc import Sequence

from app.agenda.models import Speaker
from app.agenda.timetable import Slot
from app.outbox.compose import compose
from app.outbox.service import queue_mail
from app.speakers.links import own_link
from app.speakers.queries import Recipient, addresses_of
from app.speakers.speaking import speaking_of
from app.workshops.models import Workshop


def access(workshop: Workshop, recipients: Sequence[tuple[Speaker, Recipient]]) -> None:
    """To each the link to the own page, with the sessions and their released times."""
    sessions = speaking_of(workshop, [speaker.id for speaker, _recipient in recipients])
    for speaker, recipient in recipients:
        mail = compose(
            "speakers/mail/access",
            workshop=workshop,
            name=recipient.name,
            sessions=sessions.get(speaker.id, ()),
        )
        queue_mail(
            recipient=recipient.email,
            recipient_name=recipient.name,
            reply_to=workshop.contact_email,
            workshop_id=workshop.id,
            link=own_link(workshop, speaker),
            **mail._asdict(),
        )


def concern(workshop: Workshop, speaker: Speaker, slot: Slot, text: str) -> None:
    """To the organisers, if they have an address: a slot does not suit somebody."""
    if not workshop.contact_email:
        return
    recipient = addresses_of(workshop.id).get(speaker.id)
    mail = compose(
        "speakers/mail/concern", workshop=workshop, speaker=speaker, slot=slot, text=text
    )
    queue_mail(
        recipient=workshop.contact_email,
        recipient_name=workshop.contact_name,
        reply_to=recipient.email if recipient else None,
        workshop_id=workshop.id,
        **mail._asdict(),
    )
