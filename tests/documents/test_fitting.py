"""Texts that fit their boxes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.fitting import BOLD, MM_PER_POINT, Box, fit, one_line, text_width

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
