"""Wishes: a first and a second choice where several sessions run at the same time."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import gettext as _

from app.extensions import db
from app.refusals import Refused
from app.registration.models import Registration, Status
from app.signup import service
from app.signup.assignment import ANY, FIRST, SECOND
from app.signup.models import Wish
from app.signup.programme import Programme, WishBlock
from app.signup.service import NotConfirmed, TooLate


class BlockChanged(Refused):
    """The seats were distributed meanwhile, or the agenda has changed."""


class WishMissing(Refused):
    """A second choice, or 'any', without a first one."""


class SameWish(Refused):
    """First and second choice are the same session."""


def set_wishes(
    registration: Registration,
    session_id: int,
    *,
    first: int | None,
    second: int | None,
    any_other: bool,
) -> None:
    """Wish within the block of a session; no first choice and not 'any' takes the wishes back.

    Raises `NotConfirmed`, `BlockChanged`, `TooLate`, `WishMissing`, `SameWish`, `Clash`.
    """
    service.lock_person(registration)
    if registration.status is not Status.CONFIRMED:
        raise NotConfirmed(_("You can sign up once your seat at the workshop is confirmed."))
    programme, block = _open_block(registration, session_id)
    if {first, second} - block.session_ids - {None}:
        raise BlockChanged(_("The agenda has changed. Please choose again."))
    if second is not None and first is None:
        raise WishMissing(_("Please choose your first wish, too."), field="first")
    if second is not None and second == first:
        raise SameWish(_("Please choose another session as your second wish."), field="second")
    ranks = _ranks(block, first, second, any_other=any_other)
    for wished in (first, second):
        if wished is not None:
            service.check_not_signed_up(registration, programme, programme.slots[wished])
    _write(registration, block, ranks)


def _open_block(registration: Registration, session_id: int) -> tuple[Programme, WishBlock]:
    programme = service.get_programme(registration.workshop)
    block = programme.block_of(session_id)
    if block is not None:
        # A distribution that runs at this moment is waited for, and then seen.
        service.lock_sessions(block.session_ids)
        programme = service.get_programme(registration.workshop)
        block = programme.block_of(session_id)
    if block is None:
        raise BlockChanged(_("The seats are already distributed."))
    if block.starts <= programme.at:
        raise TooLate(_("The first of these sessions has begun."))
    return programme, block


def _ranks(
    block: WishBlock, first: int | None, second: int | None, *, any_other: bool
) -> Mapping[int, int]:
    ranks = dict.fromkeys(block.session_ids, ANY) if any_other else {}
    if first is not None:
        ranks[first] = FIRST
    if second is not None:
        ranks[second] = SECOND
    return ranks


def _write(registration: Registration, block: WishBlock, ranks: Mapping[int, int]) -> None:
    db.session.execute(
        sa.delete(Wish).where(
            Wish.registration_id == registration.id, Wish.session_id.in_(block.session_ids)
        )
    )
    db.session.add_all(
        Wish(
            registration_id=registration.id,
            session_id=session_id,
            workshop_id=registration.workshop_id,
            rank=rank,
        )
        for session_id, rank in ranks.items()
    )
    db.session.flush()
