"""The fonts of all papers, and what none of them can print."""

import atexit
import functools
import unicodedata
from typing import Any

from config import ROOT

FONT_DIRECTORY = ROOT / "static" / "vendor" / "fonts"
FONT_FAMILY = "Fira Sans"
# CSS weight: file. Scripts that Fira Sans lacks come from the system's DejaVu Sans.
FONT_FILES = {400: "FiraSans-Regular.woff2", 700: "FiraSans-Bold.woff2"}

# Categories of Unicode: format and private codes, pictographs, modifiers of both.
_UNPRINTABLE = frozenset({"Cf", "Cn", "Co", "Cs", "So", "Sk", "Me"})
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_LAST_USUAL = "\u024f"  # the end of Latin Extended-B


def printable(text: str) -> str:
    """`text` without what no office font can print: pictographs, direction marks, codes.

    PDF/UA-1 forbids the box that stands for a missing glyph (ISO 14289-1, 7.21.8).
    """
    unusual = (char for char in set(text) if char > _LAST_USUAL)
    dropped = {
        ord(char): None
        for char in unusual
        if unicodedata.category(char) in _UNPRINTABLE or char in _VARIATION_SELECTORS
    }
    return text.translate(dropped) if dropped else text


def fonts_css() -> str:
    """The style sheet that names the fonts; their files are `app:font/<name>`."""
    faces = (
        f'@font-face {{ font-family: "{FONT_FAMILY}"; font-weight: {weight};'
        f' src: url("app:font/{file}") }}'
        for weight, file in FONT_FILES.items()
    )
    fallback = f'html {{ font-family: "{FONT_FAMILY}", "DejaVu Sans", sans-serif }}'
    return "\n".join((*faces, fallback))


@functools.cache
def font_config() -> Any:
    """WeasyPrint's configuration of fonts, unpacked once a process."""
    from weasyprint.text.fonts import FontConfiguration

    # Its files are removed when it goes, which must not be after the modules that do it.
    atexit.register(font_config.cache_clear)
    return FontConfiguration()
