"""Where German words are divided on screens."""

import pytest

from app.hyphens import softly_hyphenated


@pytest.mark.parametrize(
    ("text", "divided"),
    [
        ("Krisenkommunikation", "Kri|sen|kom|mu|ni|ka|ti|on"),
        ("Lage im Netz", "Lage im Netz"),
        ("Öffentlichkeitsarbeit, neu", "Öf|fent|lich|keits|ar|beit, neu"),
        ("<b>Großschadenslage</b>", "<b>Groß|scha|dens|la|ge</b>"),
        ("Übung-Nachbesprechung", "Übung-Nach|be|spre|chung"),
        ("", ""),
    ],
)
def test_long_words_are_divided_and_nothing_else_changes(text: str, divided: str) -> None:
    assert softly_hyphenated(text).replace("\u00ad", "|") == divided
