"""Text that fits its box: measured with its font's own widths and ink, before it is laid out.

Breaks stand at blanks and behind hyphens; a word is divided, as German words are, only where it
alone is wider than the box at the smallest size.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app import hyphens
from app.press import fonts
from app.press.fonts import Family, family_for, printable
from app.press.setting import line_height, paragraph_height
from app.press.setting import text_width as letters_width

MM_PER_POINT = 25.4 / 72
REGULAR, BOLD = fonts.REGULAR, fonts.BOLD
LINE_HEIGHT = 1.14

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
    """Lines and the font size, in points, at which they fit; `line_height` in its parts."""

    lines: tuple[str, ...]
    size: float
    line_height: float = LINE_HEIGHT

    @property
    def height(self) -> float:
        """In millimetres."""
        return len(self.lines) * self.size * self.line_height * MM_PER_POINT

    def width(self, weight: int) -> float:
        """Of the longest line, in millimetres."""
        family = family_for(self.text)
        widest = max(_line_width(line, family, weight) for line in self.lines)
        return widest * self.size * MM_PER_POINT

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @property
    def css(self) -> str:
        """Size and height of line, for an element of the class `fitted`."""
        own = f";line-height:{self.line_height:.4g}" if self.line_height != LINE_HEIGHT else ""
        return f"font-size:{self.size}pt{own}"


@dataclass(frozen=True, slots=True)
class _Type:
    """The font of a whole text."""

    family: Family
    weight: int

    def width(self, line: str) -> float:
        """In em; never less than what is printed."""
        return _line_width(line, self.family, self.weight)

    def line_height(self, lines: Sequence[str]) -> float:
        """In em."""
        return line_height(lines, self.family, self.weight, LINE_HEIGHT)


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
    return _line_width(text, family_for(text), weight)


def fit(lines: Sequence[str], box: Box) -> Fitted | None:
    """The given lines in the box, as large as possible; None when there is no text.

    More lines are taken, up to `box.lines`, where that makes the text clearly larger. What does
    not fit even at the smallest size is divided, and ends in an ellipsis.
    """
    given = [line for line in map(one_line, lines) if line]
    if not given:
        return None
    font = _Type(family_for(" ".join(given)), box.weight)
    ways = [_scored(lines, box, given, font) for lines in _broken(given, box.lines)]
    _score, best = max(ways, default=(0.0, None), key=lambda way: way[0])
    if best and best.size >= box.smallest:
        return best
    return _forced(given, box, font)


def wrap(text: str, width: float, size: float, *, weight: int = REGULAR, most: int) -> Fitted:
    """`text` at this size in lines of `width` millimetres; those beyond `most` are cut off."""
    line = one_line(text) or "–"
    box = Box(width, 1e6, size, size, most, weight)
    return _forced([line], box, _Type(family_for(line), weight))


def lines_height(
    text: str, width: float, size: float, usual: float, weight: int = REGULAR
) -> float:
    """About how high a running text becomes at this size; `usual` is its height of line, in em."""
    lines = count_lines(text, width, size, weight)
    return lines * size * paragraph_height(text, usual) * MM_PER_POINT


def count_lines(text: str, width: float, size: float, weight: int = REGULAR) -> int:
    """About how many lines of `width` millimetres the text takes at this size; quick."""
    room = width / MM_PER_POINT / size
    font = _Type(family_for(text), weight)
    blank = font.width(" ")
    lines, used = 1, 0.0
    for word in text.split():
        needed = font.width(word)
        if used and used + blank + needed > room:
            lines, used = lines + 1, 0.0
        used += needed + (blank if used else 0.0)
        while used > room:
            lines, used = lines + 1, used - room
    return lines


def _scored(
    lines: Sequence[str], box: Box, given: Sequence[str], font: _Type
) -> tuple[float, Fitted]:
    widest = max(map(font.width, lines))
    height = font.line_height(lines)
    points = min(
        box.largest,
        box.width / MM_PER_POINT / widest,
        box.height / MM_PER_POINT / height / len(lines),
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
    return score, Fitted(tuple(lines), size, height)


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


def _forced(given: Sequence[str], box: Box, font: _Type) -> Fitted:
    """Lines at the smallest size, filled word by word; words that are too long are divided."""
    room = box.width / MM_PER_POINT / box.smallest
    # However it breaks, lines need no more than all letters below themselves.
    height = font.line_height([" ".join(given)] * min(box.lines, 2))
    most = max(1, min(box.lines, int(box.height / MM_PER_POINT / height / box.smallest)))
    for parts in (given, [" ".join(given)]):
        lines, rest = _filled(parts, room, most, font)
        if not rest:
            break
    if rest:
        last = lines[-1]
        while last and font.width(last + _ELLIPSIS) > room:
            last = last[:-1].rstrip(" ,;–-")
        lines[-1] = last + _ELLIPSIS
        # What is left may no longer need the other font.
        family = family_for(" ".join(lines))
        if family is not font.family:
            return _forced(lines, box, replace(font, family=family))
    return Fitted(tuple(lines), box.smallest, font.line_height(lines))


def _filled(
    parts: Sequence[str], room: float, most: int, font: _Type
) -> tuple[list[str], Sequence[str]]:
    """At most so many full lines, each part beginning a new one, and what is left."""
    lines: list[str] = []
    rest = list(parts)
    while rest and len(lines) < most:
        line, remainder = _fill(rest[0], room, font)
        lines.append(line)
        rest[:1] = [remainder] if remainder else []
    return lines, rest


def _fill(text: str, room: float, font: _Type) -> tuple[str, str]:
    """The beginning of `text` that fills a line, at least one character, and the rest."""
    if font.width(text) <= room:
        return text, ""
    fitting = [m for m in _BREAK.finditer(text) if font.width(text[: m.start()]) <= room]
    if fitting:
        return text[: fitting[-1].start()], text[fitting[-1].end() :]
    word = text.split(" ", 1)[0]
    for place in reversed(hyphens.places(word)):
        if font.width(word[:place] + "-") <= room:
            return word[:place] + "-", text[place:]
    length = 1
    while font.width(text[: length + 1]) <= room:
        length += 1
    return text[:length], text[length:]


@functools.lru_cache(maxsize=4000)
def _line_width(text: str, family: Family, weight: int) -> float:
    return _SLACK * letters_width(text, family, weight)
