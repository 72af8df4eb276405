"""What an import has let in can be saved from the session's form, unchanged."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.agenda.draft.people import people_text
from app.agenda.draft.queries import list_sessions, list_tray
from app.agenda.intake import plans
from app.agenda.intake.plans import Plan
from app.agenda.intake.table import read_table
from app.agenda.models import AgendaSession, SessionRole
from app.editor.entry_forms import SessionForm
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.reading import HEADING, book, event, read_book, read_schedule, saved
from tests.factories import make_account, make_workshop
from tests.pages import Visitor

DAY = date(2027, 3, 27)
NASTY = "Ablauf:\n1.\tEinführung\u000b2.\tÜbung\n\uf0b7\tPause\u00ad\n\uf0ffEnde\x07\ufeff"

pasted = st.text(
    st.sampled_from("ab1.,;-•·o \n\r\t\u000b\u0085\u00a0\u00ad\u200b\u2028\ufeff\u0308\x07\x1c")
    | st.sampled_from("\uf0b7\uf0a7\uf0e0\uf0ff\u202eÄß🚒")
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)


@pytest.fixture(scope="module")
def application_alone(application: Flask) -> Iterator[Flask]:
    with application.app_context():
        yield application


def _read(title: str, people: str, text: str) -> Plan:
    row = [DAY.isoformat(), "9:00", "10:00", title, "", "", "", people, people, text]
    return read_table(
        [{"name": "Programm", "rows": [HEADING, row], "merged": [], "goes_on": False}], [DAY]
    )


@given(title=pasted, people=pasted, text=pasted | pasted.map(lambda some: some * 80))
@example(title="Titel", people="", text="\x1f\ufe20" * 80)
@settings(max_examples=400, deadline=None)
def test_a_form_takes_whatever_an_import_takes(
    application_alone: Flask, title: str, people: str, text: str
) -> None:
    sessions = _read(title, people, text).sessions
    if not sessions:  # without a title
        return
    kept = {name: getattr(sessions[0], name) for name in ("title", "speakers", "chair", "abstract")}
    # As browsers send it.
    typed = {name: value.replace("\n", "\r\n") for name, value in kept.items()}
    with application_alone.test_request_context("/", method="POST", data=typed):
        form = SessionForm(meta={"csrf": False})
        for name, value in kept.items():
            form[name].validate(form)
            assert list(form[name].errors) == []
            assert (form[name].data or "") == value


def _values(session: AgendaSession) -> dict[str, Any]:
    names = ("kind", "title", "abstract", "language", "starts_at", "ends_at", "minutes", "room_id")
    return {
        **{name: getattr(session, name) for name in names},
        **{role: people_text(session, role) for role in SessionRole},
        "ids": [person.speaker_id for person in session.people],
    }


def _take_over(workshop: Workshop, plan: Plan) -> None:
    account = make_account()
    kept = plans.keep(workshop, plan, account.id)
    plans.take_over(workshop, kept.id, account.id, replaces=False)
    db.session.commit()


def test_imported_sessions_are_saved_unchanged(ctx: object, organiser: Visitor) -> None:
    workshop = make_workshop(starts_on=DAY, ends_on=date(2027, 3, 28))
    table = book(
        [
            DAY,
            time(9),
            time(10),
            "Titel_x000B_zwei",
            "Pause",
            "Saal",
            "Thema",
            "• Jana\n• Ole",
            "Ute",
            "A",
        ],
        [
            DAY,
            time(20),
            "24:00",
            "Bis Mitternacht",
            None,
            None,
            None,
            None,
            None,
            "B\n\n" + "x" * 4000,
        ],
        [None, None, None, "Idee", None, None, None, "Jana, Amt; Ole", None, "• eins\n• zwei"],
    )
    _take_over(workshop, read_book(workshop, saved(table)))
    persons = '<person id="1">A, B</person><person id="2">A, B</person>'
    _take_over(
        workshop,
        read_schedule(
            workshop,
            event(
                DAY,
                language="es",
                persons=persons,
                abstract=NASTY.replace("\x07", "").replace("\u000b", "\n"),
            ),
        ),
    )
    sessions = [*list_sessions(workshop.id), *list_tray(workshop.id)]
    assert len(sessions) == 4
    for session in sessions:
        before, version = _values(session), session.version
        page = organiser.get(f"/{workshop.slug}/desk/agenda/sessions/{session.id}")
        organiser.submit(page)
        db.session.expire_all()
        assert _values(session) == before
        assert session.version == version


def test_what_has_no_meaning_is_left_out_and_told_or_refused_at_the_field(
    ctx: object, organiser: Visitor
) -> None:
    workshop = make_workshop(starts_on=DAY, ends_on=DAY)
    with_private = NASTY.replace("\x07", "").replace("\u000b", "\n")
    plan = read_schedule(workshop, event(DAY, abstract=with_private))
    assert plan.problems == (
        "„Lage“: U+F0FF in Zeile 5, Zeichen 1 lässt sich nicht darstellen und wird ausgelassen.",
    )
    assert plan.sessions[0].abstract == "Ablauf:\n1. Einführung\n2. Übung\n- Pause\nEnde"

    db.session.commit()
    page = organiser.get(f"/{workshop.slug}/desk/agenda/sessions/add")
    typed = {"title": "Lage", "day": "", "abstract": NASTY}
    page = organiser.submit(page, typed, status=422)
    assert page.errors() == {
        "abstract": "Zeile 5, Zeichen 1 lässt sich nicht darstellen: U+F0FF. Entfernen Sie es."
    }
    page = organiser.submit(page, {"abstract": NASTY.replace("\uf0ff", "").replace("\x07", "")})
    assert list_tray(workshop.id)[0].abstract == plan.sessions[0].abstract


def test_a_title_that_is_cut_is_told_with_its_event(ctx: object) -> None:
    workshop = make_workshop(starts_on=DAY, ends_on=DAY)
    plan = read_schedule(workshop, event(DAY, title="Lage " * 50))
    assert len(plan.sessions[0].title) < 250
    (problem,) = plan.problems
    assert problem.endswith(" 1: Ein Text ist auf 200 Zeichen gekürzt.")
