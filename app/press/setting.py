"""How texts are set: each in the one font that has all of it, lines so far apart that ink of one
never touches the next.

Most letters keep within a line; the ring on Ǻ, two marks on Ế or the comma below Ț do not.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from app.press.fonts import (
    BOLD,
    Family,
    family_for,
    is_beyond_fira,
    measures_of,
    stack,
)

# Ink of usual letters in bold, in em: ÁČŻ above, ÇĄg below. Boxes are made for them.
USUAL_ASCENT, USUAL_DEPTH = 0.956, 0.262
# What stays white between two lines, and between a letter and its mark.
_WHITE, _MARK_GAP = 0.03, 0.11
# Letters of yet other fonts are not measured: wider than the widest usual ones.
_UNKNOWN_WIDTH = 1.15
# Canonical combining classes of marks.
_ABOVE = frozenset({214, 216, 228, 230, 232, 234})
_BELOW = frozenset({202, 218, 220, 222, 233})

# Letters of which no two lines at the usual height come near each other.
_PLAIN = re.compile("[\x20-\x7eäöüß–…„“‚‘’·]*")
_PIECES = re.compile(r"(<[^<>]*>)")
_UNSEEN = re.compile(r"<(style|title|script)\b")


def set_texts(html: str) -> tuple[str, bool]:
    """A document with each text that needs it marked with its font and the height of its lines.

    Also whether there was any. Tags must be whole, and '>' escaped in their values.
    """
    if not _is_special(html):
        return html, False
    return "".join(_set_pieces(_PIECES.split(html))), True


def setting_css() -> str:
    """The style sheet for what `set_texts` marks; texts in `.fitted` have their lines' height."""
    rules = (f".{_css_class(family)} {{ font-family: {stack(family)} }}" for family in Family)
    return "\n".join((*rules, ".fitted [class^=set-] { line-height: 0 !important }"))


def text_width(text: str, family: Family, weight: int) -> float:
    """The sum of the letters' widths in em, without kerning."""
    widths = measures_of(family, weight).widths
    return sum(widths.get(ord(char), _other_width(char)) for char in text)


def line_height(lines: Sequence[str], family: Family, weight: int, usual: float) -> float:
    """The height of each of these lines, in em: `usual`, 1.14 at least, if that leaves white."""
    if all(map(_PLAIN.fullmatch, lines)):
        return usual
    reach = [_extents(line, family, weight) for line in lines]
    between = (depth + ascent for (_, depth), (ascent, _) in itertools.pairwise(reach))
    ascent, depth = reach[0][0], reach[-1][1]
    beyond_box = max(ascent - USUAL_ASCENT, depth - USUAL_DEPTH, 0.0)
    return max(usual + 2 * beyond_box, *(distance + _WHITE for distance in between), usual)


def paragraph_height(text: str, usual: float) -> float:
    """The height of each line of a running text, in em, which may break anywhere."""
    return max(usual, _own_height(text, family_for(text))) if _is_special(text) else usual


def _set_pieces(pieces: Sequence[str]) -> Iterator[str]:
    """Tags and texts in turn, texts marked; style sheets and the title have no elements in them."""
    unseen = margins = ""
    for number, piece in enumerate(pieces):
        if number % 2:
            yield piece
            opened = _UNSEEN.match(piece)
            if opened:
                unseen = opened[1]
            elif piece == f"</{unseen}>":
                unseen = ""
                # The title stands in the margins, too.
                yield margins
                margins = ""
        elif not unseen and _is_special(piece):
            yield _in_span(piece)
        else:
            if unseen == "title" and _is_special(piece):
                margins = f"<style>@page {{ font-family: {stack(family_for(piece))} }}</style>"
            yield piece


def _in_span(text: str) -> str:
    family = family_for(text)
    height = _own_height(text, family)
    # Without a height of its own, the line keeps that of the font around it.
    return f'<span class="{_css_class(family)}" style="line-height:{height:.3g}">{text}</span>'


def _css_class(family: Family) -> str:
    return f"set-{family.name.lower()}"


def _own_height(text: str, family: Family) -> float:
    """What a line needs to hold its ink, in em; 0 where any line holds it."""
    ascent, depth = _extents(text, family, BOLD)
    if ascent <= USUAL_ASCENT and depth <= USUAL_DEPTH:
        return 0.0
    own = measures_of(family, BOLD)
    return own.ascent + own.depth + 2 * max(ascent - own.ascent, depth - own.depth)


def _is_special(text: str) -> bool:
    return not text.isascii() and any(map(_is_special_letter, set(text)))


@functools.lru_cache(maxsize=5000)
def _is_special_letter(char: str) -> bool:
    """Whether Fira Sans cannot set it, or not within a usual line."""
    return is_beyond_fira(char) or _own_height(char, Family.FIRA) > 0


@functools.lru_cache(maxsize=4000)
def _extents(text: str, family: Family, weight: int) -> tuple[float, float]:
    """How far the ink of a line reaches above its base line and below it, in em."""
    tops, bottoms = [0.0], [0.0]
    ink = measures_of(family, weight).ink
    for char in text:
        low, high = ink(ord(char))
        mark = unicodedata.combining(char)
        if not mark:
            tops.append(high)
            bottoms.append(-low)
        elif mark in _ABOVE:
            tops[-1] += high - low + _MARK_GAP
        elif mark in _BELOW:
            bottoms[-1] = max(bottoms[-1], 0.0) + high - low + _MARK_GAP
    return max(tops), max(bottoms)


def _other_width(char: str) -> float:
    return 0.0 if unicodedata.combining(char) else _UNKNOWN_WIDTH
