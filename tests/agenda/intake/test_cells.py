"""Days and times in cells, as people write them and as Excel makes them."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agenda.intake.cells import Clock, read_clock, read_clocks, read_day, shown

DAYS = [date(2027, 3, 27), date(2027, 3, 28)]  # a Saturday and a Sunday


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        *(("9", 540), ("9 Uhr", 540), ("9h", 540), ("9:30 Uhr", 570), ("09.30 Uhr", 570)),
        *(("9,30", 570), ("10h30", 630), ("0930", 570), ("930", 570), ("09:30:00", 570)),
        *(("9:00 AM", 540), ("1:30 pm", 810), ("12:00 AM", 0), ("12 p.m.", 720)),
        *(("24:00", 1440), ("24 Uhr", 1440), ("Mitternacht", 1440), ("00:00", 0)),
        *((9, 540), (930, 570), (0.375, 540), (0.3958333333, 570), (0.0, 0), (10.15, 615)),
        ({"clock": 86400.0}, 1440),
        ({"clock": 32399.999}, 540),
        ({"day": "2027-03-27T09:15:00"}, 555),
        *((cell, None) for cell in ("25 Uhr", "9:60", "24:01", "ab 9", "", "13:00 pm", "9.75")),
        *((cell, None) for cell in (True, -0.5, 9.75, {"clock": 90000.0}, None)),
    ],
)
def test_a_time_is_read(cell: Any, minutes: int | None) -> None:
    assert read_clock(cell) == (None if minutes is None else Clock(minutes))


@pytest.mark.parametrize(
    ("cell", "is_end", "minutes"),
    [(9.3, False, 570), ("9.3", False, 570), ("9:5", False, 545), (1, False, 60), (1, True, 1440)],
)
def test_what_can_be_meant_in_two_ways_is_a_guess(cell: Any, is_end: bool, minutes: int) -> None:
    assert read_clock(cell, is_end=is_end) == Clock(minutes, is_guess=True)


@pytest.mark.parametrize("text", ["9-10:30 Uhr", "9:00–10:30", "09.00 bis 10.30", "9 — 10h30"])
def test_a_range_is_start_and_end(text: str) -> None:
    assert read_clocks(text) == (Clock(540), Clock(630))


@pytest.mark.parametrize(
    "cell",
    [
        *("27.03.2027", "27.3.27", "27. März 2027", "27. Mrz. 2027", "27 March 2027", "27.3."),
        *("Sa, 27.03.2027", "Samstag, 27. März 2027", "Sa. 27.3.", "Samstag", "27/03/2027"),
        *("2027-03-27", "March 27, 2027", "Tag 1", "1", 1, 1.0, 46473, 27.3),
        {"day": "2027-03-27T00:00:00"},
    ],
)
def test_a_day_is_read(cell: Any) -> None:
    day = read_day(cell, DAYS)
    assert day is not None
    assert (day.on, day.is_guess) == (DAYS[0], False)


def test_another_weekday_is_a_guess_and_no_day_is_none() -> None:
    day = read_day("Fr, 27.03.2027", DAYS)
    assert day is not None
    assert (day.on, day.is_guess) == (DAYS[0], True)
    for cell in ("irgendwann", "31.02.2027", "3", 3, "Montag", "27. Foo 2027", True, None, 0.5):
        assert read_day(cell, DAYS) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        *((9.3, "9,3"), (9.0, "9"), (2027, "2027"), (True, "WAHR"), (None, ""), ("a", "a")),
        ({"clock": 93600.0}, "26:00"),
        ({"day": "2027-03-27T00:00:00"}, "27.03.2027"),
        ({"day": "2027-03-27T09:05:00"}, "27.03.2027 09:05"),
    ],
)
def test_a_cell_is_quoted_as_it_is_shown(cell: Any, text: str) -> None:
    assert shown(cell) == text


@given(st.one_of(st.text(), st.floats(allow_nan=True), st.integers(), st.booleans(), st.none()))
def test_whatever_stands_in_a_cell_is_read_or_not(cell: Any) -> None:
    clock = read_clock(cell)
    assert clock is None or 0 <= clock.minutes <= 1440
    day = read_day(cell, DAYS)
    assert day is None or isinstance(day.on, date)
    assert isinstance(shown(cell), str)
    read_clocks(cell)
