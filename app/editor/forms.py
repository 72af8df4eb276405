"""What the forms of the plan look like: input only, the rules are in the agenda's service."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectChoice, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.agenda.draft.queries import list_rooms
from app.agenda.draft.service import Place
from app.agenda.models import AgendaSession
from app.editor.entry_forms import NeededOnADay
from app.web.forms import VersionedForm
from app.web.language import weekday
from app.workshops.models import Workshop

_CHOOSE = _l("Choose an entry of the list.")
_LENGTH = _l("Enter a length from 5 to 1440 minutes.")


def _room_or_none(value: Any) -> int | None:
    return int(value) if value not in {None, ""} else None


class MoveForm(VersionedForm):
    """Where a session stands: day, start, length, room. Without a day it lies in the tray."""

    day = SelectField(_l("Day"), invalid_value_message=_CHOOSE, invalid_choice_message=_CHOOSE)
    starts = TimeField(
        _l("Start"),
        validators=[NeededOnADay(_l("Enter when it starts."))],
        format=["%H:%M", "%H:%M:%S", "%H.%M"],
        invalid_value_message=_l("Enter a time such as 09:30."),
        # Browsers that offer times offer these.
        render_kw={"step": 300},
    )
    minutes = IntegerField(
        _l("Length in minutes"),
        validators=[InputRequired(_LENGTH), NumberRange(5, 1440, _LENGTH)],
        invalid_value_message=_LENGTH,
        render_kw={"step": 5, "inputmode": "numeric"},
    )
    room_id = SelectField(
        _l("Room"),
        coerce=_room_or_none,
        validators=[Optional()],
        invalid_value_message=_CHOOSE,
        invalid_choice_message=_CHOOSE,
    )

    def offer(self, workshop: Workshop) -> None:
        """Offer this workshop's days and rooms."""
        self.day.choices = [
            SelectChoice("", _l("In the tray, without a time")),
            *(SelectChoice(day.isoformat(), weekday(day)) for day in workshop.days),
        ]
        self.room_id.choices = [
            SelectChoice("", _l("No room of its own")),
            *(SelectChoice(str(room.id), room.name) for room in list_rooms(workshop.id)),
        ]

    def place(self) -> Place:
        """What was typed."""
        on = date.fromisoformat(self.day.data) if self.day.data else None
        return Place(
            day=on,
            starts=self.starts.data if on else None,
            minutes=self.minutes.data,
            room_id=self.room_id.data,
        )


def stored_place(session: AgendaSession, workshop: Workshop) -> dict[str, Any]:
    """The session's present place as the form shows it."""
    starts = session.starts_at.astimezone(workshop.zone) if session.starts_at else None
    return {
        "version": session.version,
        "day": starts.date().isoformat() if starts else "",
        "starts": starts.time() if starts else None,
        "minutes": session.minutes,
        "room_id": session.room_id,
    }
