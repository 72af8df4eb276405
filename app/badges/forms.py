"""What to print, and on what."""

import enum

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import TextInput

from app.documents.forms import stock_choices
from app.documents.stock import DEFAULT_STOCK
from app.web.forms import Form


class Which(enum.StrEnum):
    """Which badges to print."""

    UNPRINTED = "unprinted"
    ALL = "all"


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
        self.stock.choices = stock_choices()

    @property
    def offset_mm(self) -> tuple[float, float]:
        """To the right and down, in millimetres."""
        return float(self.offset_x.data or 0), float(self.offset_y.data or 0)
