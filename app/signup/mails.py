"""What participants are told about their seats in sessions. Each mail leads to their own agenda."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.agenda.timetable import Slot
from app.outbox.compose import compose
from app.outbox.service import Mail, queue_mail, queue_mails
from app.registration.links import personal_link
from app.registration.models import Registration
from app.signup.programme import WishBlock
from app.workshops.models import Workshop


def promoted(registration: Registration, slot: Slot) -> None:
    """A seat fell free."""
    _send("promoted", registration, slot)


def added_by_desk(registration: Registration, slot: Slot, *, is_seated: bool) -> None:
    """The organisers gave the person a seat, or put them on the waiting list."""
    _send("added_by_desk", registration, slot, is_seated=is_seated)


def removed_by_desk(registration: Registration, slot: Slot) -> None:
    """The organisers took the person out of a session."""
    _send("removed_by_desk", registration, slot)


@dataclass(frozen=True)
class Result:
    """What somebody got in a block: without `slot` no wish could be met."""

    block: WishBlock
    slot: Slot | None
    rank: int | None


def distributed(
    workshop: Workshop,
    distribution_id: int,
    people: Iterable[Registration],
    results: Mapping[int, list[Result]],
) -> None:
    """Tell everybody who wished what they got, once."""
    queue_mails(
        [
            Mail(
                **_head(registration),
                **compose(
                    "signup/mail/distributed",
                    workshop=workshop,
                    registration=registration,
                    results=results[registration.id],
                )._asdict(),
                once_key=f"distribution-{distribution_id}-{registration.id}",
            )
            for registration in people
        ]
    )


def _send(template: str, registration: Registration, slot: Slot, **context: object) -> None:
    mail = compose(
        f"signup/mail/{template}",
        workshop=registration.workshop,
        registration=registration,
        slot=slot,
        **context,
    )
    queue_mail(**_head(registration), **mail._asdict())


def _head(registration: Registration) -> dict[str, Any]:
    workshop = registration.workshop
    return {
        "recipient": registration.email,
        "recipient_name": registration.full_name,
        "reply_to": workshop.contact_email,
        "workshop_id": workshop.id,
        "link": personal_link(workshop, registration.id, page="/agenda"),
    }
