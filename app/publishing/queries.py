"""Whom the changes of a release concern."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.accounts.models import Account
from app.agenda.models import SessionRole
from app.agenda.releases.changes import Change
from app.extensions import db
from app.registration.models import Registration, Status
from app.signup.models import Pick, SignUp, SignUpState, Wish
from app.speakers.queries import addresses_of


class Tie(enum.StrEnum):
    """What somebody has to do with a session."""

    SPEAKER = "speaker"
    CHAIR = "chair"
    JOINING = "joining"  # speaks or chairs, and did not in the release before
    SIGNED_UP = "signed_up"
    WAITING = "waiting"
    WISHED = "wished"
    PICKED = "picked"
    LEAVING = "leaving"  # spoke or chaired in the release before, and no longer does


ON_STAGE = frozenset({Tie.SPEAKER, Tie.CHAIR, Tie.JOINING, Tie.LEAVING})
_ROLES = {SessionRole.SPEAKER: Tie.SPEAKER, SessionRole.CHAIR: Tie.CHAIR}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to write to: a participant, a speaker, or both in one."""

    email: str
    name: str
    registration_id: int | None
    speaker_id: int | None


@dataclass(slots=True)
class Reach:
    """Whom changes concern, by session and by person.

    `names` are those concerned by a session, `unreachable` speakers without an address.
    """

    names: dict[int, dict[Tie, list[str]]] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    # Address → person, and address → session id → ties.
    readers: dict[str, Reader] = field(default_factory=dict)
    ties: dict[str, dict[int, set[Tie]]] = field(default_factory=dict)

    def add(self, session_id: int, tie: Tie, reader: Reader) -> None:
        """Note that the session concerns this person; one address is one person."""
        key = reader.email.lower()
        known = self.readers.setdefault(key, reader)
        if known.speaker_id is None and reader.speaker_id is not None:
            self.readers[key] = Reader(
                known.email, known.name, known.registration_id, reader.speaker_id
            )
        self.ties.setdefault(key, {}).setdefault(session_id, set()).add(tie)
        self.add_name(session_id, tie, reader.name)

    def add_name(self, session_id: int, tie: Tie, name: str) -> None:
        """Note a name under the session, whether or not it can be written to."""
        self.names.setdefault(session_id, {}).setdefault(tie, []).append(name)


def find_reach(workshop_id: int, changes: Sequence[Change]) -> Reach:
    """Those whom noteworthy changes concern: confirmed participants, speakers and chairs."""
    reach = Reach()
    noteworthy = [change for change in changes if change.is_noteworthy]
    if not noteworthy:
        return reach
    _add_participants(reach, workshop_id, {change.session_id for change in noteworthy})
    _add_speakers(reach, workshop_id, noteworthy)
    return reach


def _add_participants(reach: Reach, workshop_id: int, session_ids: set[int]) -> None:
    waits = sa.case(
        (SignUp.state == SignUpState.WAITING, Tie.WAITING.value), else_=Tie.SIGNED_UP.value
    )
    ties = sa.union_all(
        *(
            sa.select(
                model.session_id.label("session_id"),
                model.registration_id.label("registration_id"),
                tie.label("tie"),
            ).where(model.workshop_id == workshop_id, model.session_id.in_(session_ids))
            for model, tie in (
                (SignUp, waits),
                (Wish, sa.literal(Tie.WISHED.value)),
                (Pick, sa.literal(Tie.PICKED.value)),
            )
        )
    ).subquery()
    rows = db.session.execute(
        sa.select(
            ties.c.session_id,
            ties.c.tie,
            Registration.id,
            Registration.email,
            Registration.title,
            Registration.first_name,
            Registration.last_name,
        )
        .join(Registration, Registration.id == ties.c.registration_id)
        .where(Registration.status == Status.CONFIRMED)
        .order_by(Registration.sort_key, Registration.id)
    )
    for row in rows:
        name = f"{row.title} {row.first_name} {row.last_name}".strip()
        reach.add(row.session_id, Tie(row.tie), Reader(row.email, name, row.id, None))


def _add_speakers(reach: Reach, workshop_id: int, changes: Iterable[Change]) -> None:
    addresses = addresses_of(workshop_id)
    for change in changes:
        for speaker_id, (tie, name) in _on_stage(change).items():
            found = addresses.get(speaker_id)
            if found is None:
                reach.unreachable.add(name)
                reach.add_name(change.session_id, tie, name)
                continue
            reader = Reader(found.email, found.name, found.registration_id, speaker_id)
            reach.add(change.session_id, tie, reader)


def _on_stage(change: Change) -> dict[int, tuple[Tie, str]]:
    """Speaker id → what they do or did there, and their name."""
    # Whoever does both is named as a speaker.
    present = {p.id: (_ROLES[p.role], p.name) for p in reversed(change.slot.people)}
    if change.before is None or change.after is None:
        return present
    past = {person.id: person.name for person in change.before.people}
    return {
        **{i: (tie if i in past else Tie.JOINING, name) for i, (tie, name) in present.items()},
        **{i: (Tie.LEAVING, name) for i, name in past.items() if i not in present},
    }


def account_names(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Account id → the name under which it did something; deleted ones are left out."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name, Account.email).where(Account.id.in_(set(account_ids)))
    )
    return {row.id: row.name or row.email for row in rows}
