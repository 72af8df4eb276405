"""What speakers do in the agenda: sessions of the draft, their slots in the shown release."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from app.agenda.models import AgendaSession, SessionPerson, SessionRole
from app.agenda.releases.content import Content, read_slots
from app.agenda.releases.service import shown_content
from app.agenda.timetable import Slot
from app.extensions import db, now
from app.speakers.models import Concern
from app.workshops.models import Workshop


class SpeakerAnswer(enum.StrEnum):
    """What somebody has said to a slot."""

    UNRELEASED = "unreleased"  # nothing to answer to
    OPEN = "open"
    CONFIRMED = "confirmed"
    CONCERN = "concern"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """Somebody in a session. Title and text are the draft's, `slot` is the shown release's."""

    session_id: int
    speaker_id: int
    title: str
    abstract: str
    roles: tuple[SessionRole, ...]
    slot: Slot | None
    confirmed_at: datetime | None
    concern: str
    # Whether the draft still has this person in this session.
    in_draft: bool

    @property
    def answer(self) -> SpeakerAnswer:
        """What the person has said to the slot as it is now."""
        if self.concern:
            return SpeakerAnswer.CONCERN
        if self.confirmed_at:
            return SpeakerAnswer.CONFIRMED
        return SpeakerAnswer.OPEN if self.slot and self.in_draft else SpeakerAnswer.UNRELEASED

    @property
    def time(self) -> str:
        """What a confirmation of the slot names."""
        return time_of(self.slot) if self.slot else ""

    @property
    def speaks(self) -> bool:
        """Whether the person is more than the chair."""
        return SessionRole.SPEAKER in self.roles

    def has_ended(self, at: datetime) -> bool:
        """Whether the session is over."""
        return self.slot is not None and self.slot.ends <= at


def speaking_of(
    workshop: Workshop, speaker_ids: Iterable[int] | None = None
) -> dict[int, tuple[Speaking, ...]]:
    """Speaker id → sessions in order of time, unreleased ones last; None: of all speakers."""
    wanted = None if speaker_ids is None else set(speaker_ids)
    content = shown_content(workshop)
    slots = _released_slots(workshop, content)
    found = [*_drafted(workshop.id, wanted, slots)]
    known = {(s.session_id, s.speaker_id) for s in found}
    found += [s for s in _only_released(slots, wanted) if (s.session_id, s.speaker_id) not in known]
    found.sort(key=lambda s: (s.slot is None, s.slot.starts if s.slot else 0, s.session_id))
    by_speaker: dict[int, tuple[Speaking, ...]] = {}
    for speaking in found:
        by_speaker[speaking.speaker_id] = (*by_speaker.get(speaking.speaker_id, ()), speaking)
    return by_speaker


def time_of(slot: Slot) -> str:
    """Start and end of a slot, so that a form can say which one was on the screen."""
    return f"{slot.starts.isoformat()}/{slot.ends.isoformat()}"


def _released_slots(workshop: Workshop, content: Content | None) -> dict[int, Slot]:
    """Session id → slot of a release; none while none is shown."""
    if content is None:
        return {}
    slots = read_slots(content, content["sessions"], workshop.zone, now())
    return {slot.id: slot for slot in slots}


def _drafted(
    workshop_id: int, wanted: set[int] | None, slots: dict[int, Slot]
) -> Iterable[Speaking]:
    query = (
        sa.select(
            SessionPerson.session_id,
            SessionPerson.speaker_id,
            SessionPerson.role,
            SessionPerson.confirmed_at,
            SessionPerson.confirmed_starts_at,
            SessionPerson.confirmed_ends_at,
            AgendaSession.title,
            AgendaSession.abstract,
            Concern.text.label("concern"),
        )
        .join(AgendaSession, AgendaSession.id == SessionPerson.session_id)
        .outerjoin(
            Concern,
            sa.and_(
                Concern.session_id == SessionPerson.session_id,
                Concern.speaker_id == SessionPerson.speaker_id,
            ),
        )
        .where(SessionPerson.workshop_id == workshop_id, AgendaSession.deleted_at.is_(None))
    )
    if wanted is not None:
        query = query.where(SessionPerson.speaker_id.in_(wanted))
    roles: dict[tuple[int, int], list[Any]] = {}
    for row in db.session.execute(query):
        roles.setdefault((row.session_id, row.speaker_id), []).append(row)
    for rows in roles.values():
        row, slot = rows[0], slots.get(rows[0].session_id)
        suits = slot and (slot.starts, slot.ends) == (
            row.confirmed_starts_at,
            row.confirmed_ends_at,
        )
        yield Speaking(
            session_id=row.session_id,
            speaker_id=row.speaker_id,
            title=row.title,
            abstract=row.abstract,
            roles=tuple(r.role for r in rows),
            slot=slot,
            confirmed_at=row.confirmed_at if suits else None,
            concern=row.concern or "",
            in_draft=True,
        )


def _only_released(slots: dict[int, Slot], wanted: set[int] | None) -> Iterable[Speaking]:
    """What a release still shows: that the draft has changed is nobody's business yet."""
    for slot in slots.values():
        roles: dict[int, list[SessionRole]] = {}
        for person in sorted(slot.people, key=attrgetter("id")):
            if wanted is None or person.id in wanted:
                roles.setdefault(person.id, []).append(person.role)
        for speaker_id, present in roles.items():
            yield Speaking(
                session_id=slot.id,
                speaker_id=speaker_id,
                title=slot.title,
                abstract=slot.abstract,
                roles=tuple(present),
                slot=slot,
                confirmed_at=None,
                concern="",
                in_draft=False,
            )
