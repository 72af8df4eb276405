"""What to print, and on what."""

import enum

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import TextInput

from app.badges.stock import DEFAULT_STOCK, Stock, StockKind, list_stocks
from app.web.forms import Form


class Which(enum.StrEnum):
    """Which badges to print."""

    UNPRINTED = "unprinted"
    ALL = "all"


_GROUPS = {
    StockKind.SHEET: _l("Label sheets (A4)"),
    StockKind.SINGLE: _l("Badge holders (one card a page)"),
    StockKind.ROLL: _l("Label printers"),
}
_OFFSET = _l("Enter a distance from -10 to 10 mm.")


class MillimetreField(DecimalField):  # type: ignore[misc]  # the package has no types
    """A distance; a comma is as good as a point."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        super().process_formdata([value.replace(",", ".") for value in valuelist])


class PrintForm(Form):
    """The print job. The sheet and the offsets are remembered for the next one."""

    which = RadioField(
        _l("Which badges?"),
        choices=[
            SelectChoice(Which.UNPRINTED, _l("New and changed")),
            SelectChoice(Which.ALL, _l("All")),
        ],
        default=Which.UNPRINTED,
        validators=[InputRequired(_l("Choose which badges to print."))],
    )
    stock = SelectField(
        _l("Label sheet"),
        default=DEFAULT_STOCK,
        validators=[InputRequired(_l("Choose a label sheet."))],
    )
    start_at = IntegerField(
        _l("First free label"),
        description=_l("1 on a new sheet"),
        default=1,
        validators=[
            InputRequired(_l("Enter the number of a label.")),
            NumberRange(1, 100, _l("Enter the number of a label.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    offset_x = MillimetreField(
        _l("Move to the right (mm)"),
        default=0,
        places=1,
        validators=[InputRequired(_OFFSET), NumberRange(-10, 10, _OFFSET)],
        render_kw={"inputmode": "decimal"},
    )
    offset_y = MillimetreField(
        _l("Move down (mm)"),
        default=0,
        places=1,
        validators=[InputRequired(_OFFSET), NumberRange(-10, 10, _OFFSET)],
        render_kw={"inputmode": "decimal"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.stock.choices = _stock_choices()

    @property
    def offset_mm(self) -> tuple[float, float]:
        """To the right and down, in millimetres."""
        return float(self.offset_x.data or 0), float(self.offset_y.data or 0)


class BackForm(Form):
    """On which labels the programme shall fit; sent by GET."""

    stock = SelectField(_l("Label sheet"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.stock.choices = _stock_choices()


def _stock_choices() -> list[SelectChoice]:
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
