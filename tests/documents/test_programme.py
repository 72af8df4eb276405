"""The programme on paper, read back from its PDF: sheets, booklet, door signs, backs of badges."""

import io
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pikepdf
import pytest
from flask import Flask

from app.accounts.models import Role
from app.agenda.models import SessionKind
from app.agenda.releases import service as releases
from app.documents.back_layout import LINE, SMALLEST, lay_out
from app.documents.fitting import MM_PER_POINT
from app.documents.programme import PrintedProgramme, read_programme
from app.documents.stock import get_stock, list_stocks
from app.extensions import db
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_room, add_session, add_topic
from tests.pages import Visitor
from tests.pdf import Pdf, accessibility_failures

pytestmark = pytest.mark.slow

HARD = "Żaneta & <b>Łódź</b> „Straße“ 🚒 – " + "Donaudampfschifffahrtsgesellschaft " * 5
LONG_NAME = "Karl-Friedrich von Müller-Lüdenscheidt, Ministerium für Inneres und Europa"


def _fill(workshop: Workshop, *, parallel: int) -> None:
    """On each day a greeting, two times that many parallel sessions, breaks; released."""
    rooms = [add_room(workshop, f"Raum {name}", position=n) for n, name in enumerate(_ROOMS)]
    topics = [
        add_topic(workshop, name, position=n)
        for n, name in enumerate(("Katastrophenfall", "Bewegtbild"))
    ]
    for day in workshop.days:
        add_session(workshop, "Begrüßung", day=day, room_id=rooms[0].id)
        for starts in (time(10), time(14)):
            for number in range(parallel):
                add_session(
                    workshop,
                    HARD[:200].strip() if number == 1 else f"Werkstatt {starts:%H}-{number + 1}",
                    kind=SessionKind.WORKSHOP,
                    day=day,
                    starts=starts,
                    ends=time(starts.hour + 2),
                    room_id=rooms[number].id,
                    track_id=topics[number % 2].id,
                    speakers=LONG_NAME,
                    abstract="**Wichtig** <i>ist</i>\n\n- Punkt\n\n# Mehr\n\n[Link](https://a.example)",
                )
        add_session(
            *(workshop, "Mittagspause"),
            kind=SessionKind.BREAK,
            day=day,
            starts=time(12),
            ends=time(13),
        )
    releases.release(workshop)
    db.session.commit()


_ROOMS = (
    "Elbe",
    "Mulde",
    "Łaba",
    "Spree",
    "Saale",
    "Neiße",
    "Parthe",
    "Pleiße",
    "Elster",
    "Oder",
    "Havel",
    "Röder",
)


@pytest.fixture
def usual(ctx: Flask) -> Workshop:
    """Two days with three parallel sessions."""
    made = factories.make_workshop(
        slug="usual", starts_on=date(2026, 12, 4), ends_on=date(2026, 12, 5)
    )
    _fill(made, parallel=3)
    return made


@pytest.fixture
def crowded(ctx: Flask) -> Workshop:
    """Five days with twelve parallel sessions."""
    made = factories.make_workshop(
        slug="crowded", starts_on=date(2027, 3, 24), ends_on=date(2027, 3, 28)
    )
    _fill(made, parallel=12)
    return made


def _pdf(visitor: Visitor, workshop: Workshop, path: str) -> Pdf:
    answer = visitor.get(f"/{workshop.slug}/{path}").response
    assert answer.mimetype == "application/pdf"
    return Pdf(answer.data)


def _data(workshop: Workshop) -> PrintedProgramme:
    release = releases.shown_release(workshop)
    assert release is not None
    return read_programme(workshop, release)


def _one_line(text: str) -> str:
    """As a reader sees it: lines joined, hyphens at their ends gone."""
    return " ".join(text.replace("\x02", "").replace("\ufffe", "").split())


def _fonts(pdf: Pdf) -> dict[str, bool]:
    """Family of each font: whether it is within the file."""
    with pikepdf.open(io.BytesIO(pdf.data)) as file:
        return {
            str(font["/FontFamily"]): any(f"/FontFile{kind}" in font for kind in ("", 2, 3))
            for font in file.objects
            if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/FontDescriptor"
        }


def _inside(pdf: Pdf, margin: float = 2) -> bool:
    """Whether all ink of all pages lies within them."""
    return all(
        margin <= glyph.left
        and glyph.right <= width - margin
        and margin <= glyph.top
        and glyph.bottom <= height - margin
        for page, (width, height) in enumerate(pdf.sizes)
        for glyph in pdf.glyphs(page)
    )


