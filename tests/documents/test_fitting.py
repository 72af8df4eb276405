"""Texts that fit their boxes."""

import itertools
import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.fitting import BOLD, LINE_HEIGHT, MM_PER_POINT, Box, fit, one_line, text_width
from tests.growth import growth

NAME_BOX = Box(width=56, height=22, largest=24, smallest=7, lines=4, weight=BOLD)


def test_a_short_name_is_as_large_as_it_may_be() -> None:
    fitted = fit(["Ayşe", "Öztürk"], NAME_BOX)

    assert fitted is not None
    assert (fitted.lines, fitted.size) == (("Ayşe", "Öztürk"), 24)


def test_a_longer_name_is_smaller() -> None:
    sizes = [
        fitted.size
        for last_name in ("Ott", "Lukaszewskaber", "Lukaszewskaberger", "Lukaszewskabergersdorfer")
        if (fitted := fit(["Eva", last_name], NAME_BOX))
    ]

    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (("Karl-Friedrich", "Müller"), ("Karl-Friedrich", "Müller")),
        (
            ("Anna-Katharina Maria-Theresia", "von der Lühe-Schwarzenberger-Hohenstein"),
            ("Anna-Katharina Maria-Theresia", "von der Lühe-", "Schwarzenberger-Hohenstein"),
        ),
        (
            ("Donaudampfschifffahrtsgesellschaftskapitänswitwe", "Ng"),
            ("Donaudampfschifffahrtsgesellschaftskapitäns-", "witwe", "Ng"),
        ),
        (("Eva Maria",), ("Eva Maria",)),
    ],
)
def test_names_break_where_a_reader_would(name: tuple[str, ...], lines: tuple[str, ...]) -> None:
    fitted = fit(name, NAME_BOX)

    assert fitted is not None
    assert fitted.lines == lines


def test_nothing_gives_nothing() -> None:
    assert fit(["", " \u200b "], NAME_BOX) is None


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    fitted = fit(["Referat für alles, was sonst niemand tut"], Box(30, 3, 8, 7))

    assert fitted is not None
    assert fitted.lines == ("Referat für alles, was…",)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Li 👩🏽‍🚒 Wu", "Li Wu"),
        ("a\u0000b\u202ec\nd", "a bc d"),
        ("Mu\u0308ller", "Müller"),
        ("דוד", "דוד"),
        ("weich\u00adgetrennt", "weichgetrennt"),
    ],
)
def test_only_what_a_printer_knows_is_printed(typed: str, printed: str) -> None:
    assert one_line(typed) == printed


@settings(deadline=None)
@given(
    names=st.lists(st.text(max_size=60), min_size=1, max_size=2),
    width=st.floats(20, 120),
    height=st.floats(6, 60),
)
def test_whatever_is_typed_stays_in_its_box(names: list[str], width: float, height: float) -> None:
    box = Box(width, height, largest=40, smallest=6, lines=4, weight=BOLD)

    fitted = fit(names, box)

    if fitted is None:
        assert not any(map(one_line, names))
        return
    assert fitted.height <= height
    assert 6 <= fitted.size <= 40
    for line in fitted.lines:
        assert line
        assert text_width(line, BOLD) * fitted.size * MM_PER_POINT <= width + 1e-6
    printed = re.sub(r"[\s\-]", "", fitted.text)
    typed = re.sub(r"[\s\-]", "", one_line(" ".join(names)))
    assert printed == typed or typed.startswith(printed.removesuffix("…"))


WORDS = ("Eva", "Anna", "Maria", "Konstantina", "Hohenfels-Lang", "Mai-Linh", "Papadimitrakopoulou")


def all_ways(text: str) -> Iterator[tuple[str, ...]]:
    """Each way to break a text at blanks and behind hyphens."""
    places = [match.end() for match in re.finditer(r"[ -]", text)]
    for count in range(len(places) + 1):
        for chosen in itertools.combinations(places, count):
            starts, ends = (0, *chosen), (*chosen, len(text))
            yield tuple(text[a:b].strip() for a, b in zip(starts, ends, strict=True))


def largest_size(lines: Sequence[str], box: Box) -> float:
    """At which these lines keep within the box; in quarter points, rounded down."""
    widest = max(text_width(line, box.weight) for line in lines)
    by_height = box.height / LINE_HEIGHT / len(lines)
    size = min(box.largest, box.width / MM_PER_POINT / widest, by_height / MM_PER_POINT)
    return int(size * 4) / 4


@settings(deadline=None, max_examples=200)
@given(
    first=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    last=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
    width=st.floats(30, 120),
    height=st.floats(10, 60),
)
def test_where_size_counts_no_other_way_gives_larger_letters(
    first: list[str], last: list[str], width: float, height: float
) -> None:
    box = Box(width, height, largest=40, smallest=0.5, lines=5, weight=BOLD, ample=40)
    name = (" ".join(first), " ".join(last))

    fitted = fit(name, box)

    apart = ([*upper, *lower] for upper in all_ways(name[0]) for lower in all_ways(name[1]))
    sizes = [largest_size(lines, box) for lines in apart if len(lines) <= box.lines]
    assert fitted is not None
    assert fitted.size == pytest.approx(largest_size(fitted.lines, box), abs=0.25)
    # Joined to a line or two, it may be larger still.
    assert fitted.size >= max(sizes) - 1e-9


def test_marks_without_a_letter_are_no_text() -> None:
    assert fit(["\u0301"], Box(40, 30, 20, 6)) is None
    fitted = fit(["\u0301", "Karla"], Box(40, 30, 20, 6))
    assert fitted is not None
    assert fitted.lines == ("Karla",)


def test_a_text_of_many_breaks_takes_time_that_grows_with_it_alone() -> None:
    box = Box(40, 30, 20, 6, lines=5)
    assert growth(lambda length: fit(["a-" * length], box), 400, times=4) < 8  # 16 by the square
