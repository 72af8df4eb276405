"""What the desk's agenda forms look like: input only, the rules are in the service."""

import re
from datetime import date
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectChoice, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation

from app.agenda.draft.people import people_text
from app.agenda.draft.places import RoomDraft, TopicDraft
from app.agenda.draft.queries import list_rooms, list_tracks
from app.agenda.draft.service import SessionDraft
from app.agenda.models import (
    PALETTE,
    AgendaSession,
    Room,
    SessionKind,
    SessionRole,
    SignUpMode,
    Track,
)
from app.agenda.words import COLOURS, KINDS, LANGUAGES, SIGN_UP
from app.web.forms import VersionedForm, long_text_field, text_field
from app.web.language import weekday
from app.workshops.models import Workshop


def _number_or_none(value: Any) -> int | None:
    return int(value) if value not in {None, ""} else None


def _choice(label: Any, **kwargs: Any) -> SelectField:
    advice = _l("Choose an entry of the list.")
    return SelectField(label, invalid_value_message=advice, invalid_choice_message=advice, **kwargs)


def _choices(words: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in words.items()]


class NeededOnADay:
    """Required if a day is chosen; in the tray whatever stands here does not count."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if form.day.data and any(field.raw_data or ()):
            return
        field.errors = []
        raise StopValidation(self.message if form.day.data else None)


class EndField(TimeField):  # type: ignore[misc]  # the package has no types
    """When something ends: midnight may be typed as 24:00, too."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent."""
        super().process_formdata(
            ["00:00" if re.fullmatch(r"\s*24[:.]00\s*", v) else v for v in valuelist]
        )


def _clock(label: Any, required: Any, kind: type[TimeField] = TimeField) -> TimeField:
    return kind(
        label,
        validators=[NeededOnADay(required)],
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


def _seats(description: Any = "") -> IntegerField:
    return IntegerField(
        _l("Seats"),
        description=description,
        validators=[Optional(), NumberRange(1, 9999, _l("Enter a number from 1 to 9999."))],
        invalid_value_message=_l("Enter a number from 1 to 9999."),
    )


def _is_date(text: str | None) -> bool:
    try:
        date.fromisoformat(text or "")
    except ValueError:
        return False
    return True


class SessionForm(VersionedForm):
    """A session or a break."""

    kind = _choice(
        _l("Kind"),
        choices=_choices(KINDS),
        validators=[InputRequired(_l("Choose an entry of the list."))],
    )
    title = text_field(_l("Title"), required=_l("Enter a title."), longest=200)
    day = _choice(_l("Day"), validators=[Optional()])
    starts = _clock(_l("Start"), _l("Enter when it starts."))
    ends = _clock(_l("End"), _l("Enter when it ends."), EndField)
    minutes = IntegerField(
        _l("Length in minutes"),
        default=60,
        validators=[Optional(), NumberRange(5, 1440, _l("Enter a number from 5 to 1440."))],
        description=_l("Counts as long as no day is chosen."),
        invalid_value_message=_l("Enter a number from 5 to 1440."),
    )
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
    language = _choice(_l("Language"), choices=_choices(LANGUAGES), default="de")
    abstract = long_text_field(
        _l("Description"), longest=5000, description=_l("You may use **bold**, lists and links.")
    )
    seats = _seats(_l("Left empty: as many as the room holds."))
    sign_up = _choice(_l("Sign-up"), choices=_choices(SIGN_UP), default=SignUpMode.NONE.value)
    notes = long_text_field(
        _l("Internal notes"), longest=2000, description=_l("Only the organisers see them.")
    )

    def offer(self, workshop: Workshop) -> None:
        """Offer this workshop's days, rooms and topics."""
        days = [SelectChoice("", _l("No day yet (tray)"))]
        days += [SelectChoice(day.isoformat(), weekday(day)) for day in workshop.days]
        if self.day.data not in {choice.value for choice in days} and _is_date(self.day.data):
            # The workshop's new dates have left the session behind; the service refuses the day.
            days.append(SelectChoice(self.day.data, weekday(date.fromisoformat(self.day.data))))
        self.day.choices = days
        known = Locale.parse(str(get_locale() or "de")).languages
        if self.language.data not in LANGUAGES and self.language.data in known:
            # An imported session may be in any language; saving it must not change that.
            other = SelectChoice(self.language.data, known[self.language.data])
            self.language.choices = [*_choices(LANGUAGES), other]
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
            day=date.fromisoformat(self.day.data) if self.day.data else None,
            starts=self.starts.data,
            ends=self.ends.data,
            minutes=self.minutes.data or 60,
            room_id=self.room_id.data,
            track_id=self.track_id.data,
            speakers=self.speakers.data or "",
            chair=self.chair.data or "",
            abstract=self.abstract.data or "",
            language=self.language.data,
            seats=self.seats.data,
            sign_up=SignUpMode(self.sign_up.data),
            notes=self.notes.data or "",
        )


class RoomForm(VersionedForm):
    """A room."""

    name = text_field(_l("Name"), required=_l("Enter a name."), longest=100)
    seats = _seats()
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
        values["kind"], values["sign_up"] = entry.kind.value, entry.sign_up.value
        values["speakers"] = people_text(entry, SessionRole.SPEAKER)
        values["chair"] = people_text(entry, SessionRole.CHAIR)
    return values
