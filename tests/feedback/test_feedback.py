"""Feedback on sessions: who may give it, that it stays anonymous, and what is shown of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.agenda.models import SessionKind
from app.agenda.releases import content as frozen
from app.agenda.releases import service as releases
from app.agenda.timetable import Slot
from app.extensions import db, now
from app.feedback import service
from app.feedback.models import Feedback, FeedbackGiven
from app.feedback.queries import Results, list_results, open_for, results_of
from app.outbox.service import draw_link
from app.privacy.service import delete_overdue
from app.registration import links
from app.registration.models import Registration, Status
from app.workshops.models import ConsentKind, Workshop
from tests.agenda.programme import add_session
from tests.counting import counted_queries
from tests.factories import make_registration, make_workshop
from tests.pages import Page, Visitor


@pytest.fixture
def over(ctx: Flask) -> Workshop:
    """A workshop whose talk and break are over, and whose last session is not."""
    yesterday = (now() - timedelta(days=1)).date()
    made = make_workshop(starts_on=yesterday, ends_on=yesterday + timedelta(days=3), seats=99)
    add_session(made, "Lage im Netz")
    add_session(made, "Kaffeepause", kind=SessionKind.BREAK)
    add_session(made, "Ausblick", day=made.ends_on)
    releases.release(made)
    db.session.commit()
    return made


def slot_of(workshop: Workshop, title: str = "Lage im Netz") -> Slot:
    content = releases.shown_content(workshop)
    assert content
    slots = frozen.read_slots(content, content["sessions"], workshop.zone, now())
    return next(slot for slot in slots if slot.title == title)


def address(registration: Registration, slot: Slot) -> str:
    token = draw_link(links.LINK_PURPOSE, registration.id)
    return f"/{registration.workshop.slug}/registration/{token}/agenda/{slot.id}/feedback"


def say(workshop: Workshop, *ratings: int, good: str = "", better: str = "") -> None:
    for rating in ratings:
        service.give(
            make_registration(workshop), slot_of(workshop), rating=rating, good=good, better=better
        )
    db.session.commit()


def test_feedback_is_given_once_and_thanked_for(over: Workshop, visitor: Visitor) -> None:
    url = address(make_registration(over), slot_of(over))
    form = visitor.get(url)
    assert form.texts("main .kern-label")[:3] == [
        *("Wie hilfreich war der Programmpunkt?", "Sehr hilfreich", "Hilfreich")
    ]

    refused = visitor.submit(form, {"good": "Praxis"}, status=422)
    assert refused.text(".error-summary li") == "Wählen Sie eine der Antworten."
    assert refused.text("#good") == "Praxis"
    thanks = visitor.submit(refused, {"rating": "4", "better": "mehr Zeit"})

    assert "nicht mehr ändern" in thanks.text(".alert")
    assert thanks.all("main form") == []
    again = visitor.submit(form, {"rating": "1"}, status=422)
    assert again.text(".error-summary li") == (
        "Sie haben zu diesem Programmpunkt schon Rückmeldung gegeben."
    )
    stored = db.session.scalars(sa.select(Feedback)).one()
    assert (stored.rating, stored.good, stored.better) == (4, "Praxis", "mehr Zeit")


def test_only_participants_are_asked_after_the_session(over: Workshop, visitor: Visitor) -> None:
    guest = make_registration(over)
    waiting = make_registration(over, status=Status.WAITING)
    later, pause = slot_of(over, "Ausblick"), slot_of(over, "Kaffeepause")

    page = visitor.get(address(guest, later))
    assert "noch nicht vorbei" in page.text(".alert")
    assert page.all("main form") == []
    visitor.get(address(guest, pause), status=404)
    visitor.get(address(waiting, slot_of(over)), status=404)
    with pytest.raises(service.NotOver):
        service.give(guest, later, rating=5)
    for person, slot in ((guest, pause), (waiting, slot_of(over))):
        with pytest.raises(service.NotAsked):
            service.give(person, slot, rating=5)
    slots = [slot_of(over), later, pause]
    assert open_for(guest, slots) == {slot_of(over).id}
    assert open_for(waiting, slots) == set()
    releases.withdraw(over)
    visitor.get(address(guest, later), status=404)


def test_nothing_joins_what_was_said_with_who_said_it(ctx: Flask) -> None:
    tables = [sa.inspect(db.engine).get_columns(t) for t in ("feedback", "feedback_given")]
    said, given = ({column["name"] for column in columns} for columns in tables)

    assert said == {"id", "workshop_id", "session_id", "rating", "good", "better"}
    assert given == {"registration_id", "session_id", "workshop_id"}
    for name in ("feedback", "feedback_given"):
        assert db.metadata.tables[name].dialect_options["sqlite"]["with_rowid"] is False
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(sa.exc.OperationalError, match="rowid"):
            db.session.execute(sa.text("SELECT rowid FROM feedback"))


def test_the_order_of_rows_tells_nothing(over: Workshop) -> None:
    people = sorted((make_registration(over) for _ in range(6)), key=lambda r: -r.id)
    if db.engine.dialect.name == "postgresql":
        # Gaps of rows that other tests deleted are filled first, one page before another.
        db.session.execute(sa.text("TRUNCATE feedback, feedback_given"))
        db.session.commit()
    for person in people:
        service.give(person, slot_of(over), rating=3)
        db.session.commit()
    if db.engine.dialect.name != "postgresql":
        return
    ids = db.session.scalars(sa.text("SELECT id FROM feedback ORDER BY ctid")).all()
    givers = db.session.scalars(
        sa.text("SELECT registration_id FROM feedback_given ORDER BY ctid")
    ).all()
    assert (list(ids), list(givers)) == (sorted(ids), sorted(givers))
    for table in ("feedback", "feedback_given"):
        writers = sa.text(f"SELECT count(DISTINCT xmin::text) FROM {table}")
        assert db.session.scalar(writers) == 1


def test_results_appear_with_the_third_answer(over: Workshop, organiser: Visitor) -> None:
    talk = slot_of(over)
    say(over, 5, 4, good="Gut & knapp")
    assert results_of([talk.id]) == {talk.id: Results()}
    desk = f"/{over.slug}/desk/agenda/feedback"
    page = organiser.get(desk)
    assert page.texts("main section h2") == ["Lage im Netz"]
    assert "Noch zu wenige Rückmeldungen." in page.text()
    assert "Gut" not in page.text()

    say(over, 2, good="Ähnliches öfter", better="<b>Ton</b>")

    found = results_of([talk.id])[talk.id]
    assert found.shares == ((5, 1), (4, 1), (3, 0), (2, 1), (1, 0))
    assert found.good == ("Ähnliches öfter", "Gut & knapp", "Gut & knapp")
    page = organiser.get(desk)
    assert "3 Antworten · im Mittel 3,7 von 5" in page.text()
    assert page.texts(".feedback-texts li")[-1] == "<b>Ton</b>"


def test_its_pages_are_found(over: Workshop, visitor: Visitor, organiser: Visitor) -> None:
    form = address(make_registration(over), slot_of(over))
    results = f"/{over.slug}/desk/agenda/feedback"

    for page in (form.removesuffix("/feedback"), form.rpartition("/agenda/")[0] + "/agenda"):
        assert form in _links(visitor.get(page))
    assert results in _links(organiser.get(f"/{over.slug}/desk/agenda"))


def _links(page: Page) -> set[str | None]:
    return {a.get("href") for a in page.all("main a")}


def test_somebody_who_has_answered_is_not_asked_again(over: Workshop) -> None:
    person = make_registration(over)
    assert open_for(person, [slot_of(over)])
    service.give(person, slot_of(over), rating=1)
    assert not open_for(person, [slot_of(over)])


def test_the_results_ask_the_database_as_often_whatever_they_hold(over: Workshop) -> None:
    counts = []
    for _ in range(2):
        say(over, 1, 2, 3)
        with counted_queries() as queries:
            list_results(over)
        counts.append(len(queries))
    assert counts == [3, 3]


def test_ratings_outlive_the_people_and_their_words(over: Workshop) -> None:
    invited = make_registration(over, consents=frozenset({ConsentKind.MAILING}))
    service.give(invited, slot_of(over), rating=5, good="Frau Beispiel")
    say(over, 4, 3, better="Herr Muster")

    delete_overdue(over, over.ends_on + timedelta(days=6 * 31 + 1))

    assert db.session.scalars(sa.select(FeedbackGiven)).all() == []
    found = next(iter(results_of([slot_of(over).id]).values()))
    assert (found.count, found.good, found.better) == (3, (), ())
