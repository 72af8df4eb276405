"""Text that fits its box: measured with its font's own widths and ink, before it is laid out.

Breaks stand at blanks and behind hyphens, never behind a lone small word ('von'); a word is
divided, as German words are, only where it alone is wider than the box at the smallest size.
"""

import functools
import itertools
import math
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
_BREAK = re.compile(r"(?<=[-‐–/])(?=\w)|\s+")
_MOST_PLACES = 24  # where a text may break
_LONGEST_SMALL_WORD = 4  # 'von', 'und', 'für', 'zur', 'vom'; they belong to what follows
# What a way to break costs, as a share of its size: one longer line is easier to read than two;
# lines that were given apart stay apart; hyphens and 'von und zu' come last.
_EXTRA_LINE, _JOINED, _AT_HYPHEN, _AFTER_SMALL_WORDS = 0.88, 0.7, 0.9, 0.9


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
    """Room for text: millimetres, points, and how many lines at most.

    Below `ample` points, larger letters count for more than where the lines break.
    """

    width: float
    height: float
    largest: float
    smallest: float
    lines: int = 1
    weight: int = REGULAR
    ample: float = 0.0


def one_line(text: str) -> str:
    """`text` as it is printed: composed, without controls, blanks as single blanks."""
    composed = printable(unicodedata.normalize("NFC", text))
    spaced = (
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in composed
    )
    return " ".join("".join(spaced).replace("\xad", "").split())


def _has_letters(line: str) -> bool:
    """Whether anything stands there; marks without a letter have no width of their own."""
    return any(unicodedata.category(char)[0] not in "MCZ" for char in line)


def text_width(text: str, weight: int = REGULAR) -> float:
    """Width of one line in em; never less than what is printed."""
    return _line_width(text, family_for(text), weight)


def fit(lines: Sequence[str], box: Box) -> Fitted | None:
    """The given lines in the box, as large as possible; None when there is no text.

    More lines are taken, up to `box.lines`, where that makes the text clearly larger. What does
    not fit even at the smallest size is divided, and ends in an ellipsis.
    """
    given = [line for line in map(one_line, lines) if _has_letters(line)]
    if not given:
        return None
    font = _Type(family_for(" ".join(given)), box.weight)
    best, worth = None, (0.0, 0.0)
    for way in _candidates(given, box, font):
        score, fitted = _scored(way, box, given, font)
        if (min(fitted.size, box.ample), score) > worth:
            best, worth = fitted, (min(fitted.size, box.ample), score)
        if score == _in_quarters(box.largest):  # as it is with most texts
            break
    return best if best and best.size >= box.smallest else _forced(given, box, font)


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
    size = _in_quarters(points)
    score = size * _EXTRA_LINE ** max(0, len(lines) - len(given))
    if len(given) > 1 and not any(line.endswith(given[0]) for line in lines):
        score *= _JOINED
    for line in lines[:-1]:
        if line.endswith(_HYPHENS):
            score *= _AT_HYPHEN
        elif _is_small(line.rsplit(" ", 1)[-1]):
            score *= _AFTER_SMALL_WORDS
    return score, Fitted(tuple(lines), size, height)


def _in_quarters(points: float) -> float:
    return int(points * 4) / 4


def _candidates(given: Sequence[str], box: Box, font: _Type) -> Iterator[tuple[str, ...]]:
    """The good ways to set the text: as given, then broken and joined as far as that may help."""
    most = box.lines
    if len(given) <= most:
        yield tuple(given)
        _score, first = _scored(given, box, given, font)
        # More lines than these are too many for the box's height at this size.
        highest = box.height / MM_PER_POINT / LINE_HEIGHT
        most = min(most, int(highest / max(first.size, 1)))
    if 1 < len(given) <= most:
        ways = [list(_ways(line, most - len(given) + 1, font)) for line in given]
        for choice in itertools.product(*ways):
            lines = tuple(itertools.chain.from_iterable(choice))
            if len(lines) <= most:
                yield lines
    is_joined = len(given) > 1
    yield from _ways(
        " ".join(given),
        min(most, len(given)) if is_joined else most,
        font,
        only_good=is_joined,
    )


