"""Which door signs to print, and on which labels."""

from datetime import date

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.documents.door_signs import Orientation
from app.documents.programme import PrintedProgramme
from app.documents.stock import Stock, StockKind, list_stocks
from app.web.forms import Form
from app.web.language import weekday

_GROUPS = {
    StockKind.SHEET: _l("Label sheets (A4)"),
    StockKind.SINGLE: _l("Badge holders (one card a page)"),
    StockKind.ROLL: _l("Label printers"),
}


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


class BackForm(Form):
    """On which labels the programme shall fit; sent by GET."""

    stock = SelectField(_l("Label sheet"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.stock.choices = stock_choices()


def stock_choices() -> list[SelectChoice]:
    """All label stock, in groups, for a list."""
    return [
        SelectChoice(stock.slug, _described(stock), None, str(_GROUPS[stock.kind]))
        for stock in list_stocks()
    ]


def _described(stock: Stock) -> str:
    """The name and, where it does not say so itself, how large a label is."""
    if stock.kind is StockKind.SINGLE:
        return stock.name
    size = f"{format_decimal(stock.width)} × {format_decimal(stock.height)} mm"
    if stock.kind is StockKind.ROLL:
        return f"{stock.name}: {size}"
    count = _("%(count)s on a sheet", count=stock.labels_per_page)
    return f"{stock.name}: {size}, {count}"
