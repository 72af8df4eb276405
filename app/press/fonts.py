"""The fonts of all papers, and what none of them can print.

Fira Sans is the usual one. It lacks 62 of the letters that German authorities must show in names
(DIN 91379:2022-08) and puts marks of its own beside their letters; Noto Sans has all of them with
each mark in its place. DejaVu Sans brings Arabic, Hebrew, Armenian, Georgian and some more.
"""

import atexit
import enum
import functools
import re
import unicodedata
from typing import Any

from app.press.measures import Measures, read_measures
from config import ROOT

FONT_DIRECTORY = ROOT / "static" / "vendor" / "fonts"
REGULAR, BOLD = 400, 700


class Family(enum.StrEnum):
    """A font by its name in style sheets; earlier ones are preferred."""

    FIRA = "Fira Sans"
    NOTO = "Noto Sans"
    DEJAVU = "DejaVu Sans"


# Files by CSS weight.
FONT_FILES = {
    Family.FIRA: {REGULAR: "FiraSans-Regular.ttf", BOLD: "FiraSans-Bold.ttf"},
    Family.NOTO: {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"},
    Family.DEJAVU: {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"},
}
ALL_FILES = frozenset(file for files in FONT_FILES.values() for file in files.values())

# Categories of Unicode: format and private codes, pictographs, modifiers of both.
_UNPRINTABLE = frozenset({"Cf", "Cn", "Co", "Cs", "So", "Sk", "Me"})
# Those whose loss somebody would notice.
_NOTICED = frozenset({"Cn", "Co", "So"})
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_LAST_USUAL = "\u024f"  # the end of Latin Extended-B, which all fonts have
_STAND_IN = "?"
# Printed as the plain one where a font lacks them.
_HYPHENS = "\u2010\u2011"
_LOST = "\ufffd"
_LOST_RUN = re.compile(f"{_LOST}+")


def printable(text: str) -> str:
    """`text` without what no office font can print: pictographs, direction marks, codes.

    Letters of scripts that no font here has become one question mark a run. PDF/UA-1 forbids
    the box that stands for a missing glyph (ISO 14289-1, 7.21.8).
    """
    unusual = [char for char in set(text) if char > _LAST_USUAL]
    dropped = {ord(char): None for char in unusual if _is_unprintable(char)}
    lost = [char for char in unusual if ord(char) not in dropped and not _is_known(char)]
    if lost:
        text = _LOST_RUN.sub(_STAND_IN, text.translate(dict.fromkeys(map(ord, lost), _LOST)))
    return text.translate(dropped) if dropped else text


def missing_letters(text: str) -> str:
    """Characters of `text` that papers cannot show, each once; empty when all can be printed."""
    found = (
        char
        for char in dict.fromkeys(unicodedata.normalize("NFC", text))
        if char > _LAST_USUAL
        and (
            unicodedata.category(char) in _NOTICED or not (_is_unprintable(char) or _is_known(char))
        )
    )
    return "".join(found)


def family_for(text: str) -> Family:
    """The one font in which the whole text is set.

    A mark that has no ready letter is never left to Fira Sans, so that no letter and its mark
    come from two fonts.
    """
    letters = set(text) if not text.isascii() else ()
    if not any(map(is_beyond_fira, letters)):
        return Family.FIRA
    noto = measures_of(Family.NOTO).widths
    has_all = all(ord(char) in noto or not _has_ink(char) for char in letters)
    return Family.NOTO if has_all else Family.DEJAVU


@functools.lru_cache(maxsize=5000)
def is_beyond_fira(char: str) -> bool:
    """Whether Fira Sans cannot set this right: a letter it lacks, or a mark without a letter."""
    is_mark = unicodedata.category(char)[0] == "M"
    return is_mark or (ord(char) not in measures_of(Family.FIRA).widths and _has_ink(char))


@functools.cache
def measures_of(family: Family, weight: int = REGULAR) -> Measures:
    """Widths and ink of the font's letters."""
    return read_measures(FONT_DIRECTORY / FONT_FILES[family][weight])


def fonts_css(*families: Family) -> str:
    """The style sheet that names these fonts; their files are `app:font/<name>`."""
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' src: url("app:font/{file}") }}'
        for family in families
        for weight, file in FONT_FILES[family].items()
    )


def stack(family: Family) -> str:
    """The value of `font-family` for texts in this font."""
    others = (other for other in (Family.NOTO, Family.DEJAVU) if other != family)
    return ", ".join((*(f'"{name}"' for name in (family, *others)), "sans-serif"))


@functools.cache
def font_config() -> Any:
    """WeasyPrint's configuration of fonts, unpacked once a process."""
    from weasyprint.text.fonts import FontConfiguration

    # Its files are removed when it goes, which must not be after the modules that do it.
    atexit.register(font_config.cache_clear)
    return FontConfiguration()


def _is_unprintable(char: str) -> bool:
    return unicodedata.category(char) in _UNPRINTABLE or char in _VARIATION_SELECTORS


def _is_known(char: str) -> bool:
    return not _has_ink(char) or any(ord(char) in measures_of(family).widths for family in Family)


def _has_ink(char: str) -> bool:
    return unicodedata.category(char)[0] not in "ZC" and char not in _HYPHENS
