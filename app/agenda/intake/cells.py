"""What people mean by a day or a time in a cell; cells are those of `app.agenda.intake.workbook`.

Excel drops zeros ('9.30' typed into a cell becomes the number 9.3), turns what it knows into dates
and parts of a day, and leaves the rest as text. What can be meant in two ways is read in the likely
one, and `is_guess` says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

MIDNIGHT = 24 * 60
_DAY_ZERO = date(1899, 12, 30)  # of Excel's numbers, from March 1900 on
_LONGEST = 60  # characters of what can be a day or a time
_WEEKDAYS = ("mo", "di tu", "mi we", "do th", "fr", "sa", "so su")
_WEEKDAY = re.compile(r"(mo|di|tu|mi|we|do|th|fr|sa|so|su)[a-z]*[.,]{0,2}(?: |$)")
_MONTHS = (
    *(("jan", "jän"), ("feb",), ("mär", "mae", "mrz", "mar"), ("apr",), ("mai", "may"), ("jun",)),
    *(("jul",), ("aug",), ("sep",), ("okt", "oct"), ("nov",), ("dez", "dec")),
)
_WORDS = {"mittag": 720, "mittags": 720, "noon": 720, "mitternacht": 1440, "midnight": 1440}


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes since midnight, up to 1440 (24:00)."""

    minutes: int
    is_guess: bool = False

    def __str__(self) -> str:
        return f"{self.minutes // 60:02}:{self.minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A date; `is_guess` if the weekday beside it is another one."""

    on: date
    is_guess: bool = False


def shown(cell: Any) -> str:
    """The cell as a German Excel shows it."""
    match cell:
        case None:
            return ""
        case bool():
            return "WAHR" if cell else "FALSCH"
        case int() | float():
            return f"{cell:.10g}".replace(".", ",")
        case {"clock": seconds}:
            hours, minutes = divmod(round(seconds / 60), 60)
            return f"{hours:02}:{minutes:02}"
        case {"day": iso}:
            at = datetime.fromisoformat(iso)
            return f"{at:%d.%m.%Y}" if _is_midnight(at) else f"{at:%d.%m.%Y %H:%M}"
    return str(cell)


def time_of_day(cell: Any) -> Clock | None:
    """The time in a cell that holds a date with a time."""
    match cell:
        case {"day": iso}:
            at = datetime.fromisoformat(iso)
            return None if _is_midnight(at) else Clock(_minutes(at))
    return None


def read_clocks(cell: Any, *, is_end: bool = False) -> tuple[Clock | None, Clock | None]:
    """Start and end of '9:00–10:30', else the one time and None."""
    if isinstance(cell, str):
        parts = re.split(r"-|–|—|\bbis\b|\bto\b", cell[:_LONGEST])
        if len(parts) == 2:
            first, last = (read_clock(part) for part in parts)
            if first and last:
                return first, last
    return read_clock(cell, is_end=is_end), None


def read_clock(cell: Any, *, is_end: bool = False) -> Clock | None:
    """The time that a cell means; None if it means none. Of an end, 1 is a whole day: 24:00."""
    found = None
    match cell:
        case bool():
            pass
        case {"clock": seconds}:
            found = _clock(round(seconds / 60))
        case {"day": iso}:
            found = Clock(_minutes(datetime.fromisoformat(iso)))
        case float() if 0 <= cell < 1:  # a part of a day
            found = _clock(round(cell * MIDNIGHT))
        case int() | float() if cell == 1:
            found = Clock(MIDNIGHT if is_end else 60, is_guess=True)
        case int() | float() | str():
            found = _written_clock(f"{cell:.10g}" if not isinstance(cell, str) else cell)
    return found


def read_day(cell: Any, days: Sequence[date]) -> ReadDay | None:
    """The date that a cell means, of a workshop on these days; None if it means none."""
    found = None
    match cell:
        case bool():
            pass
        case {"day": iso}:
            found = ReadDay(datetime.fromisoformat(iso).date())
        case int() | float() if 36526 <= cell <= 73050:  # 2000 to 2099
            found = ReadDay(_DAY_ZERO + timedelta(days=int(cell)))
        case int() | float() | str():
            written = cell if isinstance(cell, str) else f"{cell:.10g}"
            found = _written_day(written, days)
    return found


