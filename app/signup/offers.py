"""What each session offers to a participant: where they stand, and what they may do there."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from app.agenda.models import SessionKind, SignUpMode
from app.agenda.timetable import Day, Slot
from app.registration.models import Registration, Status
from app.signup.assignment import ANY
from app.signup.models import SignUpState
from app.signup.programme import Programme
from app.signup.queries import Own, OwnSignUp, own_of, sign_up_counts


class Deed(enum.StrEnum):
    """The one thing about seats that somebody may do with a session now."""

    NOTHING = "nothing"
    SIGN_UP = "sign_up"
    JOIN_LINE = "join_line"
    SIGN_OFF = "sign_off"
    WISH = "wish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A session as it concerns one person."""

    slot: Slot
    # Sign-up with limited seats: how many there are, are free, and how many wait.
    seats: int | None
    free: int | None
    waiting: int
    own: OwnSignUp | None
    # 1 or 2: first or second choice; 3: any will do.
    wish: int | None
    is_picked: bool
    is_for_all: bool
    has_begun: bool
    deed: Deed

    @property
    def is_seated(self) -> bool:
        """Whether the person has a seat here."""
        return self.own is not None and self.own.state is SignUpState.SEATED

    @property
    def may_pick(self) -> bool:
        """Whether marking it would say anything: not where one is anyway, and not at breaks."""
        return not (self.is_for_all or self.own or self.slot.kind is SessionKind.BREAK)

    @property
    def shows_pick(self) -> bool:
        """Whether the mark is worth showing: nothing stronger is known of the session."""
        return self.is_picked and self.may_pick

    @property
    def is_held(self) -> bool:
        """Whether the person holds or noted it; the card is drawn so that it is seen at once."""
        return self.is_seated or self.shows_pick

    @property
    def is_mine(self) -> bool:
        """Whether it belongs to the person's own agenda: held, wished or picked, or for all."""
        return bool(self.is_for_all or self.is_picked or self.own or self.wish not in {None, ANY})

    @property
    def is_in_calendar(self) -> bool:
        """As `is_mine`, but sure: no place in line, no wish, no break."""
        if self.slot.kind is SessionKind.BREAK:
            return False
        return self.is_for_all or self.is_picked or self.is_seated


def make_offers(programme: Programme, registration: Registration) -> dict[int, Offer]:
    """Session id → offer, in the order of the agenda (four queries)."""
    own = own_of(registration)
    counts = sign_up_counts(registration.workshop_id)
    for_all = {slot.id for day in programme.days for slot in _alone(day)}
    may_sign_up = registration.status is Status.CONFIRMED
    return {
        slot.id: _offer(
            programme,
            slot,
            own,
            counts.get(slot.id, (0, 0)),
            is_for_all=slot.id in for_all,
            may_sign_up=may_sign_up,
        )
        for slot in programme.slots.values()
    }


def _alone(day: Day) -> Iterator[Slot]:
    """Sessions without sign-up beside which nothing else runs: everybody is there."""
    for block in day.blocks:
        slot = block.places[0].slot
        if len(block.places) == 1 and slot.sign_up is SignUpMode.NONE:
            yield slot


def _offer(
    programme: Programme,
    slot: Slot,
    own: Own,
    counts: tuple[int, int],
    *,
    is_for_all: bool,
    may_sign_up: bool,
) -> Offer:
    seated, waiting = counts
    is_limited = slot.sign_up is not SignUpMode.NONE
    seats = programme.seats[slot.id] if is_limited else None
    free = None if seats is None else max(0, seats - seated)
    sign_up = own.sign_ups.get(slot.id) if is_limited else None
    deed = Deed.NOTHING
    if may_sign_up and not programme.has_begun(slot):
        if sign_up is not None:
            deed = Deed.SIGN_OFF
        elif programme.takes_wishes(slot):
            block = programme.block_of(slot.id)
            deed = Deed.WISH if block and block.starts > programme.at else Deed.NOTHING
        elif programme.takes_sign_ups(slot):
            deed = Deed.JOIN_LINE if free == 0 or waiting else Deed.SIGN_UP
    return Offer(
        slot=slot,
        seats=seats,
        free=free,
        waiting=waiting,
        own=sign_up,
        wish=own.wishes.get(slot.id) if programme.takes_wishes(slot) else None,
        is_picked=slot.id in own.picks,
        is_for_all=is_for_all,
        has_begun=programme.has_begun(slot),
        deed=deed,
    )
