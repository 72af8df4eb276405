"""Dates as they are written, and the way back after a change of language."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from app.web import language
from tests.pages import Visitor


@pytest.mark.parametrize(
    ("first", "last", "german", "english"),
    [
        (date(2026, 12, 4), date(2026, 12, 5), "4.–5. Dezember 2026", "4–5 December 2026"),
        (date(2026, 12, 4), date(2026, 12, 4), "4. Dezember 2026", "4 December 2026"),
        (
            date(2026, 11, 30),
            date(2026, 12, 1),
            "30. November – 1. Dezember 2026",
            "30 November – 1 December 2026",
        ),
        (
            date(2026, 12, 31),
            date(2027, 1, 1),
            "31. Dezember 2026 – 1. Januar 2027",
            "31 December 2026 – 1 January 2027",
        ),
    ],
)
def test_a_range_of_days_is_as_short_as_it_can_be(
    ctx: Flask, first: date, last: date, german: str, english: str
) -> None:
    with force_locale("de"):
        assert language.day_range(first, last) == german
    with force_locale("en"):
        assert language.day_range(first, last) == english


def test_times_are_shown_in_the_zone_that_is_asked_for(ctx: Flask) -> None:
    from zoneinfo import ZoneInfo

    instant = datetime(2026, 12, 4, 8, 30, tzinfo=UTC)
    with force_locale("de"):
        assert language.moment(instant, ZoneInfo("Europe/Berlin")) == "4. Dezember 2026, 09:30 Uhr"


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        ("/nothing?track=2&language=en", "/nothing?track=2"),
        ("/nothing?language=en", "/nothing"),
        ("/%2Fevil.example/x?language=en", "/evil.example/x"),
        ("/%5Cevil.example?language=en", "/evil.example"),
    ],
)
def test_a_change_of_language_leads_back_to_the_page(
    visitor: Visitor, asked: str, goes_to: str
) -> None:
    answer = visitor.client.get(asked, base_url="http://localhost")
    assert answer.status_code == 303
    assert answer.headers["Location"] == goes_to


def test_an_unknown_language_changes_nothing(visitor: Visitor) -> None:
    assert visitor.get("/nothing?language=xx", status=404).root.get("lang") == "de"


def test_german_comes_first_and_english_at_a_click(visitor: Visitor) -> None:
    page = visitor.get("/nothing-here", status=404)
    assert page.root.get("lang") == "de"
    link = page.one(".languages a[lang=en]").get("href")
    assert visitor.get(f"/nothing-here{link}", status=404).root.get("lang") == "en"
