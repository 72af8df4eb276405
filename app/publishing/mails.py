"""The digest: one mail to each person whom a release concerns, with all that concerns them.

Thousands may be told at once. What their mails say depends on a few sessions only, so a text is
composed once for all whom the same changes concern in the same way, and the calendar entry of a
session is written once.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.agenda.exports.calendar import cancelled_event, mail_type, session_events, sessions_file
from app.agenda.models import AgendaRelease, Speaker
from app.agenda.releases.changes import Change, ChangeKind, lines
from app.agenda.timetable import Slot
from app.extensions import db
from app.outbox.compose import LANGUAGE, Composed, compose
from app.outbox.service import File, Mail, SecretLink, queue_mails
from app.publishing.queries import ON_STAGE, Reach, Reader, Tie
from app.registration.links import personal_link
from app.speakers.links import own_link
from app.workshops.models import Workshop

TIES = {
    Tie.SPEAKER: _l("You speak"),
    Tie.CHAIR: _l("You chair"),
    Tie.JOINING: _l("You are newly scheduled here"),
    Tie.SIGNED_UP: _l("You have a seat"),
    Tie.WAITING: _l("You are on the waiting list"),
    Tie.WISHED: _l("You wished for this"),
    Tie.PICKED: _l("You have noted this"),
    Tie.LEAVING: _l("You are no longer scheduled here"),
}
# The order in which somebody's ties are named; only the first counts.
_ORDER = tuple(Tie)
Group = tuple[tuple[int, Tie], ...]


@dataclass(frozen=True)
class Item:
    """A session in a digest: its place as it is now, and what changed."""

    slot: Slot
    tie: Tie
    takes_place: bool
    lines: tuple[str, ...]
    to_confirm: bool


@dataclass(frozen=True)
class _Shared:
    """What all mails of a group have in common. `mark` stands where the name will."""

    mail: Composed
    mark: str
    file: File


def queue_digests(
    workshop: Workshop, release: AgendaRelease, changes: Sequence[Change], reach: Reach
) -> int:
    """Queue one mail to each person; returns how many."""
    writer = _Writer(workshop, release, changes)
    speakers = _speakers(reach)
    mails = []
    for address, reader in reach.readers.items():
        shared = writer.shared(_group(reach.ties[address]))
        key = f"r{reader.registration_id}" if reader.registration_id else f"s{reader.speaker_id}"
        mails.append(
            Mail(
                recipient=reader.email,
                recipient_name=reader.name,
                reply_to=workshop.contact_email,
                workshop_id=workshop.id,
                subject=shared.mail.subject,
                text=shared.mail.text.replace(shared.mark, reader.name),
                html=shared.mail.html.replace(shared.mark, escape(reader.name)),
                sender_name=shared.mail.sender_name,
                link=_link(workshop, reader, speakers),
                attachments=(shared.file,),
                once_key=f"release-{release.id}-{key}",
            )
        )
    queue_mails(mails)
    return len(mails)


class _Writer:
    """Composes the mails of one release, each text once."""

    def __init__(
        self, workshop: Workshop, release: AgendaRelease, changes: Sequence[Change]
    ) -> None:
        self.workshop, self.release = workshop, release
        self.changes = {change.session_id: change for change in changes}
        self.events = session_events(workshop, release.content)
        self.mark = f"[[{secrets.token_hex(8)}]]"  # nothing that anybody typed is the same
        self.written: dict[Group, _Shared] = {}
        with force_locale(LANGUAGE):
            self.lines = {change.session_id: tuple(lines(change)) for change in changes}

    def shared(self, group: Group) -> _Shared:
        """The mail of all whom these sessions concern in these ways."""
        if group not in self.written:
            self.written[group] = self._write(group)
        return self.written[group]

    def _write(self, group: Group) -> _Shared:
        items = sorted(
            (self._item(self.changes[session_id], tie) for session_id, tie in group),
            key=lambda item: (item.slot.starts, item.slot.id),
        )
        on_stage = [item for item in items if item.tie in ON_STAGE]
        mail = compose(
            "publishing/mail/digest",
            workshop=self.workshop,
            name=self.mark,
            release=self.release,
            on_stage=on_stage,
            others=[item for item in items if item.tie not in ON_STAGE],
            to_confirm=any(item.to_confirm for item in on_stage),
            ties=TIES,
        )
        file = File(
            filename=f"{self.workshop.slug}.ics",
            content_type=mail_type(self.workshop),
            content=sessions_file(self.workshop, self._entries(group)),
        )
        return _Shared(mail, self.mark, file)

    def _item(self, change: Change, tie: Tie) -> Item:
        stays = change.after is not None and tie is not Tie.LEAVING
        words = self.lines[change.session_id]
        if tie is Tie.LEAVING or (tie in ON_STAGE and ChangeKind.NEW in change.kinds):
            words = ()  # what they do there and where it is says it all
        return Item(
            slot=change.slot,
            tie=tie,
            takes_place=stays,
            lines=words,
            to_confirm=stays and tie in ON_STAGE and (tie is Tie.JOINING or change.asks_anew),
        )

    def _entries(self, group: Group) -> Iterator[bytes]:
        for session_id, tie in group:
            after = self.changes[session_id].after
            if tie is Tie.LEAVING and after is not None:
                yield cancelled_event(self.workshop, after)
            else:
                yield self.events[session_id]


def _group(ties: dict[int, set[Tie]]) -> Group:
    """What decides a mail's text: the sessions, and of somebody's ties to each the first."""
    return tuple(
        (session_id, min(ties[session_id], key=_ORDER.index)) for session_id in sorted(ties)
    )


def _speakers(reach: Reach) -> dict[int, Speaker]:
    ids = {reader.speaker_id for reader in reach.readers.values() if reader.speaker_id}
    found = db.session.scalars(sa.select(Speaker).where(Speaker.id.in_(ids)))
    return {speaker.id: speaker for speaker in found}


def _link(workshop: Workshop, reader: Reader, speakers: dict[int, Speaker]) -> SecretLink:
    """To the own page of those who speak, to the own agenda of all others."""
    if reader.speaker_id is not None:
        return own_link(workshop, speakers[reader.speaker_id])
    if reader.registration_id is None:
        raise ValueError("a reader takes part or speaks")
    return personal_link(workshop, reader.registration_id, page="/agenda")
