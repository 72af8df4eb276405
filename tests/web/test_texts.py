"""Text that is pasted from office programs, and that cleaned text stays as it is."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.texts import clean_line, clean_text, find_undisplayable

BULLET, SQUARE, TICK, ARROW, SMILEY = "\uf0b7", "\uf0a7", "\uf0fc", "\uf0e0", "\uf04a"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna \t Maria ", "Anna Maria"),
        ("Zoe\u0308", "Zoë"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("Émile", "Émile"),
        ("مريم", "مريم"),
        ("👮‍♀️", "👮‍♀️"),
        ("Zeile\u000bumbruch", "Zeile umbruch"),
        ("z.\u00a0B.", "z. B."),
        ("\ufeffKarla\u200b Mus\u00adter\u2060", "Karla Muster"),
        (f"Melden {ARROW} prüfen", "Melden → prüfen"),
    ],
)
def test_a_line_is_composed_and_folded(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" one\r\ntwo\rthree ", "one\ntwo\nthree"),
        ("Zeile eins\u000bZeile zwei", "Zeile eins\nZeile zwei"),
        ("a\u2028b\u2029c\u0085d\u000ce", "a\nb\n\nc\nd\ne"),
        ("Ablauf:\n1.\tEinführung\n2.\tÜbung", "Ablauf:\n1. Einführung\n2. Übung"),
        (f"Ablauf:\n{BULLET} Einführung\n{BULLET}\tÜbung", "Ablauf:\n- Einführung\n- Übung"),
        (f"{SQUARE}\u00a0eins\n{TICK} zwei\n•\tdrei\n–\tvier", "- eins\n- zwei\n- drei\n- vier"),
        (f"eins\n\t{BULLET}\tdarunter", "eins\n    - darunter"),
        ("Name\tOrt", "Name Ort"),
        ("– wörtlich\no weh", "– wörtlich\no weh"),
        (f"Gut {SMILEY}", "Gut ☺"),
        ("z.\u00a0B. so", "z.\u00a0B. so"),
        ("\ufeffAn\u00adfang\u200b", "Anfang"),
    ],
)
def test_what_office_programs_paste_becomes_what_was_meant(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


# All that is cleaned, beside each other, and any other text.
texts = st.one_of(
    st.text(
        st.sampled_from(
            "ab1.-•·o \n\r\t\u000b\u000c\u0085\u00a0\u00ad\u200b\u2028\u2029\ufeff\u0308"
        )
        | st.sampled_from([BULLET, SQUARE, TICK, ARROW, "\u202e", "\x00", "\uf0ff"])
    ),
    st.text(),
)


@given(texts)
def test_cleaned_text_stays_as_it_is(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text) or ""
        assert clean(once) == once
        assert unicodedata.normalize("NFC", once) == once
    assert not set("\t\u000b\u000c\r\u0085\u00ad\u200b\u2028\u2029\ufeff") & set(
        clean_text(text) or ""
    )


def test_a_character_without_meaning_is_named_with_its_place() -> None:
    found = find_undisplayable("eins\nzw\x07ei")
    assert found is not None
    assert (found.line, found.column, found.name) == (2, 3, "U+0007")
    assert find_undisplayable("👮‍♀️ Ünïcode → ☺\n") is None


@pytest.mark.parametrize("text", [" " * 3, "\t", "-\t", "• ", "\n", BULLET + " "])
def test_cleaning_takes_time_with_the_length_alone(text: str) -> None:
    """Four times as much work for four times the text, not sixteen times."""
    steps = [_steps(text * size) for size in (10_000, 40_000)]
    assert steps[1] < 8 * max(steps[0], 1e-3)


def _steps(text: str) -> float:
    taken = []
    for _attempt in range(3):
        before = time.process_time()
        clean_text(text)
        clean_line(text)
        taken.append(time.process_time() - before)
    return min(taken)
