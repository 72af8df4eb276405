"""How the programme is fitted to a label: whole if it can be, else less of it, never smaller
than can be read."""

import itertools
import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.agenda.timetable import Day, Slot
from app.documents.fitting import (
    MM_PER_POINT,
    Fitted,
    count_lines,
    one_line,
    wrap,
)
from app.documents.programme import PrintedProgramme, short_day
from app.press.setting import paragraph_height

SMALLEST, LARGEST = 6.5, 12.0  # points
_SIZES = [LARGEST - n / 4 for n in range(int((LARGEST - SMALLEST) * 4) + 1)]
LINE = 1.12
# Of the size of letters: below an entry, a day's heading, below a day.
_GAP, _HEAD, _BELOW = 0.15, 1.35, 0.5
# Of the size of letters: '09:30', a room's letter, and what a title needs to be one.
_TIME, _LETTER, _NARROWEST = 2.75, 1.3, 7.0
_BETWEEN = 2.4  # millimetres between columns
_MOST_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Text:
    """A text at its place on the label; millimetres, points."""

    left: float
    top: float
    size: float
    text: str
    css_class: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the programme; `time` is empty where it is that of the entry before."""

    time: str
    title: str
    letter: str = ""
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class _List:
    """A day with its entries."""

    head: str
    entries: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Columns of one size of letters; titles have at most `most` lines."""

    width: float
    columns: int
    size: float
    most: int

    @property
    def unit(self) -> float:
        """The size in millimetres."""
        return self.size * MM_PER_POINT

    @property
    def column(self) -> float:
        """The width of a column."""
        return (self.width - (self.columns - 1) * _BETWEEN) / self.columns

    @property
    def title(self) -> float:
        """The width of titles."""
        return self.column - (_TIME + _LETTER) * self.unit

    def lines(self, entry: _Entry) -> int:
        """How many lines the whole title takes."""
        return count_lines(entry.title, self.title, self.size)

    def entry_height(self, entry: _Entry) -> float:
        """With the gap below."""
        lines = 1 if self.most == 1 else min(self.lines(entry), self.most)
        return (lines * paragraph_height(entry.title, LINE) + _GAP) * self.unit

    def share_out(self, days: Sequence[_List]) -> tuple[float, list[Sequence[_List]]]:
        """The days in the columns, in order, so that the highest, whose height it is, is low."""
        heights = [
            (_HEAD + _BELOW) * self.unit + sum(map(self.entry_height, day.entries)) for day in days
        ]
        cuts = itertools.combinations(range(1, len(days)), self.columns - 1)
        ways = ([*itertools.pairwise((0, *chosen, len(days)))] for chosen in cuts)
        highest, way = min((max(sum(heights[a:b]) for a, b in way), way) for way in ways)
        return highest, [days[a:b] for a, b in way]

    def texts(self, columns: Sequence[Sequence[_List]], margin: float) -> list[Text]:
        """All at their places."""
        made = []
        for number, column in enumerate(columns):
            left, top = margin + number * (self.column + _BETWEEN), margin
            for day in column:
                made.append(self._text(left, top, day.head, "head"))
                top += _HEAD * self.unit
                for entry in day.entries:
                    made += self._entry_texts(entry, left, top)
                    top += self.entry_height(entry)
                top += _BELOW * self.unit
        return made

    def _entry_texts(self, entry: _Entry, left: float, top: float) -> list[Text]:
        title = _whole_words(wrap(entry.title, self.title, self.size, most=self.most).text)
        quiet = " quiet" if entry.is_quiet else ""
        made = [
            self._text(left, top, entry.time, "time" + quiet),
            self._text(left + _TIME * self.unit, top, title, "title" + quiet),
            self._text(left + self.column - self.unit, top, entry.letter, "letter"),
        ]
        return [text for text in made if text.text]

    def _text(self, left: float, top: float, text: str, css_class: str) -> Text:
        return Text(round(left, 2), round(top, 2), self.size, text, css_class)


def lay_out(data: PrintedProgramme, width: float, height: float) -> list[Text]:
    """The texts of a label of so many millimetres.

    In this order the less of them: whole titles; titles cut to a line; no breaks; parallel
    sessions as one entry; the first sessions of each day.
    """
    margin = max(2.0, height * 0.045)
    letters = _room_letters(data)
    whole = _lists(data.days, letters)
    brief = [replace(d, entries=tuple(e for e in d.entries if not e.is_quiet)) for d in whole]
    merged = _merged(data.days, letters)
    ways = [
        *((whole, 3), (whole, 1), (brief, 1), (merged, 2), (merged, 1)),
        *((_cut(merged, count), 1) for count in range(_most_entries(merged), -1, -1)),
    ]
    for days, most in ways:
        legend = _legend(data, letters, days, width - 2 * margin)
        room = height - 2 * margin - (legend.height + 0.8 if legend else 0.0)
        found = _fitted(days, width - 2 * margin, room, most)
        if found:
            grid, columns = found
            texts = grid.texts(columns, margin)
            if legend:
                top = round(height - margin - legend.height, 2)
                texts.append(Text(margin, top, legend.size, legend.text, "legend"))
            return texts
    return []