def test_a4_has_a_page_for_each_day_and_says_when_it_was_released(
    visitor: Visitor, usual: Workshop
) -> None:
    add_session(usual, "Nur im Entwurf", starts=time(17), ends=time(18))
    pdf = _pdf(visitor, usual, "agenda.pdf")

    assert pdf.sizes == [(210.0, 297.0)] * 2
    first, second = (_one_line(pdf.text(page)) for page in range(2))
    for words in (
        *("Polizei & Social Media", "4.–5. Dezember 2026", "Freitag, 4. Dezember"),
        *("09:00–10:00 Begrüßung", "A Katastrophenfall", "12:00–13:00 Mittagspause"),
        *("Werkstatt 14-3", "Raum Łaba", f"Arbeitsgruppe · {LONG_NAME}", "Seite 1 von 2"),
        "Żaneta & <b>Łódź</b> „Straße“ –",
        "Fassung 1 vom ",
    ):
        assert words in first
    assert "Samstag, 5. Dezember" in second
    assert "Freitag" not in second
    assert "Entwurf" not in pdf.all_text
    assert _fonts(pdf) == {"Fira Sans": True}
    assert _inside(pdf, 7)
    assert accessibility_failures(pdf.data) == []


def test_descriptions_follow_where_they_are_asked_for(visitor: Visitor, usual: Workshop) -> None:
    pdf = _pdf(visitor, usual, "agenda.pdf?abstracts=1")

    assert "Wichtig <i>ist</i>" in pdf.all_text
    assert "Wichtig" not in _pdf(visitor, usual, "agenda.pdf").all_text
    assert accessibility_failures(pdf.data) == []


def test_many_sessions_take_more_pages_and_lose_none(visitor: Visitor, crowded: Workshop) -> None:
    pdf = _pdf(visitor, crowded, "agenda.pdf")
    text = _one_line(pdf.all_text)

    assert 5 < len(pdf.sizes) <= 10
    for hour in (10, 14):
        for number in {*range(1, 13)} - {2}:
            assert text.count(f"Werkstatt {hour}-{number} ") == 5
    # A page that goes on with a day names it.
    assert all("März" in pdf.text(page) for page in range(len(pdf.sizes)))
    assert _inside(pdf, 7)
    assert accessibility_failures(pdf.data) == []


def test_a_booklet_lies_in_order_after_folding(visitor: Visitor, usual: Workshop) -> None:
    pdf = _pdf(visitor, usual, "agenda.pdf?format=booklet")

    assert pdf.sizes == [(297.0, 210.0)] * 2
    assert _halves(pdf, 0) == ("Notizen", "PROGRAMM")
    assert _halves(pdf, 1) == ("Freitag,", "Samstag,")
    assert all(_fonts(pdf).values())
    with pikepdf.open(io.BytesIO(pdf.data)) as file:
        assert file.Root.ViewerPreferences.Duplex == "/DuplexFlipShortEdge"
        assert str(file.docinfo["/Title"]) == "Polizei & Social Media · Programm"


def test_a_longer_booklet_has_whole_sheets(visitor: Visitor, crowded: Workshop) -> None:
    pdf = _pdf(visitor, crowded, "agenda.pdf?format=booklet")

    assert len(pdf.sizes) % 2 == 0
    assert _halves(pdf, 0)[1] == "PROGRAMM"
    assert _halves(pdf, 1)[0] == "Mittwoch,"
    assert _inside(pdf)


def _halves(pdf: Pdf, page: int) -> tuple[str, str]:
    """The first word of either half of a sheet's side."""
    texts = pdf.document[page].get_textpage()
    width, height = (edge / 2 for edge in pdf.document[page].get_size())
    halves = (texts.get_text_bounded(x, 0, x + width, 2 * height) for x in (0, width))
    left, right = (half.split()[0] for half in halves)
    return left, right


