"""What is printed or mailed today leads to the same page tomorrow."""

import re

import pytest
from flask import Flask

from app.agenda.models import AgendaSession, Track
from app.badges.queries import list_badges
from app.extensions import db
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import fill
from tests.frozen import EXAMPLES, FROZEN, addresses_in, page_of, pattern_of
from tests.pages import Visitor


@pytest.mark.parametrize("pattern", FROZEN)
def test_an_address_leads_to_its_page_as_it_always_did(app: Flask, pattern: str) -> None:
    found = page_of(app, pattern.format(**EXAMPLES))

    assert found is not None, "it leads nowhere"
    endpoint, arguments = found
    assert endpoint == FROZEN[pattern][0]
    expected = [EXAMPLES[name] for name in re.findall(r"{(\w+)}", pattern)]
    assert sorted(map(str, arguments.values())) == sorted(map(str, expected))


@pytest.mark.parametrize(
    "path", ["/leipzig", "/leipzig/agenda/", "/c/a/b", "/leipzig/nothing", "/leipzig/agenda/x"]
)
def test_an_address_that_only_redirects_or_leads_nowhere_is_told(app: Flask, path: str) -> None:
    assert page_of(app, path) is None
    assert pattern_of(app, path) is None


@pytest.mark.parametrize(
    "path", ["/leipzig/desk/journal", "/leipzig/agenda/7/more", "/leipzig/desk/agenda"]
)
def test_an_address_that_is_not_frozen_is_told(app: Flask, path: str) -> None:
    assert pattern_of(app, path) is None


@pytest.mark.parametrize(
    "export",
    [
        *("agenda.ics", "agenda.json", "agenda.xml", "agenda/changes.atom"),
        *("agenda/{session}.ics", "agenda/topics/{topic}.ics"),
    ],
)
def test_what_others_programs_get_holds_frozen_addresses(
    app: Flask, visitor: Visitor, workshop: Workshop, export: str
) -> None:
    fill(workshop, 2)
    session, topic = db.session.query(AgendaSession.id).first(), db.session.query(Track.id).first()
    assert session
    assert topic

    answer = visitor.client.get(
        f"/{workshop.slug}/" + export.format(session=session[0], topic=topic[0])
    )

    # Calendars fold their long lines.
    paths = addresses_in(app, answer.get_data(as_text=True).replace("\r\n ", ""))
    assert answer.status_code == 200
    assert paths
    assert [path for path in paths if pattern_of(app, path) is None] == []


def test_a_badges_code_opens_a_frozen_address(app: Flask, workshop: Workshop) -> None:
    factories.make_registration(workshop)

    (ready,) = list_badges(workshop)

    (path,) = addresses_in(app, ready.badge.code_url)
    assert pattern_of(app, path) == "/c/{code}"
