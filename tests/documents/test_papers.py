"""Every paper that the site makes, as a screen reader gets it: all of it, in its order, once."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from app.agenda.models import SessionKind
from app.agenda.releases import service as releases
from app.badges.sheets import render_badges, render_calibration
from app.documents.booklet import render_booklet, render_detailed_booklet
from app.documents.door_signs import Orientation, render_door_signs
from app.documents.lists import ListKind
from app.documents.participant_list import ListedOrganisation, render_participant_list
from app.documents.programme import (
    PrintedProgramme,
    read_programme,
    render_detailed_programme,
    render_programme,
)
from app.documents.programme_back import render_programme_back
from app.documents.stock import get_stock
from app.extensions import db
from tests import factories
from tests.agenda.programme import add_room, add_session, add_topic
from tests.badges.badges import hard_badges
from tests.documents.test_participant_list import EVA, many
from tests.documents.test_participant_list import make_list as make_participant_list
from tests.pdf import Pdf, accessibility_failures
from tests.structure import Structure

pytestmark = pytest.mark.slow

DESCRIPTION = """**Wichtig** ist, *wer* antwortet: <i>alle</i>. [Leitfaden](https://a.example/b).

- Wer schreibt?
  - nachts
- Wer gibt frei?

1. Lesen

   In Ruhe.
2. Antworten

# Danach

    kein Quelltext
"""


@pytest.fixture
def programme(ctx: Flask) -> PrintedProgramme:
    """Two days, one of them too long for a page, with topics and descriptions."""
    workshop = factories.make_workshop(starts_on=date(2026, 12, 4), ends_on=date(2026, 12, 5))
    rooms = [add_room(workshop, name, position=n) for n, name in enumerate(("Elbe", "Łaba"))]
    topic = add_topic(workshop, "Bewegtbild", position=0)
    for number in range(34):
        day = workshop.days[number > 30]
        add_session(
            *(workshop, f"Werkstatt {number + 1}"),
            day=day,
            kind=SessionKind.WORKSHOP,
            room_id=rooms[number % 2].id,
            track_id=topic.id,
            abstract=DESCRIPTION if number % 9 == 0 else "",
        )
    releases.release(workshop)
    db.session.commit()
    release = releases.shown_release(workshop)
    assert release is not None
    with force_locale("de"):
        return read_programme(workshop, release)


def read(data: bytes) -> Structure:
    """The structure of a paper that is whole."""
    structure = Structure(data)
    assert structure.check() == []
    assert accessibility_failures(data) == []
    return structure


PROGRAMMES: dict[str, Callable[[PrintedProgramme], bytes]] = {
    "a4": render_programme,
    "a4 with descriptions": render_detailed_programme,
    "booklet": render_booklet,
    "booklet with descriptions": render_detailed_booklet,
    "door signs": render_door_signs,
    "upright door signs": lambda p: render_door_signs(p, orientation=Orientation.PORTRAIT),
    "backs of labels": lambda p: render_programme_back(p, get_stock("avery-l4784")),
    "back of a holder": lambda p: render_programme_back(p, get_stock("holder-a6")),
}


@pytest.mark.parametrize("kind", list(PROGRAMMES))
def test_all_of_a_programme_is_read(programme: PrintedProgramme, kind: str) -> None:
    with force_locale("de"):
        structure = read(PROGRAMMES[kind](programme))

    assert str(structure.pdf.Root.Lang) == "de"
    words = "".join(structure.spoken())
    for seen_only in ("Seite 1", "Seite 2"):
        assert seen_only not in words
    if "back" not in kind:
        assert words.count("Werkstatt 17") >= 1
    if kind.startswith(("a4", "booklet")):
        assert len(structure.all("Table")) == 2, "a day is a table, on however many pages"
        assert words.index("Werkstatt 1") < words.index("Werkstatt 34")
        assert all(row.all("TH") for row in structure.all("TR")), "each row has its time as head"


def test_a_booklet_is_read_from_its_cover_to_its_notes(programme: PrintedProgramme) -> None:
    with force_locale("de"):
        structure = read(render_booklet(programme))

    heads = [
        "".join(structure.spoken(tag)).strip() for tag in structure.walk() if tag.kind in "H1H2"
    ]
    days = ["Freitag, 4. Dezember", "Samstag, 5. Dezember"]
    assert heads[:3] == [programme.title, *days]
    assert set(heads[3:]) <= {"Notizen"}


@pytest.mark.parametrize("render", [render_detailed_programme, render_detailed_booklet])
def test_descriptions_are_set_and_not_printed_as_markup(
    programme: PrintedProgramme, render: Callable[[PrintedProgramme], bytes]
) -> None:
    with force_locale("de"):
        data = render(programme)
    structure = read(data)
    text = Pdf(data).all_text

    for markup in ("<div", "<ul", "<li", "</", "**", "&lt;", "# Danach"):
        assert markup not in text.replace("<i>alle</i>", "")
    assert "<i>alle</i>" in text, "what looks like HTML stays what was typed"
    article = structure.all("Art")[0]
    entry = ("LI", ["Lbl", "LBody"])
    assert [tag.shape for tag in article.all("L")] == [
        ("L", [("LI", ["Lbl", ("LBody", [("L", [entry])])]), entry]),
        ("L", [entry]),
        ("L", [("LI", ["Lbl", ("LBody", ["P", "P"])]), ("LI", ["Lbl", ("LBody", ["P"])])]),
    ]
    labels = [word.strip() for tag in article.all("Lbl") for word in structure.spoken(tag)]
    assert labels == ["–", "–", "–", "1.", "2."]
    assert structure.spoken(article.all("Link")[0]) == ["Leitfaden"]
    assert structure.spoken(article.all("H4")[0]) == ["Danach"]


@pytest.mark.parametrize("kind", [ListKind.INTERNAL, ListKind.HANDOUT])
def test_a_list_is_one_table(ctx: Flask, kind: ListKind) -> None:
    groups = (ListedOrganisation("Polizei Sachsen", (EVA,)), *many(2, 60), *many(20, 3))
    with force_locale("de"):
        data = render_participant_list(make_participant_list(*groups, kind=kind))
    structure = read(data)

    (table,) = structure.all("Table")
    assert len(table.all("TBody")) == len(groups)
    assert len(Pdf(data).sizes) > 4
    words = "".join(structure.spoken())
    assert "Fortsetzung" not in words
    assert "Fortsetzung" in Pdf(data).all_text


def test_labels_and_their_test_page_are_read(ctx: Flask) -> None:
    stock = get_stock("avery-32010")
    structure = read(render_badges(hard_badges() * 2, stock))
    assert len(structure.all("Figure")) == len(structure.all("Sect")) == 2 * len(hard_badges())
    read(render_calibration(stock))