def _clock(minutes: int) -> Clock | None:
    return Clock(minutes) if 0 <= minutes <= MIDNIGHT else None


def _minutes(at: datetime) -> int:
    return min(round((at.hour * 3600 + at.minute * 60 + at.second) / 60), MIDNIGHT)


def _is_midnight(at: datetime) -> bool:
    return _minutes(at) == 0


def _written_clock(text: str) -> Clock | None:
    """'9', '9 Uhr', '9h', '09.30 Uhr', '9:30', '10h30', '0930', '1:30 PM', 'Mitternacht'."""
    words = re.sub(r"uhr|\s", "", text[:_LONGEST].casefold())
    if words in _WORDS:
        return Clock(_WORDS[words])
    half = re.search(r"([ap])\.?m\.?$", words)
    if half:
        words = words[: half.start()]
    found = re.fullmatch(r"([0-9]{1,2})(?:[:.,h]([0-9]{1,2}))?(?:[:.][0-9]{2})?h?", words)
    found = found or re.fullmatch(r"([0-9]{1,2})([0-9]{2})", words)
    if not found:
        return None
    hours, minutes, is_guess = int(found[1]), int(found[2] or 0), False
    if found[2] and len(found[2]) == 1:
        # '9.3' is what is left of '9.30'; '9:5' and '9h5' are typed like that.
        minutes *= 10 if words[found.start(2) - 1] in ".," else 1
        is_guess = True
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half[1] == "p" else 0)
    if minutes > 59 or hours * 60 + minutes > MIDNIGHT:
        return None
    return Clock(hours * 60 + minutes, is_guess)


def _written_day(text: str, days: Sequence[date]) -> ReadDay | None:
    """'27.03.2027', 'Sa, 27.3.27', '27. März 2027', '27.03.', 'Samstag', 'Tag 1', '1'."""
    words = re.sub(r"\s+", " ", text[:_LONGEST].casefold()).strip()
    number = re.fullmatch(r"(?:tag |day )?([0-9]{1,2})", words)
    if number:
        at = int(number[1])
        return ReadDay(days[at - 1]) if 1 <= at <= len(days) else None
    weekday, rest = _weekday(words)
    if not rest:
        meant = [day for day in days if day.weekday() == weekday]
        return ReadDay(meant[0]) if len(meant) == 1 else None
    on = _date(rest, days)
    return ReadDay(on, weekday is not None and on.weekday() != weekday) if on else None


def _weekday(words: str) -> tuple[int | None, str]:
    """The number of a weekday in front, and what follows."""
    found = _WEEKDAY.match(words)
    if found is None:
        return None, words
    number = next(n for n, starts in enumerate(_WEEKDAYS) if found[1] in starts.split())
    return number, words[found.end() :].strip()


def _date(words: str, days: Sequence[date]) -> date | None:
    found = re.fullmatch(r"([0-9]{1,2})[./] ?([0-9]{1,2})(?:[./]? ?([0-9]{4}|[0-9]{2}))?\.?", words)
    if found:
        return _make(found[3], int(found[2]), int(found[1]), days)
    found = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[t ][0-9:.]{4,15})?", words)
    if found:
        return _make(found[1], int(found[2]), int(found[3]), days)
    found = re.fullmatch(r"([0-9]{1,2})\.? ?([a-zä]{3,9})\.?(?: ([0-9]{4}|[0-9]{2}))?", words)
    if found and (month := _month(found[2])):
        return _make(found[3], month, int(found[1]), days)
    found = re.fullmatch(r"([a-zä]{3,9})\.? ([0-9]{1,2})(?:, ?| )([0-9]{4})", words)
    if found and (month := _month(found[1])):
        return _make(found[3], month, int(found[2]), days)
    return None


def _month(word: str) -> int | None:
    return next((n for n, starts in enumerate(_MONTHS, 1) if word.startswith(tuple(starts))), None)


def _make(year: str | None, month: int, day: int, days: Sequence[date]) -> date | None:
    """The date; without a year, that of the workshop's days."""
    if year is None:
        return next((on for on in days if (on.month, on.day) == (month, day)), None)
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    except ValueError:
        return None
