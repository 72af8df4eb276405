"""The desk's list of speakers, and which participants they might be."""

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.agenda.models import Speaker
from app.extensions import db
from app.materials.models import SessionFile
from app.registration.models import ACTIVE, Registration, Status
from app.sorting import name_sort_key, sort_key
from app.speakers.speaking import SpeakerAnswer, Speaking, speaking_of
from app.workshops.models import Organisation, Workshop

_TITLES = frozenset(
    {"dr", "prof", "dipl", "ing", "med", "jur", "phil", "rer", "nat", "hc", "h", "c"}
)


class SpeakerState(enum.StrEnum):
    """How a speaker is known and can be reached."""

    REGISTERED = "registered"
    UNPROVED = "unproved"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    GUEST = "guest"
    UNREACHABLE = "unreachable"


_STATES = {
    Status.CONFIRMED: SpeakerState.REGISTERED,
    Status.HELD: SpeakerState.UNPROVED,
    Status.WAITING: SpeakerState.WAITING,
    Status.UNPROVED: SpeakerState.UNPROVED,
    Status.PENDING: SpeakerState.UNPROVED,
    Status.CANCELLED: SpeakerState.CANCELLED,
    Status.EXPIRED: SpeakerState.CANCELLED,
    Status.DECLINED: SpeakerState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A registration as it is offered for linking."""

    id: int
    first_name: str
    last_name: str
    status: Status
    organisation: str

    @property
    def name(self) -> str:
        """'Karla Muster'."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of the list."""

    id: int
    name: str
    organisation: str
    state: SpeakerState
    registration_id: int | None
    invited_at: datetime | None
    sessions: tuple[Speaking, ...]
    files: int
    suggestion: Known | None

    @property
    def is_reachable(self) -> bool:
        """Whether a mail can be sent."""
        return self.state not in {SpeakerState.CANCELLED, SpeakerState.UNREACHABLE}

    @property
    def lacks_answer(self) -> bool:
        """Whether a slot waits to be confirmed."""
        return any(s.answer is SpeakerAnswer.OPEN for s in self.sessions)


def list_speakers(workshop: Workshop) -> list[Listed]:
    """All speakers in the order of German names; the number of queries does not grow with them."""
    query = sa.select(Speaker).where(Speaker.workshop_id == workshop.id)
    speakers = sorted(db.session.scalars(query), key=lambda s: (name_key(s.name), s.id))
    registrations = list_known(workshop.id, statuses=tuple(Status)) if speakers else []
    by_id = {known.id: known for known in registrations}
    sessions = speaking_of(workshop)
    files = _count_files(workshop.id)
    suggestions = suggest(speakers, registrations)
    return [
        Listed(
            id=speaker.id,
            name=speaker.name,
            organisation=speaker.organisation,
            state=state_of(speaker, by_id.get(speaker.registration_id or 0)),
            registration_id=speaker.registration_id,
            invited_at=speaker.invited_at,
            sessions=sessions.get(speaker.id, ()),
            files=files[speaker.id],
            suggestion=suggestions.get(speaker.id),
        )
        for speaker in speakers
    ]


def _count_files(workshop_id: int) -> Counter[int]:
    rows = db.session.execute(
        sa.select(SessionFile.speaker_id, sa.func.count())
        .where(SessionFile.workshop_id == workshop_id, SessionFile.speaker_id.is_not(None))
        .group_by(SessionFile.speaker_id)
    )
    return Counter({speaker_id: count for speaker_id, count in rows if speaker_id is not None})


def state_of(speaker: Speaker, registration: Known | None) -> SpeakerState:
    """How a speaker is known, given the linked registration."""
    if registration is not None:
        return _STATES[registration.status]
    return SpeakerState.GUEST if speaker.email else SpeakerState.UNREACHABLE


def list_known(workshop_id: int, *, statuses: Sequence[Status] = ACTIVE) -> list[Known]:
    """Registrations that a speaker may be linked with, in the order of names."""
    rows = db.session.execute(
        sa.select(
            Registration.id,
            Registration.first_name,
            Registration.last_name,
            Registration.status,
            sa.func.coalesce(Organisation.name, Registration.other_organisation),
        )
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.workshop_id == workshop_id, Registration.status.in_(statuses))
        .order_by(Registration.sort_key, Registration.id)
    )
    return [Known(*row) for row in rows]


def suggest(speakers: Iterable[Speaker], registrations: Iterable[Known]) -> dict[int, Known]:
    """Speaker id → the one active participant of the same name whom no speaker is linked with.

    Where two have the name, nobody is suggested: a person has to decide.
    """
    speakers = list(speakers)
    linked = {speaker.registration_id for speaker in speakers}
    by_name: dict[str, list[Known]] = {}
    for known in registrations:
        if known.status in ACTIVE:
            by_name.setdefault(_plain(known.name), []).append(known)
    names = Counter(_plain(speaker.name) for speaker in speakers)
    found = {}
    for speaker in speakers:
        name = _plain(speaker.name)
        free = [known for known in by_name.get(name, ()) if known.id not in linked]
        if speaker.registration_id is None and names[name] == 1 and len(free) == 1:
            found[speaker.id] = free[0]
    return found


def name_key(name: str) -> str:
    """The order of a name that is written first name first; titles do not count."""
    words = name.split()
    while len(words) > 1 and _is_title(words[0]):
        words.pop(0)
    # 'Żaneta von der Lühe': the surname begins with the first word in lower case, if there is one.
    begin = next((n for n, w in enumerate(words) if n and w[0].islower()), len(words) - 1)
    return name_sort_key(" ".join(words[begin:]), " ".join(words[:begin]))


def _plain(name: str) -> str:
    return sort_key(" ".join(word for word in name.split() if not _is_title(word)))


def _is_title(word: str) -> bool:
    return "." in word and set(word.lower().replace("-", ".").strip(".").split(".")) <= _TITLES
