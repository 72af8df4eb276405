"""Who speaks in a session and who chairs it, as organisers type them: one person a line."""

from collections.abc import Collection

import sqlalchemy as sa

from app.agenda.models import AgendaSession, SessionPerson, SessionRole, Speaker
from app.extensions import db

LONGEST_NAME = 200


def people_text(session: AgendaSession, role: SessionRole) -> str:
    """The people of this role as they are typed: 'Name, organisation', one a line."""
    return "\n".join(p.speaker.label for p in session.people if p.role is role)


def set_people(session: AgendaSession, role: SessionRole, text: str) -> bool:
    """Make the typed people those of this role; says whether that changed anything.

    Whoever is in the session already stays, also beside somebody of the same name. Others are
    those whom the workshop knows by this name and organisation, else new.
    """
    present = [person for person in session.people if person.role is role]
    wanted = _wanted(session.workshop_id, [person.speaker for person in present], text)
    return put_people(session, role, wanted)


def put_people(session: AgendaSession, role: SessionRole, wanted: list[Speaker]) -> bool:
    """Make these the people of this role, in this order; says whether that changed anything."""
    present = [person for person in session.people if person.role is role]
    if [person.speaker_id for person in present] == [speaker.id for speaker in wanted]:
        return False
    kept = {person.speaker_id: person for person in present}
    session.people = [
        *(person for person in session.people if person.role is not role),
        *(kept.get(s.id) or _person(session, s, role) for s in wanted),
    ]
    for position, person in enumerate(session.people):
        person.position = position
    db.session.flush()
    # Those who are new know their speaker only once they are read from the database.
    db.session.expire(session, ["people"])
    return True


def is_speaker(registration_id: int) -> bool:
    """Whether this participant is one of the speakers."""
    query = sa.select(Speaker.id).where(Speaker.registration_id == registration_id)
    return db.session.scalar(query.limit(1)) is not None


class Cast:
    """The people of a file, who are told apart by what the file knows them by.

    Two of one name are two: the first is whom the workshop knows first by that name, and so on, so
    that the same file read again finds the same people.
    """

    def __init__(self, workshop_id: int) -> None:
        self.workshop_id = workshop_id
        self._by_key: dict[str, Speaker] = {}

    def find(self, key: str, name: str, organisation: str) -> Speaker:
        """The person, known or new."""
        if key not in self._by_key:
            wanted = _folded(name, organisation)
            namesakes = [
                s for s in self._by_key.values() if _folded(s.name, s.organisation) == wanted
            ]
            self._by_key[key] = _known_or_new(
                self.workshop_id, name, organisation, {speaker.id for speaker in namesakes}
            )
        return self._by_key[key]


def _person(session: AgendaSession, speaker: Speaker, role: SessionRole) -> SessionPerson:
    return SessionPerson(
        session_id=session.id,
        workshop_id=session.workshop_id,
        speaker_id=speaker.id,
        role=role,
    )


def _wanted(workshop_id: int, present: list[Speaker], text: str) -> list[Speaker]:
    """The people of each line, or of its parts between semicolons, each once."""
    left, found = list(present), list[Speaker]()
    for line in filter(None, (" ".join(line.split()) for line in text.splitlines())):
        # A whole line first: names and organisations may hold commas and semicolons, too.
        whole = _take(left, line)
        people = [whole] if whole else [_one(workshop_id, left, p) for p in line.split(";")]
        found += [speaker for speaker in people if speaker and speaker not in found]
    return found


def _one(workshop_id: int, left: list[Speaker], text: str) -> Speaker | None:
    name, _comma, organisation = text.partition(",")
    name, organisation = name.strip()[:LONGEST_NAME], organisation.strip()[:LONGEST_NAME]
    if not name:
        return None
    return _take(left, text) or _known_or_new(workshop_id, name, organisation)


def _take(left: list[Speaker], text: str) -> Speaker | None:
    """Take the first who stands in the agenda as this text."""
    wanted = " ".join(text.split()).casefold()
    for speaker in left:
        if " ".join(speaker.label.split()).casefold() == wanted:
            left.remove(speaker)
            return speaker
    return None


def _folded(name: str, organisation: str) -> tuple[str, str]:
    return name.casefold(), organisation.casefold()


def _known_or_new(
    workshop_id: int, name: str, organisation: str, others: Collection[int] = ()
) -> Speaker:
    """Whom the workshop knows by this name first, of those who are not `others`; else new."""
    wanted = _folded(name, organisation)
    # Compared here, not by the database: SQLite folds the case of ASCII letters only.
    for row in db.session.execute(
        sa.select(Speaker.id, Speaker.name, Speaker.organisation)
        .where(Speaker.workshop_id == workshop_id)
        .order_by(Speaker.id)
    ):
        if row.id not in others and _folded(row.name, row.organisation) == wanted:
            return db.session.get_one(Speaker, row.id)
    speaker = Speaker(workshop_id=workshop_id, name=name, organisation=organisation)
    db.session.add(speaker)
    db.session.flush()
    return speaker
