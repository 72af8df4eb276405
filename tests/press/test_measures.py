"""What is measured of the fonts is what a library for fonts reads in them."""

import pytest
from fontTools.ttLib import TTFont

from app.press.fonts import ALL_FILES, FONT_DIRECTORY
from app.press.measures import read_measures


@pytest.mark.parametrize("name", sorted(ALL_FILES))
def test_measures_are_the_font_s_own(name: str) -> None:
    font = TTFont(FONT_DIRECTORY / name)
    em = font["head"].unitsPerEm
    letters = font.getBestCmap()
    measures = read_measures(FONT_DIRECTORY / name)

    assert measures.ascent == font["hhea"].ascent / em
    assert measures.depth == -font["hhea"].descent / em
    metrics = font["hmtx"].metrics
    assert measures.widths == {code: metrics[glyph][0] / em for code, glyph in letters.items()}
    inks = {
        code: (getattr(glyph, "yMin", 0) / em, getattr(glyph, "yMax", 0) / em)
        for code, glyph in ((code, font["glyf"][name]) for code, name in letters.items())
    }
    assert {code: measures.ink(code) for code in letters} == inks
    assert measures.ink(0x10FFFF) == (0, 0)
