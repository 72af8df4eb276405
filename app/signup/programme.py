"""The released agenda as sign-up needs it: seats, deadlines, and blocks that ask for wishes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import sqlalchemy as sa

from app.agenda.models import SignUpMode
from app.agenda.releases.content import Content, read_abouts, read_agenda
from app.agenda.releases.service import shown_release
from app.agenda.timetable import Day, Slot, Topic, connected
from app.extensions import db, now
from app.signup.models import DistributedSession
from app.workshops.models import Workshop


@dataclass(frozen=True)
class WishBlock:
    """Sessions that hang together by time and whose seats will be distributed by wishes."""

    slots: tuple[Slot, ...]

    @property
    def key(self) -> int:
        """Names the block: its first session."""
        return self.slots[0].id

    @property
    def starts(self) -> datetime:
        """The first start; until then wishes are taken."""
        return self.slots[0].starts

    @property
    def ends(self) -> datetime:
        """The last end."""
        return max(slot.ends for slot in self.slots)

    @property
    def session_ids(self) -> frozenset[int]:
        """Its sessions."""
        return frozenset(slot.id for slot in self.slots)


@dataclass(frozen=True)
class Programme:
    """The shown release at a moment."""

    number: int
    topics: tuple[Topic, ...]
    days: tuple[Day, ...]
    # Session id → seats; None: as many as come.
    seats: dict[int, int | None]
    distributed: frozenset[int]
    # Speaker id → what they say about themselves.
    abouts: dict[int, str]
    at: datetime

    @cached_property
    def slots(self) -> dict[int, Slot]:
        """Session id → slot, in the order of the agenda."""
        return {slot.id: slot for day in self.days for slot in day.slots}

    @cached_property
    def blocks(self) -> tuple[WishBlock, ...]:
        """What waits to be distributed, in order of time."""
        wished = [slot for slot in self.slots.values() if self.takes_wishes(slot)]
        return tuple(WishBlock(tuple(group)) for group in connected(wished))

    def block_of(self, session_id: int) -> WishBlock | None:
        """The block in which people wish for this session."""
        return next((block for block in self.blocks if session_id in block.session_ids), None)

    def takes_sign_ups(self, slot: Slot) -> bool:
        """Whether seats go to who comes first, or would before it began."""
        return slot.sign_up is SignUpMode.OPEN or (
            slot.sign_up is SignUpMode.WISHES and slot.id in self.distributed
        )

    def takes_wishes(self, slot: Slot) -> bool:
        """Whether the seats will be distributed."""
        return slot.sign_up is SignUpMode.WISHES and slot.id not in self.distributed

    def has_begun(self, slot: Slot) -> bool:
        """After that nobody signs up, signs off or moves up."""
        return slot.starts <= self.at

    def clashing(self, slot: Slot, others: Iterable[int]) -> tuple[Slot, ...]:
        """Which of these sessions, where one has a seat or asks for one, run at the same time."""
        found = (self.slots[other] for other in others if other in self.slots)
        return tuple(
            other
            for other in found
            if other.id != slot.id and other.sign_up is not SignUpMode.NONE and other.overlaps(slot)
        )


def find_programme(workshop: Workshop, at: datetime | None = None) -> Programme | None:
    """The agenda that participants see (never the draft); None while none is shown."""
    shown = shown_release(workshop)
    if shown is None:
        return None
    distributed = db.session.scalars(
        sa.select(DistributedSession.session_id).where(
            DistributedSession.workshop_id == workshop.id
        )
    )
    at = at or now()
    agenda = read_agenda(shown.content, workshop.zone, at)
    return Programme(
        number=shown.number,
        topics=agenda.topics,
        days=agenda.days,
        seats=_seats(shown.content),
        distributed=frozenset(distributed),
        abouts=read_abouts(shown.content),
        at=at,
    )


def _seats(content: Content) -> dict[int, int | None]:
    rooms = {room["id"]: room["seats"] for room in content["rooms"]}
    return {
        entry["id"]: entry["seats"] or rooms.get(entry["room_id"]) for entry in content["sessions"]
    }
