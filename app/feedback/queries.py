"""Reads about feedback. Nothing is told of a session that few have said something about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.agenda.models import AgendaSession, SessionKind
from app.agenda.timetable import QUIET, Slot
from app.extensions import db, now
from app.feedback.models import BEST, WORST, Feedback, FeedbackGiven
from app.registration.models import Registration, Status
from app.sorting import sort_key
from app.workshops.models import Workshop

LEAST = 3
"""Answers from which on results are shown: fewer could be told apart."""

_SAID = sa.select(Feedback.session_id, Feedback.rating, Feedback.good, Feedback.better)


@dataclass(frozen=True, slots=True)
class Results:
    """What participants said about a session; empty below `LEAST` answers."""

    count: int = 0
    # How many gave each rating, the best first.
    shares: tuple[tuple[int, int], ...] = ()
    # In alphabetical order, each list by itself: who wrote both cannot be seen.
    good: tuple[str, ...] = ()
    better: tuple[str, ...] = ()

    @property
    def average(self) -> float:
        """The mean rating; 0 without results."""
        return sum(rating * n for rating, n in self.shares) / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class SessionResults:
    """A session that has taken place, and what was said about it."""

    session_id: int
    title: str
    starts_at: datetime | None
    results: Results


def results_of(session_ids: Iterable[int]) -> dict[int, Results]:
    """What was said about each of these sessions (one query)."""
    said: dict[int, list[sa.Row[int, int, str, str]]] = {found: [] for found in session_ids}
    if said:
        for row in db.session.execute(_SAID.where(Feedback.session_id.in_(said))):
            said[row.session_id].append(row)
    return {session_id: _results(rows) for session_id, rows in said.items()}


def list_results(workshop: Workshop) -> list[SessionResults]:
    """Every session that is over or was spoken about, in order of time, with its results."""
    said: dict[int, list[sa.Row[int, int, str, str]]] = {}
    for row in db.session.execute(_SAID.where(Feedback.workshop_id == workshop.id)):
        said.setdefault(row.session_id, []).append(row)
    rows = db.session.execute(
        sa.select(AgendaSession.id, AgendaSession.title, AgendaSession.starts_at)
        .where(
            AgendaSession.workshop_id == workshop.id,
            sa.or_(
                AgendaSession.id.in_(said),
                sa.and_(
                    AgendaSession.deleted_at.is_(None),
                    AgendaSession.kind.not_in(QUIET),
                    AgendaSession.ends_at <= now(),
                ),
            ),
        )
        .order_by(AgendaSession.starts_at, AgendaSession.title)
    )
    return [SessionResults(*row, _results(said.get(row.id, []))) for row in rows]


def open_for(registration: Registration, slots: Iterable[Slot]) -> set[int]:
    """The sessions among these about which this person may say something now (one query)."""
    over = {slot.id for slot in slots if is_asked(slot.kind) and slot.ends <= now()}
    if not over or registration.status is not Status.CONFIRMED:
        return set()
    given = sa.select(FeedbackGiven.session_id).where(
        FeedbackGiven.registration_id == registration.id, FeedbackGiven.session_id.in_(over)
    )
    return over - set(db.session.scalars(given))


def has_given(registration: Registration, session_id: int) -> bool:
    """Whether this person has said something about the session."""
    found = db.session.get(FeedbackGiven, (registration.id, session_id))
    return found is not None


def is_asked(kind: SessionKind) -> bool:
    """Whether feedback is asked for on sessions of this kind: not on breaks and evenings."""
    return kind not in QUIET


def _results(rows: Sequence[sa.Row[int, int, str, str]]) -> Results:
    if len(rows) < LEAST:
        return Results()
    ratings = [row.rating for row in rows]
    return Results(
        count=len(rows),
        shares=tuple((rating, ratings.count(rating)) for rating in range(BEST, WORST - 1, -1)),
        good=_sorted(row.good for row in rows),
        better=_sorted(row.better for row in rows),
    )


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, texts), key=sort_key))
