"""Which door signs to print."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.documents.door_signs import Orientation
from app.documents.programme import PrintedProgramme
from app.web.forms import Form
from app.web.language import weekday


class DoorSignForm(Form):
    """Sent by GET: the address names the file. Empty: all days, all rooms."""

    day = SelectField(_l("Day"), default="")
    room = SelectField(_l("Room"), default="")
    orientation = SelectField(
        _l("Paper"),
        choices=[
            SelectChoice(Orientation.LANDSCAPE.value, _l("Landscape")),
            SelectChoice(Orientation.PORTRAIT.value, _l("Portrait")),
        ],
        default=Orientation.LANDSCAPE.value,
    )

    def offer(self, data: PrintedProgramme) -> None:
        """Days and rooms that the release has. What the address leaves out counts as all."""
        self.day.choices = [SelectChoice("", _("All days"))] + [
            SelectChoice(day.on.isoformat(), weekday(day.on)) for day in data.days
        ]
        self.room.choices = [SelectChoice("", _("All rooms"))] + [
            SelectChoice(str(number), name) for number, name in data.rooms
        ]
        for field in (self.day, self.room, self.orientation):
            if field.data is None:
                field.data = field.default

    @property
    def chosen_day(self) -> date | None:
        """None: all."""
        return date.fromisoformat(self.day.data) if self.day.data else None

    @property
    def chosen_room(self) -> int | None:
        """None: all."""
        return int(self.room.data) if self.room.data else None
