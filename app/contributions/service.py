"""The call for contributions, and what participants propose. Flushes and never commits."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.journal import record
from app.agenda.draft.queries import find_track
from app.contributions.models import Call, Proposal, ProposalState
from app.contributions.queries import find_open_call, get_call
from app.extensions import db
from app.refusals import ChangedMeanwhile, Refused
from app.registration.models import Registration
from app.workshops.locking import lock_workshop
from app.workshops.models import Workshop

MOST = 10
"""Proposals that one person may have open at the same time."""


class ClosesBeforeOpening(Refused):
    """The call would end before it begins."""


class CallClosed(Refused):
    """One can propose nothing at present."""


class NotTakingPart(Refused):
    """Only people whose address is proved and who take part or wait can propose something."""


class TooMany(Refused):
    """This person has proposed as much as one person may."""


class NotOffered(Refused):
    """The length or the topic is none of those offered."""


class NobodySpeaks(Refused):
    """Neither the person nor anybody else is to speak."""


class DecidedAlready(Refused):
    """The proposal is accepted, declined or withdrawn."""


@dataclass(frozen=True, kw_only=True)
class CallDraft:
    """The call as it is typed; lengths in minutes."""

    opens_at: datetime | None
    closes_at: datetime | None
    intro: str
    lengths: list[int]


@dataclass(frozen=True, kw_only=True)
class ProposalDraft:
    """A proposal as it is typed."""

    title: str
    abstract: str
    minutes: int
    track_id: int | None = None
    speaks_self: bool = True
    others: str = ""


def change_call(workshop: Workshop, draft: CallDraft, *, version: int) -> Call:
    """Set up the call. Raises `ClosesBeforeOpening` and `ChangedMeanwhile`."""
    if draft.opens_at and draft.closes_at and draft.closes_at <= draft.opens_at:
        raise ClosesBeforeOpening(_("The end must be after the start."), field="closes_at")
    # The workshop's row lets one after the other in, also before there is a call.
    lock_workshop(workshop.id)
    call = get_call(workshop.id)
    if call.version != version:
        raise ChangedMeanwhile(_("Somebody else has changed this meanwhile."))
    before = {name: getattr(call, name) for name in asdict(draft)}
    for name, value in asdict(draft).items():
        setattr(call, name, value)
    if version == 0:
        call.version = 1
        db.session.add(call)
    db.session.flush()
    changed = [name for name in before if before[name] != getattr(call, name)]
    told = {name: [_as_json(before[name]), _as_json(getattr(call, name))] for name in changed}
    told.pop("intro", None)  # a long text
    record(
        "contributions.call_changed",
        workshop_id=workshop.id,
        subject="call",
        detail={"fields": changed, "changes": told},
    )
    return call


def _as_json(value: datetime | list[int] | None) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def check_open(registration: Registration) -> Call:
    """The call, if this person may propose something now.

    Raises `CallClosed` and `NotTakingPart`.
    """
    call = find_open_call(registration.workshop_id)
    if call is None:
        raise CallClosed(_("Proposals are not taken at present."))
    if not registration.is_active or registration.address_proved_at is None:
        raise NotTakingPart(_("Please confirm your registration first."))
    return call


def propose(registration: Registration, draft: ProposalDraft) -> Proposal:
    """Hand in a proposal.

    Raises `CallClosed`, `NotTakingPart`, `TooMany`, `NotOffered` and `NobodySpeaks`.
    """
    call = check_open(registration)
    _check(registration, call, draft)
    # Two at once would both count the same number.
    db.session.execute(
        sa.select(Registration.id).where(Registration.id == registration.id).with_for_update()
    )
    mine = sa.select(sa.func.count()).where(
        Proposal.registration_id == registration.id, Proposal.state == ProposalState.SUBMITTED
    )
    if (db.session.scalar(mine) or 0) >= MOST:
        raise TooMany(_("You can have at most %(count)s open proposals.", count=MOST))
    proposal = Proposal(
        workshop_id=registration.workshop_id, registration_id=registration.id, **asdict(draft)
    )
    db.session.add(proposal)
    db.session.flush()
    note("contribution.submitted", proposal)
    return proposal


def change(
    registration: Registration, proposal_id: int, draft: ProposalDraft, *, version: int
) -> Proposal:
    """Change a proposal before the deadline.

    Raises what `propose` raises, `DecidedAlready` and `ChangedMeanwhile`.
    """
    call = check_open(registration)
    proposal = lock(registration.workshop_id, proposal_id, version)
    check_undecided(proposal)
    _check(registration, call, draft, kept=proposal)
    for name, value in asdict(draft).items():
        setattr(proposal, name, value)
    db.session.flush()
    note("contribution.changed", proposal)
    return proposal


def withdraw(registration: Registration, proposal_id: int) -> None:
    """Take a proposal back before the deadline.

    Raises `CallClosed`, `NotTakingPart` and `DecidedAlready`.
    """
    check_open(registration)
    proposal = lock(registration.workshop_id, proposal_id)
    check_undecided(proposal)
    proposal.state = ProposalState.WITHDRAWN
    db.session.flush()
    note("contribution.withdrawn", proposal)


def lock(workshop_id: int, proposal_id: int, version: int | None = None) -> Proposal:
    """The proposal as it is now, kept from others until the transaction ends.

    Raises `ChangedMeanwhile` if a version is named and is not the present one, or if the
    proposal is gone.
    """
    proposal = db.session.scalar(
        sa.select(Proposal)
        .filter_by(workshop_id=workshop_id, id=proposal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if proposal is None or version not in {None, proposal.version}:
        raise ChangedMeanwhile(_("Somebody else has changed this meanwhile."))
    return proposal


def check_undecided(proposal: Proposal) -> None:
    """Raises `DecidedAlready` unless the proposal waits for an answer."""
    if proposal.state is not ProposalState.SUBMITTED:
        raise DecidedAlready(_("This proposal is decided or withdrawn already."))


def note(action: str, proposal: Proposal) -> None:
    """Write it into the journal."""
    record(
        action,
        workshop_id=proposal.workshop_id,
        subject="contribution",
        subject_id=proposal.id,
    )


def _check(
    registration: Registration, call: Call, draft: ProposalDraft, kept: Proposal | None = None
) -> None:
    if draft.minutes not in call.lengths and (kept is None or kept.minutes != draft.minutes):
        raise NotOffered(_("Choose an entry of the list."), field="minutes")
    if draft.track_id and find_track(registration.workshop_id, draft.track_id) is None:
        raise NotOffered(_("Choose an entry of the list."), field="track_id")
    if not draft.speaks_self and not draft.others:
        raise NobodySpeaks(_("Name at least one person who speaks."), field="others")
