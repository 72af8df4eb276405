"""What the desk's agenda forms look like: input only, the rules are in the service."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectChoice, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.agenda.models import PALETTE, AgendaSession, Room, SessionKind, SessionRole, Track
from app.agenda.people import people_text
from app.agenda.places import RoomDraft, TopicDraft
from app.agenda.queries import list_rooms, list_tracks
from app.agenda.service import SessionDraft
from app.web.forms import Form, long_text_field, text_field
from app.web.language import weekday
from app.workshops.models import Workshop

KINDS = {
    SessionKind.TALK: _l("Talk"),
    SessionKind.WORKSHOP: _l("Working group"),
    SessionKind.PANEL: _l("Discussion"),
    SessionKind.BREAK: _l("Break"),
    SessionKind.EVENING: _l("Evening event"),
}
COLOURS = {
    "blue": _l("Blue"),
    "green": _l("Green"),
    "orange": _l("Orange"),
    "violet": _l("Violet"),
    "teal": _l("Teal"),
    "red": _l("Red"),
}


def _number_or_none(value: Any) -> int | None:
    return int(value) if value not in {None, ""} else None


def _choice(label: Any, **kwargs: Any) -> SelectField:
    advice = _l("Choose an entry of the list.")
    return SelectField(label, invalid_value_message=advice, invalid_choice_message=advice, **kwargs)


def _clock(label: Any, required: Any) -> TimeField:
    return TimeField(
        label,
        validators=[InputRequired(required)],
        # Browsers send the first; the others are what people type where there is no time field.
        format=["%H:%M", "%H:%M:%S", "%H.%M"],
        invalid_value_message=_l("Enter a time such as 09:30."),
    )


def _position() -> IntegerField:
    return IntegerField(
        _l("Position in the list"),
        validators=[
            InputRequired(_l("Enter a number from 1 to 99.")),
            NumberRange(1, 99, _l("Enter a number from 1 to 99.")),
        ],
        invalid_value_message=_l("Enter a number from 1 to 99."),
    )


class VersionedForm(Form):
    """A form that remembers which version of the entry was on the screen."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @property
    def seen(self) -> int:
        """The version that was on the screen; 0 where none was sent."""
        return int(self.version.data or 0)

    def accept_version(self, version: int) -> None:
        """From now on the form knows this version, whatever the browser sent."""
        self.version.data = version
        self.version.raw_data = None


class SessionForm(VersionedForm):
    """A session or a break."""

    kind = _choice(
        _l("Kind"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        validators=[InputRequired(_l("Choose an entry of the list."))],
    )
    title = text_field(_l("Title"), required=_l("Enter a title."), longest=200)
    day = _choice(_l("Day"), validators=[InputRequired(_l("Choose one of the workshop's days."))])
    starts = _clock(_l("Start"), _l("Enter when it starts."))
    ends = _clock(_l("End"), _l("Enter when it ends."))
    room_id = _choice(_l("Room"), coerce=_number_or_none, validators=[Optional()])
    track_id = _choice(_l("Topic"), coerce=_number_or_none, validators=[Optional()])
    speakers = long_text_field(
        _l("Speakers"),
        longest=1000,
        description=_l("One person a line: name, comma, organisation."),
    )
    chair = long_text_field(
        _l("Chair"), longest=500, description=_l("One person a line: name, comma, organisation.")
    )
    abstract = long_text_field(_l("Description"), longest=3000)
    notes = long_text_field(
        _l("Internal notes"), longest=2000, description=_l("Only the organisers see them.")
    )

    def offer(self, workshop: Workshop) -> None:
        """Offer this workshop's days, rooms and topics."""
        days = [SelectChoice(day.isoformat(), weekday(day)) for day in workshop.days]
        if self.day.data not in {choice.value for choice in days}:
            # A session that the workshop's new dates have left behind belongs to none of them.
            days.insert(0, SelectChoice("", _l("Choose a day")))
        self.day.choices = days
        self.room_id.choices = [
            SelectChoice("", _l("No room of its own")),
            *(SelectChoice(str(room.id), room.name) for room in list_rooms(workshop.id)),
        ]
        self.track_id.choices = [
            SelectChoice("", _l("No topic")),
            *(SelectChoice(str(track.id), track.name) for track in list_tracks(workshop.id)),
        ]

    def draft(self) -> SessionDraft:
        """What was typed."""
        return SessionDraft(
            kind=SessionKind(self.kind.data),
            title=self.title.data,
            day=date.fromisoformat(self.day.data),
            starts=self.starts.data,
            ends=self.ends.data,
            room_id=self.room_id.data,
            track_id=self.track_id.data,
            speakers=self.speakers.data or "",
            chair=self.chair.data or "",
            abstract=self.abstract.data or "",
            notes=self.notes.data or "",
        )


class RoomForm(VersionedForm):
    """A room."""

    name = text_field(_l("Name"), required=_l("Enter a name."), longest=100)
    seats = IntegerField(
        _l("Seats"),
        validators=[Optional(), NumberRange(1, 9999, _l("Enter a number from 1 to 9999."))],
        invalid_value_message=_l("Enter a number from 1 to 9999."),
    )
    equipment = text_field(
        _l("Equipment"), longest=300, description=_l("For example projector or induction loop.")
    )
    position = _position()

    def draft(self) -> RoomDraft:
        """What was typed."""
        return RoomDraft(
            name=self.name.data,
            seats=self.seats.data,
            equipment=self.equipment.data or "",
            position=self.position.data,
        )


class TopicForm(VersionedForm):
    """A topic."""

    name = text_field(_l("Name"), required=_l("Enter a name."), longest=100)
    summary = long_text_field(
        _l("Summary"), longest=500, description=_l("One or two sentences for the first page.")
    )
    colour = _choice(
        _l("Colour"),
        choices=[SelectChoice(name, COLOURS[name]) for name in PALETTE],
        validators=[InputRequired(_l("Choose an entry of the list."))],
    )
    position = _position()

    def draft(self) -> TopicDraft:
        """What was typed."""
        return TopicDraft(
            name=self.name.data,
            summary=self.summary.data or "",
            colour=self.colour.data,
            position=self.position.data,
        )


def stored_values(entry: AgendaSession | Room | Track, workshop: Workshop) -> dict[str, Any]:
    """The stored entry as its form shows it."""
    values = {column.key: getattr(entry, column.key) for column in entry.__mapper__.columns}
    if isinstance(entry, AgendaSession):
        if entry.starts_at and entry.ends_at:
            starts, ends = (at.astimezone(workshop.zone) for at in (entry.starts_at, entry.ends_at))
            values |= {"day": starts.date().isoformat()}
            values |= {"starts": starts.time(), "ends": ends.time()}
        values["kind"] = entry.kind.value
        values["speakers"] = people_text(entry, SessionRole.SPEAKER)
        values["chair"] = people_text(entry, SessionRole.CHAIR)
    return values
