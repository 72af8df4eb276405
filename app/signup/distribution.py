"""The fair distribution: who gets which session by their wishes. First looked at, then done."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from hashlib import sha256

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.journal import record
from app.extensions import db
from app.refusals import ChangedMeanwhile, Refused
from app.registration.models import Registration
from app.signup import mails, service
from app.signup.assignment import ANY, FIRST, SECOND, assign
from app.signup.models import DistributedSession, Distribution, SignUp, SignUpState, Wish
from app.signup.programme import Programme, WishBlock
from app.signup.queries import list_wishes, sign_up_counts
from app.workshops.locking import lock_workshop
from app.workshops.models import Workshop


class NothingToDistribute(Refused):
    """None of the chosen blocks waits to be distributed."""


@dataclass(frozen=True)
class WishFigures:
    """How many people wished, and how many of them got which choice or none."""

    people: int = 0
    first: int = 0
    second: int = 0
    any_other: int = 0
    none: int = 0


@dataclass(frozen=True)
class BlockPlan:
    """What the distribution of a block would do."""

    block: WishBlock
    # Person → session → rank, without what clashes with a seat that they have already.
    wishes: dict[int, dict[int, int]]
    # Person → session.
    given: dict[int, int]
    # Session → seats that are free before; None: as many as come.
    free: dict[int, int | None]

    @property
    def figures(self) -> WishFigures:
        """How many got which choice."""
        ranks = [self.wishes[person][session] for person, session in self.given.items()]
        return WishFigures(
            people=len(self.wishes),
            first=ranks.count(FIRST),
            second=ranks.count(SECOND),
            any_other=ranks.count(ANY),
            none=len(self.wishes) - len(ranks),
        )

    def wished(self, session_id: int, rank: int) -> int:
        """How many wished so for the session."""
        return sum(wishes.get(session_id) == rank for wishes in self.wishes.values())

    def seated(self, session_id: int) -> int:
        """How many get a seat in the session."""
        return sum(session == session_id for session in self.given.values())


@dataclass(frozen=True)
class DistributionPlan:
    """What a distribution would do; the same as long as nothing changes."""

    blocks: tuple[BlockPlan, ...]

    @property
    def figures(self) -> dict[str, int]:
        """How many people wished, and how many wishes, block by block, were met how."""
        of = [block.figures for block in self.blocks]
        met = {f.name: sum(getattr(each, f.name) for each in of) for f in fields(WishFigures)}
        people = set().union(*(block.wishes for block in self.blocks))
        return {**met, "people": len(people)}

    @property
    def seats_given(self) -> int:
        """How many seats it gives; somebody may get one in each block."""
        return sum(len(block.given) for block in self.blocks)

    @property
    def seen(self) -> str:
        """Stands for this very result."""
        what = [
            (
                sorted(plan.block.session_ids),
                sorted(plan.given.items()),
                sorted(plan.wishes.items()),
            )
            for plan in self.blocks
        ]
        return sha256(repr(what).encode()).hexdigest()[:16]


def make_plan(workshop: Workshop, keys: Collection[int]) -> DistributionPlan:
    """Distribute the chosen blocks without writing anything down.

    Raises `NothingToDistribute`.
    """
    programme = service.get_programme(workshop)
    chosen = [block for block in programme.blocks if block.key in keys]
    if not chosen:
        raise NothingToDistribute(_("These seats are already distributed."))
    wishes, held = list_wishes(workshop.id), _held(workshop.id)
    counts = sign_up_counts(workshop.id)
    plans = []
    for block in chosen:
        free = {}
        for slot in block.slots:
            seats, taken = programme.seats[slot.id], counts.get(slot.id, (0, 0))[0]
            free[slot.id] = None if seats is None else max(0, seats - taken)
        plans.append(
            _plan(
                block, _possible(programme, block, wishes, held), free, _draw(workshop, programme)
            )
        )
    return DistributionPlan(tuple(plans))


def distribute(
    workshop: Workshop, keys: Collection[int], *, seen: str, account_id: int | None = None
) -> Distribution:
    """Give the seats of the chosen blocks by the wishes, and tell everybody who wished.

    `seen` is `DistributionPlan.seen` of the preview.
    Raises `NothingToDistribute`, `ChangedMeanwhile`.
    """
    lock_workshop(workshop.id)  # nobody cancels meanwhile
    blocks = [b for b in service.get_programme(workshop).blocks if b.key in keys]
    session_ids = {session_id for block in blocks for session_id in block.session_ids}
    _lock_people(session_ids)
    service.lock_sessions(session_ids)
    plan = make_plan(workshop, keys)
    if plan.seen != seen:
        raise ChangedMeanwhile(
            _("Wishes or seats have changed meanwhile. Please look at the figures again.")
        )
    made = Distribution(workshop_id=workshop.id, account_id=account_id, figures=plan.figures)
    db.session.add(made)
    db.session.flush()
    _write(made, plan)
    _tell(workshop, made, plan)
    record(
        "signup.distributed",
        workshop_id=workshop.id,
        subject="workshop",
        subject_id=workshop.id,
        detail={"wished": plan.figures["people"], "seated": plan.seats_given},
    )
    return made


def _lock_people(session_ids: Collection[int]) -> None:
    """Let nobody who wished for one of these sessions take a seat elsewhere meanwhile."""
    wishing = sa.select(Wish.registration_id).where(Wish.session_id.in_(session_ids))
    db.session.execute(
        sa.select(Registration.id)
        .where(Registration.id.in_(wishing))
        .order_by(Registration.id)
        .with_for_update(key_share=True)  # rows that only refer to them need not wait
    ).all()


def _plan(
    block: WishBlock, wishes: dict[int, dict[int, int]], free: dict[int, int | None], draw: str
) -> BlockPlan:
    seats = {session: len(wishes) if n is None else n for session, n in free.items()}
    return BlockPlan(block, wishes, assign(wishes, seats, draw), free)


def _draw(workshop: Workshop, programme: Programme) -> str:
    return f"{workshop.id}/{programme.number}"


def _held(workshop_id: int) -> dict[int, list[int]]:
    """Person → sessions where they are signed up."""
    found: dict[int, list[int]] = {}
    rows = db.session.execute(
        sa.select(SignUp.registration_id, SignUp.session_id).where(
            SignUp.workshop_id == workshop_id
        )
    )
    for person, session in rows:
        found.setdefault(person, []).append(session)
    return found


def _possible(
    programme: Programme,
    block: WishBlock,
    wishes: dict[int, dict[int, int]],
    held: dict[int, list[int]],
) -> dict[int, dict[int, int]]:
    """The wishes within the block that a seat elsewhere does not rule out.

    Who wished here stays in the figures even if nothing is left, except those who have a seat in
    the block already.
    """
    possible = {}
    for person, ranks in wishes.items():
        present = held.get(person, [])
        here = {session: rank for session, rank in ranks.items() if session in block.session_ids}
        if not here or not block.session_ids.isdisjoint(present):
            continue
        possible[person] = {
            session: rank
            for session, rank in here.items()
            if not programme.clashing(programme.slots[session], present)
        }
    return possible


def _write(made: Distribution, plan: DistributionPlan) -> None:
    within = {"workshop_id": made.workshop_id}
    done = [
        {"session_id": session, "distribution_id": made.id, **within}
        for block in plan.blocks
        for session in block.block.session_ids
    ]
    db.session.execute(sa.insert(DistributedSession), done)
    # What people wished for has served its purpose.
    distributed = [row["session_id"] for row in done]
    db.session.execute(sa.delete(Wish).where(Wish.session_id.in_(distributed)))
    seats = [
        {"registration_id": person, "session_id": session, "state": SignUpState.SEATED, **within}
        for block in plan.blocks
        for person, session in block.given.items()
    ]
    if seats:
        db.session.execute(sa.insert(SignUp), seats)


def _tell(workshop: Workshop, made: Distribution, plan: DistributionPlan) -> None:
    results: dict[int, list[mails.Result]] = {}
    for block in plan.blocks:
        slots = {slot.id: slot for slot in block.block.slots}
        for person, ranks in block.wishes.items():
            session = block.given.get(person)
            results.setdefault(person, []).append(
                mails.Result(
                    block=block.block,
                    slot=slots[session] if session is not None else None,
                    rank=ranks[session] if session is not None else None,
                )
            )
    people = db.session.scalars(
        sa.select(Registration)
        .where(Registration.workshop_id == workshop.id, Registration.id.in_(results))
        .order_by(Registration.id)
    )
    mails.distributed(workshop, made.id, people, results)