def _ways(
    text: str, most: int, font: _Type, *, only_good: bool = False
) -> Iterator[tuple[str, ...]]:
    """The narrowest way for each number of lines: with good breaks alone, and with all."""
    yield (text,)
    places = _places(text)
    good = [place for place in places if not _is_costly(text, place)]
    for chosen in (good, places) if len(good) < len(places) and not only_good else (good,):
        pieces = _pieces(text, chosen, font)
        for count in range(2, min(most, len(pieces)) + 1):
            yield tuple(text[start:end] for start, end in _narrowest(pieces, count))


def _places(text: str) -> list[tuple[int, int]]:
    """Where a text may break: from the end of a line to the start of the next one."""
    places = [match.span() for match in _BREAK.finditer(text)]
    good = [place for place in places if not _tears_apart(text, place)] or places
    # Trying takes as long as their number squared; no name has as many.
    return good[:: math.ceil(len(good) / _MOST_PLACES) or 1]


def _tears_apart(text: str, place: tuple[int, int]) -> bool:
    """Whether a line would end in a lone 'von', or amid 'von und zu'."""
    before, after = text[: place[0]].rsplit(" ", 2), text[place[1] :].split(" ", 1)
    if not _is_small(before[-1]):
        return False
    return _is_small(after[0]) or len(before) == 1 or not _is_small(before[-2])


def _is_costly(text: str, place: tuple[int, int]) -> bool:
    return place[0] == place[1] or _is_small(text[: place[0]].rsplit(" ", 1)[-1])


def _is_small(word: str) -> bool:
    return len(word) <= _LONGEST_SMALL_WORD and word.islower()


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two places to break; `left` and `right` in em from the text's start."""

    start: int
    end: int
    left: float
    right: float
    is_costly: bool


def _pieces(text: str, places: Sequence[tuple[int, int]], font: _Type) -> list[_Piece]:
    starts = [0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(text)]
    pieces: list[_Piece] = []
    left = 0.0
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        right = left + font.width(text[start:end])
        following = starts[number + 1] if number + 1 < len(starts) else end
        is_costly = _is_costly(text, (end, following))
        pieces.append(_Piece(start, end, left, right, is_costly))
        left = right + font.width(text[end:following])
    return pieces


def _narrowest(pieces: Sequence[_Piece], count: int) -> list[tuple[int, int]]:
    """Start and end of `count` lines of which the widest is as narrow as can be.

    Of equals those with fewer costly breaks, then those that are of more even width.
    """
    # For each number of pieces: the best cost of the lines so far, and where each begins.
    best: list[tuple[tuple[float, int, float], list[int]]]
    best = [((p.right, 0, p.right**2), [0]) for p in pieces]
    for number in range(2, count + 1):
        longer = [((math.inf, 0, 0.0), [0])] * len(pieces)
        for last in range(number - 1, len(pieces)):
            options = []
            for first in range(number - 1, last + 1):
                (widest, costly, squares), begun = best[first - 1]
                width = pieces[last].right - pieces[first].left
                cost = (
                    round(max(widest, width), 6),
                    costly + pieces[first - 1].is_costly,
                    round(squares + width**2, 6),
                )
                options.append((cost, [*begun, first]))
            longer[last] = min(options)
        best = longer
    begun = best[-1][1]
    ends = [*(first - 1 for first in begun[1:]), len(pieces) - 1]
    return [(pieces[a].start, pieces[b].end) for a, b in zip(begun, ends, strict=True)]


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
        is_last = len(lines) + 1 == most
        line, remainder = _fill(rest[0], room, font, is_last=is_last)
        lines.append(line)
        rest[:1] = [remainder] if remainder else []
    return lines, rest


def _fill(text: str, room: float, font: _Type, *, is_last: bool) -> tuple[str, str]:
    """The beginning of `text` that fills a line, at least one character, and the rest.

    The last line is not followed by the rest: there a small word may stand at the end.
    """
    if font.width(text) <= room:
        return text, ""
    places = [match.span() for match in _BREAK.finditer(text)] if is_last else _places(text)
    fitting = [place for place in places if font.width(text[: place[0]]) <= room]
    if fitting:
        end, following = fitting[-1]
        return text[:end], text[following:]
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
