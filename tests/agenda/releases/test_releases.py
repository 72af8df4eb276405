"""Releases: numbered without gaps, frozen, and made of what was looked at."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from app.agenda.models import AgendaSession
from app.agenda.releases import service as releases
from app.agenda.releases.content import read_abouts
from app.agenda.releases.service import find_release, list_releases, prepare, release, shown_content
from app.extensions import db
from app.refusals import Refused
from app.workshops.models import Workshop
from tests.agenda.programme import add_session
from tests.factories import make_workshop


def at_once(app: Flask, *, with_changes: bool) -> tuple[list[int | str], list[int]]:
    """Two editors release at the same moment: what each gets, and the numbers stored."""
    with app.app_context():
        workshop = make_workshop()
        ids = [add_session(workshop, title).id for title in ("Erstes", "Zweites")]
        workshop_id = workshop.id
        db.session.remove()
    ready = Barrier(2)

    def go(session_id: int) -> int | str:
        with app.app_context():
            workshop = db.session.get_one(Workshop, workshop_id)
            db.session.rollback()
            ready.wait()
            try:
                if with_changes:
                    db.session.get_one(AgendaSession, session_id).title += " neu"
                made = release(workshop)
                db.session.commit()
            except Refused as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return made.number

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(go, ids))
    with app.app_context():
        workshop = db.session.get_one(Workshop, workshop_id)
        numbers = [pair.release.number for pair in list_releases(workshop).pairs]
        db.session.remove()
    return sorted(outcomes, key=str), numbers


def test_two_at_once_get_one_number_each(app: Flask) -> None:
    assert at_once(app, with_changes=True) == ([1, 2], [2, 1])


def test_a_double_click_releases_once(app: Flask) -> None:
    assert at_once(app, with_changes=False) == ([1, "NothingChanged"], [1])


def test_a_release_stays_as_it_was(workshop: Workshop, talk: AgendaSession) -> None:
    release(workshop, "Erste")
    talk.title = "Später geändert"
    assert shown_content(workshop)["sessions"][0]["title"] == "Lage im Netz"  # type: ignore[index]
    release(workshop)
    db.session.expire_all()
    first, second = find_release(workshop, 1), find_release(workshop, 2)
    assert first is not None
    assert second is not None
    assert first.comment == "Erste"
    assert [r.content["sessions"][0]["title"] for r in (first, second)] == [
        "Lage im Netz",
        "Später geändert",
    ]
    assert find_release(workshop, 3) is None


def test_only_what_was_looked_at_is_released(workshop: Workshop, talk: AgendaSession) -> None:
    seen = prepare(workshop).seen
    talk.title = "Inzwischen geändert"
    with pytest.raises(releases.DraftChanged):
        release(workshop, seen=seen)
    seen = prepare(workshop).seen
    release(workshop, seen=seen)
    # The same draft after another release is another preview.
    releases.withdraw(workshop)
    with pytest.raises(releases.DraftChanged):
        release(workshop, seen=seen)


def test_nothing_new_is_released_only_to_show_it_again(
    workshop: Workshop, talk: AgendaSession
) -> None:
    release(workshop)
    with pytest.raises(releases.NothingChanged):
        release(workshop)
    releases.withdraw(workshop)
    assert shown_content(workshop) is None
    assert release(workshop).number == 2
    assert shown_content(workshop) is not None


def test_the_list_goes_by_pages(workshop: Workshop, talk: AgendaSession) -> None:
    for number in range(12):
        talk.title = f"Titel {number}"
        release(workshop)
    first, second = (list_releases(workshop, page=page) for page in (1, 99))
    assert [pair.release.number for pair in first.pairs] == list(range(12, 2, -1))
    assert all(pair.previous for pair in first.pairs)
    assert [(s.release.number, s.previous is None) for s in second.pairs] == [
        (2, False),
        (1, True),
    ]
    assert (first.pages, second.page) == (2, 2)


def test_what_speakers_say_about_themselves_waits_for_the_release(
    workshop: Workshop, talk: AgendaSession
) -> None:
    speaker = talk.people[0].speaker
    release(workshop)
    speaker.about = "Leitet die Redaktion."
    assert read_abouts(shown_content(workshop) or {}) == {}
    release(workshop)
    assert read_abouts(shown_content(workshop) or {}) == {speaker.id: "Leitet die Redaktion."}
