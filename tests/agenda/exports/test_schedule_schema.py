"""`agenda.xml` for every address and title: the facts of the published schema of schedule.xml."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.agenda.exports.frab import schedule_xml
from app.agenda.models import AgendaRelease, SessionKind
from app.workshops.models import Workshop
from app.workshops.slugs import is_slug

# What the schema (c3voc, checked 2026-06-27) demands of texts; elements are in test_exports.py.
ACRONYM = r"[a-z0-9_-]{4,}"
SLUG = r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}"
OLDER_SLUG = r"[a-z0-9_]{4,}-[0-9]{1,6}-[a-z0-9\-_]{4,}"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"
DURATION = r"[0-9]{1,2}:[0-9]{2}"
START = r"[0-2][0-9]:[0-5][0-9]"
WEB = r"https?://.*"

slugs = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,12}){0,3}", fullmatch=True).filter(is_slug)
titles = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200),
    st.sampled_from(["2027", "Перспективы", "A", "…", "Straße", "ẞ", "🚒", "x-y", "1-2-3", "ﬁ"]),
)


def release_of(workshop: Workshop, *titles: str, **changes: Any) -> AgendaRelease:
    """A release with a session for each title, not stored anywhere."""
    starts = datetime.combine(workshop.starts_on, time(9), workshop.zone).astimezone(UTC)
    sessions = [
        {
            "id": number,
            "uid": str(uuid4()),
            "kind": SessionKind.TALK.value,
            "title": title,
            "abstract": title,
            "language": "de",
            "people": [],
            "track_id": None,
            "room_id": None,
            "seats": None,
            "sign_up": "none",
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(minutes=30)).isoformat(),
            "sequence": 0,
            "changed_at": starts.isoformat(),
            **changes,
        }
        for number, title in enumerate(titles, 1)
    ]
    content = {"sessions": sessions, "topics": [], "rooms": []}
    return AgendaRelease(number=1, content=content, released_at=starts)


@pytest.fixture(scope="module")
def german(application: Flask) -> Iterator[None]:
    with application.app_context():
        yield


def _export(slug: str, *titles: str, **changes: Any) -> Any:
    on = date(2027, 3, 27)
    workshop = Workshop(
        slug=slug, title=titles[0], starts_on=on, ends_on=on, timezone="Europe/Berlin"
    )
    return etree.fromstring(schedule_xml(workshop, release_of(workshop, *titles, **changes)))


def check_facts(root: Any) -> None:
    assert re.fullmatch(ACRONYM, root.findtext("conference/acronym"))
    for day in root.iterfind("day"):
        assert re.fullmatch(MOMENT, day.get("start"))
        assert re.fullmatch(MOMENT, day.get("end"))
    found: list[str] = []
    for event in root.iter("event"):
        assert re.fullmatch(SLUG, event.findtext("slug"))
        assert re.fullmatch(OLDER_SLUG, event.findtext("slug"))
        assert re.fullmatch(UUID, event.get("guid"))
        assert re.fullmatch(MOMENT, event.findtext("date"))
        assert re.fullmatch(START, event.findtext("start"))
        assert re.fullmatch(DURATION, event.findtext("duration"))
        assert re.fullmatch(WEB, event.findtext("url"))
        found.append(event.findtext("slug"))
    assert len(set(found)) == len(found)


@given(
    slug=slugs, titles=st.lists(titles, min_size=1, max_size=4), kind=st.sampled_from(SessionKind)
)
@settings(max_examples=300, deadline=None)
def test_every_address_and_title_keeps_to_the_schema(
    german: None, slug: str, titles: list[str], kind: SessionKind
) -> None:
    check_facts(_export(slug, *titles, kind=kind.value))


@pytest.mark.parametrize(
    ("slug", "acronym", "title", "named"),
    [
        ("bka", "bka-2027", "Gerüchten begegnen", "bka_2027-1-geruchten-begegnen"),
        ("polizei-nord", "polizei-nord", "2027", "polizei_nord-1-2027-lecture"),
        ("leipzig", "leipzig", "Вопросы", "leipzig-1-lecture"),
    ],
)
def test_short_words_are_made_longer(
    german: None, slug: str, acronym: str, title: str, named: str
) -> None:
    root = _export(slug, title)
    assert root.findtext("conference/acronym") == acronym
    assert root.findtext("day/room/event/slug") == named