def _fitted(
    days: Sequence[_List], width: float, height: float, most: int
) -> tuple[_Grid, list[Sequence[_List]]] | None:
    """A grid that holds these days, with as few titles cut as can be and letters as large.

    Only titles of one line may be cut.
    """
    best: tuple[tuple[int, float], _Grid, list[Sequence[_List]]] | None = None
    for size in _SIZES:
        for columns in range(min(len(days), _MOST_COLUMNS), 0, -1):
            grid = _Grid(width, columns, size, most)
            if grid.title < _NARROWEST * grid.unit:
                continue
            highest, shared = grid.share_out(days)
            if highest > height:
                continue
            cut = sum(grid.lines(e) > most for day in days for e in day.entries)
            if not cut:
                return grid, shared
            if most == 1 and (best is None or (-cut, size) > best[0]):
                best = ((-cut, size), grid, shared)
    return best[1:] if best else None


def _most_entries(days: Iterable[_List]) -> int:
    return max(len(day.entries) for day in days)


def _cut(days: Iterable[_List], count: int) -> list[_List]:
    """The first entries of each day, and dots where something is left out."""
    return [
        day
        if len(day.entries) <= count
        else replace(day, entries=(*day.entries[:count], _Entry("", "…")))
        for day in days
    ]


def _lists(days: Iterable[Day], letters: dict[int, str]) -> list[_List]:
    made = []
    for day in days:
        starts = [None, *(slot.starts for slot in day.slots)]
        entries = (
            _entry(slot, letters, shows_time=slot.starts != before)
            for slot, before in zip(day.slots, starts, strict=False)
        )
        made.append(_List(short_day(day), tuple(entries)))
    return made


def _merged(days: Iterable[Day], letters: dict[int, str]) -> list[_List]:
    """Without breaks, and with one entry for all sessions that begin together."""
    made = []
    for day in days:
        entries = []
        active = (slot for slot in day.slots if not slot.is_quiet)
        for _starts, group in itertools.groupby(active, key=lambda slot: slot.starts):
            slots = list(group)
            entry = _entry(slots[0], letters, shows_time=True)
            if len(slots) > 1:
                title = _("%(count)d parallel sessions", count=len(slots))
                entry = replace(entry, title=title, letter="")
            entries.append(entry)
        made.append(_List(short_day(day), tuple(entries)))
    return made


def _entry(slot: Slot, letters: dict[int, str], *, shows_time: bool) -> _Entry:
    return _Entry(
        time=f"{slot.starts:%H:%M}" if shows_time else "",
        title=one_line(slot.title),
        letter=letters.get(slot.room_id or 0, ""),
        is_quiet=slot.is_quiet,
    )


def _room_letters(data: PrintedProgramme) -> dict[int, str]:
    """Room → a letter of its own: the first of its name that is free, the last word first."""
    used = {slot.room_id for day in data.days for slot in day.slots}
    letters: dict[int, str] = {}
    for number, name in data.rooms:
        if number in used:
            words = [re.sub(r"\W", "", word).upper() for word in reversed(name.split())]
            wanted = (*"".join(words), *string.ascii_uppercase)
            free = (letter for letter in wanted if letter not in letters.values())
            letters[number] = next(free, str(len(letters) + 1))
    return letters


def _legend(
    data: PrintedProgramme, letters: dict[int, str], days: Iterable[_List], width: float
) -> Fitted | None:
    """'P Plenarsaal · E Raum Elster': the rooms that are named, in three lines at most."""
    shown = {entry.letter for day in days for entry in day.entries}
    named = [f"{letters[n]} {name}" for n, name in data.rooms if letters.get(n) in shown]
    return wrap(" · ".join(named), width, SMALLEST, most=3) if named else None


def _whole_words(text: str) -> str:
    """A title that was cut within a word, without the rest of that word if enough stays."""
    kept = text.removesuffix("…").rsplit(" ", 1)[0].rstrip(" ,;:–-")
    return f"{kept}…" if text.endswith("…") and len(kept) > 0.6 * len(text) else text
