"""Where a page lies on a sheet."""

from typing import NamedTuple


class Spot(NamedTuple):
    """A page, counted from 0, and where its top left corner lies on the sheet; millimetres."""

    page: int
    left: float
    top: float
