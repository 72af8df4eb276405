"""What papers measure of a font: which letters it has, how wide they are, where their ink ends.

Read straight out of the file (TrueType: ISO/IEC 14496-22). A library for fonts would take more
memory in each web process than all that is measured.
"""

import itertools
import struct
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_WHOLE_UNICODE = 12
"""The format of the table from letters to glyphs that all our fonts have."""


@dataclass(frozen=True, slots=True)
class Measures:
    """A font's measures, in em."""

    ascent: float
    """Of a line as the font itself has it, above its base line; `depth`: below."""
    depth: float
    widths: Mapping[int, float]
    """Code point → how wide the letter is, with the white around it."""
    _glyphs: Mapping[int, int]
    _em: int
    _inks: "array[int]"

    def ink(self, code: int) -> tuple[float, float]:
        """Where a letter's ink begins and ends, above the base line; 0 and 0 without any."""
        glyph = self._glyphs.get(code)
        if glyph is None:
            return 0.0, 0.0
        low, high = self._inks[2 * glyph : 2 * glyph + 2]
        return low / self._em, high / self._em


def read_measures(file: Path) -> Measures:
    """The measures of a TrueType font; a few milliseconds."""
    data = file.read_bytes()
    tables = {}
    for entry in range(int.from_bytes(data[4:6], "big")):
        tag, _sum, start, length = struct.unpack_from(">4s3I", data, 12 + 16 * entry)
        tables[tag] = data[start : start + length]
    em, is_long = struct.unpack_from(">18xH30xH", tables[b"head"])
    ascent, descent, count = struct.unpack_from(">4xhh26xH", tables[b"hhea"])
    widths = [width / em for width in struct.unpack_from(f">{'Hxx' * count}", tables[b"hmtx"])]
    glyphs = dict(_glyphs(tables[b"cmap"]))
    return Measures(
        ascent=ascent / em,
        depth=-descent / em,
        # Glyphs beyond the last entry are as wide as that.
        widths={code: widths[min(glyph, count - 1)] for code, glyph in glyphs.items()},
        _glyphs=glyphs,
        _em=em,
        _inks=_inks(tables[b"glyf"], tables[b"loca"], is_long=bool(is_long)),
    )


def _inks(glyf: bytes, loca: bytes, *, is_long: bool) -> "array[int]":
    """Lowest and highest point of each glyph in turn."""
    size, unit, form = (4, 1, "I") if is_long else (2, 2, "H")
    starts = struct.unpack(f">{len(loca) // size}{form}", loca)
    inks = array("h")
    for start, end in itertools.pairwise(starts):
        inks.extend(struct.unpack_from(">4xh2xh", glyf, start * unit) if end > start else (0, 0))
    return inks


def _glyphs(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Pairs of code point and glyph."""
    for entry in range(int.from_bytes(cmap[2:4], "big")):
        (start,) = struct.unpack_from(">4xI", cmap, 4 + 8 * entry)
        if int.from_bytes(cmap[start : start + 2], "big") == _WHOLE_UNICODE:
            (groups,) = struct.unpack_from(">I", cmap, start + 12)
            for group in range(groups):
                first, last, glyph = struct.unpack_from(">3I", cmap, start + 16 + 12 * group)
                yield from ((code, glyph + code - first) for code in range(first, last + 1))
            return