class TestDoorSigns:
    """A sheet for each room and day."""

    def test_name_room_day_and_sessions(self, organiser: Visitor, usual: Workshop) -> None:
        pdf = _pdf(organiser, usual, "desk/agenda/door-signs.pdf")

        assert pdf.sizes == [(297.0, 210.0)] * 6
        first = _one_line(pdf.text(0))
        for words in ("Raum Elbe", "Freitag, 4. Dezember", "10:00–12:00", "Werkstatt 14-1"):
            assert words in first
        assert "Mittagspause" not in pdf.all_text
        assert "Donaudampfschifffahrtsgesellschaft" in pdf.text(2).replace("\n", "")
        assert _inside(pdf, 7)
        assert accessibility_failures(pdf.data) == []

    def test_can_be_read_from_three_metres(self, organiser: Visitor, usual: Workshop) -> None:
        pdf = _pdf(organiser, usual, "desk/agenda/door-signs.pdf")
        capital = next(glyph for glyph in pdf.glyphs(0) if glyph.text == "W")
        # 6 mm of 3 m are seven minutes of arc; an eye that may drive needs less than one a stroke.
        assert capital.bottom - capital.top > 6

    def test_are_chosen_by_day_and_room(
        self, organiser: Visitor, sign_in: Callable[..., Visitor], usual: Workshop
    ) -> None:
        page = organiser.get(f"/{usual.slug}/desk/agenda/print")
        assert page.all("h2")[1].text_content() == "Türschilder"
        choice = {"day": "2026-12-05", "orientation": "portrait"}
        pdf = Pdf(organiser.submit(page, choice).response.data)
        assert pdf.sizes == [(210.0, 297.0)] * 3
        assert "Freitag" not in pdf.all_text
        assert _inside(pdf, 7)
        for wrong in ("day=gestern", "room=999999", "orientation=quer"):
            organiser.get(f"/{usual.slug}/desk/agenda/door-signs.pdf?{wrong}", status=404)
        other = sign_in(Role.STAFF, factories.make_workshop())
        other.get(f"/{usual.slug}/desk/agenda/door-signs.pdf", status=403)


class TestBackOfBadge:
    """What a label can hold."""

    def test_two_days_are_on_the_usual_label(self, organiser: Visitor, usual: Workshop) -> None:
        stock = get_stock("avery-l4784")  # the smallest; its columns are not in the middle
        pdf = _pdf(organiser, usual, f"desk/badges/programme.pdf?stock={stock.slug}")

        assert pdf.sizes == [(210.0, 297.0)]
        glyphs = list(pdf.glyphs())
        lefts = sorted(g.left for g in glyphs if g.text == "F" and g.top < 20)
        mirrored = [210 - stock.position(n)[0] - stock.width + 2 for n in (3, 2, 1)]
        assert lefts == pytest.approx(mirrored, abs=0.6)
        with pikepdf.open(io.BytesIO(pdf.data)) as file:
            assert file.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"

    def test_nothing_leaves_the_label_or_is_too_small(self, crowded: Workshop) -> None:
        data = _data(crowded)
        for stock in list_stocks():
            texts = lay_out(data, stock.width, stock.height)
            assert min(text.size for text in texts) >= SMALLEST == 6.5
            lines = [
                (t.top, t.size * MM_PER_POINT * LINE * (1 + t.text.count("\n"))) for t in texts
            ]
            assert max(top + height for top, height in lines) <= stock.height - 1.5, stock.slug
            assert len({text.text for text in texts if text.css_class == "head"}) == 5

    def test_less_is_shown_only_where_there_is_no_room(self, usual: Workshop) -> None:
        data = _data(usual)
        large, middle, small = (
            {text.text for text in lay_out(data, *size)}
            for size in ((148, 105), (80, 50), (60, 28))
        )
        assert "Mittagspause" in large
        assert "E Raum Elbe · M Raum Mulde · Ł Raum Łaba" in large
        assert "Werkstatt 10-1" in middle
        assert "3 parallel" in small
        assert "Mittagspause" not in small


def test_the_command_writes_each_kind(app: Flask, usual: Workshop, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    file = str(tmp_path / "programm.pdf")
    pages = {"a4": 2, "booklet": 2, "doors": 6, "badge-back": 1}
    for kind, count in pages.items():
        done = run(args=["programme", usual.slug, "--output", file, "--kind", kind])
        assert (done.exit_code, done.stderr) == (0, "")
        assert len(Pdf(Path(file).read_bytes()).sizes) == count
    done = run(args=["programme", "nowhere", "--output", file])
    assert (done.exit_code, done.stderr) == (1, "Error: There is no workshop 'nowhere'.\n")
    releases.withdraw(usual)
    db.session.commit()
    done = run(args=["programme", usual.slug, "--output", file])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)


def test_the_page_says_that_nothing_is_released(organiser: Visitor, workshop: Workshop) -> None:
    text = organiser.get(f"/{workshop.slug}/desk/agenda/print").text()
    assert "Das Programm ist noch nicht veröffentlicht" in text
    organiser.get(f"/{workshop.slug}/desk/badges/programme.pdf", status=404)
