"""The band that tells the kind of organisation: a colour, a pattern and a word.

Any two bands differ in pattern as well as in colour, so that they stay apart in black and white
and for people who do not see colours; contrast of words and band is at least 7 : 1.
"""

import functools
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageColor

from app.workshops.models import OrganisationKind

_SOLID: Sequence[str] = ()
_BARS = ("########", "########", "........", "........") * 2
_COLUMNS = ("##..##..",) * 8
_CHEQUERS = ("####....",) * 4 + ("....####",) * 4
_DOTS = (
    "........",
    "........",
    "..####..",
    "..####..",
    "..####..",
    "..####..",
    "........",
    "........",
)


@dataclass(frozen=True, slots=True)
class Band:
    """Colours as #rrggbb; the pattern's '#' are drawn in `ink`."""

    background: str
    ink: str
    pattern: Sequence[str]


BANDS: Mapping[OrganisationKind, Band] = {
    OrganisationKind.STATE_POLICE: Band("#0b3d6e", "#ffffff", _SOLID),
    OrganisationKind.FEDERAL_POLICE: Band("#17603a", "#ffffff", _BARS),
    OrganisationKind.CUSTOMS: Band("#f5b800", "#111111", _COLUMNS),
    OrganisationKind.MINISTRY: Band("#7a1f3d", "#ffffff", _CHEQUERS),
    OrganisationKind.OTHER: Band("#e3e3e3", "#111111", _DOTS),
}

BAND_LABELS = {
    OrganisationKind.STATE_POLICE: _l("State police"),
    OrganisationKind.FEDERAL_POLICE: _l("Federal police"),
    OrganisationKind.CUSTOMS: _l("Customs"),
    OrganisationKind.MINISTRY: _l("Interior ministry"),
    OrganisationKind.OTHER: _l("Partner organisation"),
}


@functools.cache
def pattern_images() -> dict[str, bytes]:
    """The patterns as PNG files, two squares wide: 'band-customs.png' and so on."""
    return {f"band-{kind}.png": _tile(band) for kind, band in BANDS.items() if band.pattern}


def _tile(band: Band) -> bytes:
    image = Image.new("RGB", (16, 8), band.background)
    for y, row in enumerate(band.pattern):
        for x, mark in enumerate(row * 2):
            if mark == "#":
                image.putpixel((x, y), ImageColor.getrgb(band.ink))
    file = io.BytesIO()
    # Many pixels a square, because viewers blur where one pixel covers many of theirs.
    image.resize((256, 128), Image.Resampling.NEAREST).quantize(2).save(file, "PNG")
    return file.getvalue()
