"""Text that fits its box: measured with the font's own widths, before anything is laid out.

Breaks stand at blanks and behind hyphens; a word is divided, as German words are, only where it
alone is wider than the box at the smallest size.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app import hyphens
from app.press.fonts import FONT_DIRECTORY, FONT_FILES, printable

MM_PER_POINT = 25.4 / 72
LINE_HEIGHT = 1.14
REGULAR, BOLD = 400, 700

# Letters of other fonts are not measured: wider than the widest usual ones of DejaVu Sans.
_UNKNOWN_WIDTH = 1.15
# Widths are sums without kerning; this much room stays for what that leaves out.
_SLACK = 1.02
_ELLIPSIS = "…"
_HYPHENS = ("-", "‐", "–", "/")
_MOST_PLACES = 10  # where a text may break; beyond it, trying all ways would take long
_BREAK = re.compile(r"(?<=[-‐–/])(?=\w)|\s+")
# What a way to break costs, as a share of its size: one longer line is easier to read than two;
# lines that were given apart stay apart; 'von' belongs to what follows; hyphens come last.
_EXTRA_LINE, _JOINED, _AFTER_SMALL_WORD, _AT_HYPHEN = 0.88, 0.7, 0.9, 0.9


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines and the font size, in points, at which they fit."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """In millimetres."""
        return len(self.lines) * self.size * LINE_HEIGHT * MM_PER_POINT

    def width(self, weight: int) -> float:
        """Of the longest line, in millimetres."""
        return max(text_width(line, weight) for line in self.lines) * self.size * MM_PER_POINT

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Box:
    """Room for text: millimetres, points, and how many lines at most."""

    width: float
    height: float
    largest: float
    smallest: float
    lines: int = 1
    weight: int = REGULAR


def one_line(text: str) -> str:
    """`text` as it is printed: composed, without controls, blanks as single blanks."""
    composed = printable(unicodedata.normalize("NFC", text))
    spaced = (
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in composed
    )
    return " ".join("".join(spaced).replace("\xad", "").split())


def text_width(text: str, weight: int = REGULAR) -> float:
    """Width of one line in em; never less than what is printed."""
    return _line_width(text, weight)


def fit(lines: Sequence[str], box: Box) -> Fitted | None:
    """The given lines in the box, as large as possible; None when there is no text.

    More lines are taken, up to `box.lines`, where that makes the text clearly larger. What does
    not fit even at the smallest size is divided, and ends in an ellipsis.
    """
    given = [line for line in map(one_line, lines) if line]
    if not given:
        return None
    ways = [_scored(lines, box, given) for lines in _broken(given, box.lines)]
    _score, best = max(ways, default=(0.0, None), key=lambda way: way[0])
    if best and best.size >= box.smallest:
        return best
    return _forced(given, box)


def wrap(text: str, width: float, size: float, *, weight: int = REGULAR, most: int) -> Fitted:
    """`text` at this size in lines of `width` millimetres; those beyond `most` are cut off."""
    return _forced([one_line(text) or "–"], Box(width, 1e6, size, size, most, weight))


def count_lines(text: str, width: float, size: float, weight: int = REGULAR) -> int:
    """About how many lines of `width` millimetres the text takes at this size; quick."""
    room = width / MM_PER_POINT / size
    blank = _line_width(" ", weight)
    lines, used = 1, 0.0
    for word in text.split():
        needed = _line_width(word, weight)
        if used and used + blank + needed > room:
            lines, used = lines + 1, 0.0
        used += needed + (blank if used else 0.0)
        while used > room:
            lines, used = lines + 1, used - room
    return lines


def _scored(lines: Sequence[str], box: Box, given: Sequence[str]) -> tuple[float, Fitted]:
    widest = max(_line_width(line, box.weight) for line in lines)
    points = min(
        box.largest,
        box.width / MM_PER_POINT / widest,
        box.height / MM_PER_POINT / LINE_HEIGHT / len(lines),
    )
    size = int(points * 4) / 4  # quarter points, rounded down
    score = size * _EXTRA_LINE ** max(0, len(lines) - len(given))
    if len(given) > 1 and not any(line.endswith(given[0]) for line in lines):
        score *= _JOINED
    for line in lines[:-1]:
        if line.endswith(_HYPHENS):
            score *= _AT_HYPHEN
        elif line.rsplit(" ", 1)[-1].islower():
            score *= _AFTER_SMALL_WORD
    return score, Fitted(tuple(lines), size)


def _broken(given: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """Each way to set the text in 1 to `most` lines: apart as given, and joined."""
    if 1 < len(given) <= most:
        ways = (_ways(line, most - len(given) + 1) for line in given)
        for choice in itertools.product(*map(list, ways)):
            lines = tuple(itertools.chain.from_iterable(choice))
            if len(lines) <= most:
                yield lines
    yield from _ways(" ".join(given), min(most, len(given)) if len(given) > 1 else most)


def _ways(text: str, most: int) -> Iterator[tuple[str, ...]]:
    places = [match.span() for match in _BREAK.finditer(text)][:_MOST_PLACES]
    for count in range(min(most - 1, len(places)) + 1):
        for chosen in itertools.combinations(places, count):
            starts = [0, *(end for _, end in chosen)]
            ends = [*(start for start, _ in chosen), len(text)]
            yield tuple(text[a:b] for a, b in zip(starts, ends, strict=True))


def _forced(given: Sequence[str], box: Box) -> Fitted:
    """Lines at the smallest size, filled word by word; words that are too long are divided."""
    room = box.width / MM_PER_POINT / box.smallest
    most = max(1, min(box.lines, int(box.height / MM_PER_POINT / LINE_HEIGHT / box.smallest)))
    for parts in (given, [" ".join(given)]):
        lines, rest = _filled(parts, room, most, box.weight)
        if not rest:
            break
    if rest:
        last = lines[-1]
        while last and _line_width(last + _ELLIPSIS, box.weight) > room:
            last = last[:-1].rstrip(" ,;–-")
        lines[-1] = last + _ELLIPSIS
    return Fitted(tuple(lines), box.smallest)


def _filled(
    parts: Sequence[str], room: float, most: int, weight: int
) -> tuple[list[str], Sequence[str]]:
    """At most so many full lines, each part beginning a new one, and what is left."""
    lines: list[str] = []
    rest = list(parts)
    while rest and len(lines) < most:
        line, remainder = _fill(rest[0], room, weight)
        lines.append(line)
        rest[:1] = [remainder] if remainder else []
    return lines, rest


def _fill(text: str, room: float, weight: int) -> tuple[str, str]:
    """The beginning of `text` that fills a line, at least one character, and the rest."""
    if _line_width(text, weight) <= room:
        return text, ""
    fitting = [m for m in _BREAK.finditer(text) if _line_width(text[: m.start()], weight) <= room]
    if fitting:
        return text[: fitting[-1].start()], text[fitting[-1].end() :]
    word = text.split(" ", 1)[0]
    for place in reversed(hyphens.places(word)):
        if _line_width(word[:place] + "-", weight) <= room:
            return word[:place] + "-", text[place:]
    length = 1
    while _line_width(text[: length + 1], weight) <= room:
        length += 1
    return text[:length], text[length:]


@functools.lru_cache(maxsize=20_000)
def _line_width(text: str, weight: int) -> float:
    widths = _advances(weight)
    return _SLACK * sum(widths.get(ord(char), _other_width(char)) for char in text)


def _other_width(char: str) -> float:
    return 0.0 if unicodedata.combining(char) else _UNKNOWN_WIDTH


@functools.cache
def _advances(weight: int) -> dict[int, float]:
    """Advance widths of the font in em, by code point; a few milliseconds, once a process."""
    from fontTools.ttLib import TTFont

    with TTFont(FONT_DIRECTORY / FONT_FILES[weight], lazy=True) as font:
        em = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        return {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
