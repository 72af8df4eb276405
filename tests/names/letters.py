"""The letters and signs of names that German authorities must keep and show.

Source: DIN 91379:2022-08.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Letter:
    """A letter, or a letter with marks; `search_form` by the norm's own table."""

    text: str
    is_letter: bool
    search_form: str


def _text(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split())


ALL = [
    Letter(_text(codes), group == "letter", _text(form))
    for codes, group, form in (
        line.split("\t")
        for line in Path(__file__).with_name("din-91379.tsv").read_text().splitlines()[1:]
    )
]
LETTERS = [letter.text for letter in ALL if letter.is_letter]
SIGNS = [letter.text for letter in ALL if not letter.is_letter]
NAMES = [f"K{letter}a{letter}n" for letter in LETTERS] + [
    f"Al{sign}Qur{sign}an" for sign in SIGNS if sign.strip()
]
