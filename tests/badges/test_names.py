"""Names on badges: as large as their labels allow, and told where that is not large enough."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Role
from app.badges.design import READABLE, Badge, name_size, place
from app.badges.queries import list_badges
from app.badges.sheets import render_badges
from app.demo.service import load_demo
from app.documents.stock import Stock, get_stock, list_stocks
from app.extensions import db
from app.registration.models import Registration
from app.workshops.models import Workshop
from app.workshops.queries import find_workshop
from tests.badges.badges import ORDINARY, hard_badges
from tests.counting import counted_queries
from tests.factories import make_registration
from tests.pages import Visitor
from tests.pdf import Pdf

STOCKS = pytest.mark.parametrize("stock", list_stocks(), ids=lambda stock: stock.slug)
LABEL = get_stock("avery-l4785")  # 80 × 50 mm


def lines_of(*name: str, stock: Stock = LABEL) -> tuple[str, ...]:
    """The lines of a name on a badge with organisation and function."""
    badge = replace(ORDINARY, name=name, title="", department="")
    return place(badge, stock).name.fitted.lines


def test_names_of_a_real_workshop_are_readable(ctx: Flask) -> None:
    load_demo(70, 2017)
    workshop = find_workshop("leipzig")
    assert workshop
    badges = [ready.badge for ready in list_badges(workshop)]
    assert len(badges) == 62
    sizes = {s.slug: sorted(name_size(badge, s) for badge in badges) for s in list_stocks()}

    small = {slug: sum(size < READABLE for size in found) for slug, found in sizes.items()}
    most = Counter({"avery-l4784": 6, "brother-dk-11201": 4, "durable-1453": 3, "dymo-11356": 2})
    most.update(dict.fromkeys(("holder-a6", "holder-a7", "holder-90x60", "brother-dk-11202"), 0))
    assert {slug: count for slug, count in small.items() if count > most.get(slug, 1)} == {}
    assert sizes["avery-l4785"][0] >= 11.75
    assert sizes["holder-a6"][0] >= 23.75
    assert median(sizes["avery-l4785"]) >= 21
    assert median(sizes["avery-32010"]) >= 22.75
    assert median(sizes["holder-a6"]) >= 47.25
    assert len(render_badges((badges * 2)[:70], LABEL)) < 200_000


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (("Żaneta", "Wiśniewska-Łukasiewicz"), ("Żaneta", "Wiśniewska-", "Łukasiewicz")),
        (
            ("Theodora-Alexandra Konstantina", "Papadimitrakopoulou-Schönleber"),
            ("Theodora-Alexandra", "Konstantina", "Papadimitrakopoulou-", "Schönleber"),
        ),
        (
            ("Karl-Friedrich Wilhelm", "Freiherr von und zu Hohenfels-Rabeneck"),
            ("Karl-Friedrich Wilhelm", "Freiherr von und zu", "Hohenfels-Rabeneck"),
        ),
        (("Mo", "Ott"), ("Mo", "Ott")),
    ],
)
def test_a_long_name_takes_more_lines_before_smaller_letters(
    name: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    badge = replace(ORDINARY, name=name, title="", department="")

    assert lines_of(*name) == lines
    assert name_size(badge, LABEL) >= READABLE


@STOCKS
def test_no_line_ends_in_a_lone_small_word(stock: Stock) -> None:
    for lines in (
        lines_of("Maximiliane-Friederike", "von Straßburg-Żółkiewska", stock=stock),
        lines_of("Anna Maria", "zu Hohenlohe-Schillingsfürst", stock=stock),
        lines_of("Ursula van", "der Straten Ponthoz", stock=stock),
    ):
        assert lines[-1].split()[-1].istitle()
        for line in lines[:-1]:
            assert line.split()[-1] not in {"von", "zu"}


def test_other_texts_give_way_in_turn_and_stay_readable() -> None:
    """The small ones first, the organisation last; and none of them for a name that is short."""
    short, long = (
        place(replace(ORDINARY, name=name, title=""), LABEL)
        for name in (
            ("Mo", "Ott"),
            ("Theodora-Alexandra Konstantina", "Papadimitrakopoulou-Schönleber"),
        )
    )
    usual, reduced = ([text.fitted.size for text in it.below] for it in (short, long))

    assert usual == [10.5, 8.25, 8.25]
    assert reduced[0] < usual[0]
    assert [text.fitted.text for text in long.below] == [t.fitted.text for t in short.below]
    assert min(reduced) >= 5.5
    in_turn = place(replace(ORDINARY, name=("Żaneta Eva", "Wiśniewska-Łukasiewicz")), LABEL)
    assert in_turn.below[0].fitted.size > in_turn.below[-1].fitted.size


@STOCKS
def test_the_size_is_told_as_it_is_drawn(ctx: Flask, stock: Stock) -> None:
    for badge in (ORDINARY, *hard_badges()):
        placed = place(badge, stock)
        assert name_size(badge, stock) == placed.name.fitted.size
        bottoms = [text.top + text.fitted.height for text in (placed.name, *placed.below)]
        tops = [text.top for text in placed.below]
        assert all(b <= top + 0.02 for b, top in zip(bottoms, tops, strict=False))


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["avery-l4785", "avery-l4784", "holder-a6"])
def test_the_ink_of_many_lines_is_apart(ctx: Flask, slug: str) -> None:
    badge: Badge = replace(
        ORDINARY,
        name=("Ạ̈gid-Țănase Ǻsgard", "Ếyüp-Ğüçlü Ṭ̄hẳjçy"),
        title="",
        workshop="",
        dates="",
        organisation="",
        department="",
        function="",
    )
    stock = get_stock(slug)
    lines = place(badge, stock).name.fitted.lines
    pdf = Pdf(render_badges([badge], stock))
    _left, top = stock.position(1)
    glyphs = [g for g in pdf.glyphs() if g.top - top < stock.height * 0.8]
    assert len(lines) >= 2
    rows: list[list[float]] = []
    for glyph in sorted(glyphs, key=lambda g: g.bottom):
        if rows and glyph.top < rows[-1][1] - 0.01:
            rows[-1] = [min(rows[-1][0], glyph.top), max(rows[-1][1], glyph.bottom)]
        else:
            rows.append([glyph.top, glyph.bottom])
    assert len(rows) == len(lines)


def test_a_name_of_many_words_is_laid_out_like_any_other() -> None:
    """Trying all ways to break it would take for ever."""
    words = "Ana-" * 15
    fitted = place(replace(ORDINARY, name=(words, words)), get_stock("holder-a6")).name.fitted

    assert len(fitted.lines) == 4
    assert "".join(fitted.lines).startswith(words)


class TestBeforePrinting:
    """Whose name would be too small is told where badges are printed."""

    @pytest.fixture
    def people(self, workshop: Workshop) -> list[Registration]:
        """One whose name is too long for the usual label, two whose names are not."""
        made = [
            make_registration(
                workshop,
                first_name="Maximiliane-Friederike Charlotte Sophie",
                last_name="Freifrau von der Straßburg-Żółkiewska-Donnersmarck",
            ),
            make_registration(workshop, first_name="Żaneta", last_name="Wiśniewska-Łukasiewicz"),
            make_registration(workshop, first_name="Mo", last_name="Ott"),
        ]
        db.session.commit()
        return made

    def test_the_print_page_tells_who_and_leads_to_a_shorter_name(
        self, organiser: Visitor, workshop: Workshop, people: list[Registration]
    ) -> None:
        page = organiser.get(f"/{workshop.slug}/desk/badges")
        (told,) = page.texts(".kern-alert li")

        assert "1 Name ist zu klein, um auf zwei Meter lesbar zu sein." in page.text(".kern-alert")
        assert "Avery Zweckform L4785" in page.text(".kern-alert")
        assert told.startswith(people[0].full_name)
        size = name_size(list_badges(workshop, ids=[people[0].id])[0].badge, LABEL)
        assert f": {size:g} pt,".replace(".", ",") in told
        link = page.one(".kern-alert li a")
        assert link.text == "Kürzerer Name auf dem Schild"
        edit = organiser.get(str(link.get("href")).partition("#")[0])
        assert edit.one("input#badge_name").get("name") == "badge_name"
        organiser.submit(edit, {"badge_name": "Max von der Straßburg"})
        assert organiser.get(f"/{workshop.slug}/desk/badges").all(".kern-alert") == []

    def test_every_page_tells_the_same_for_the_label_chosen_last(
        self, organiser: Visitor, workshop: Workshop, people: list[Registration]
    ) -> None:
        index = organiser.get(f"/{workshop.slug}/desk/badges")
        printed = organiser.submit(index, {"stock": "avery-l4784"})
        told = printed.texts(".kern-alert li")

        assert len(told) == 2
        for person, line in zip(people, told, strict=False):
            page = organiser.get(f"/{workshop.slug}/desk/badges/{person.id}")
            assert page.texts(".kern-alert li") == [line]
            assert "L4784" in page.text(".kern-alert")
        # What is on paper already is not told again, but for those who print it once more.
        assert organiser.get(f"/{workshop.slug}/desk/badges").all(".kern-alert") == []
        chosen = organiser.get(f"/{workshop.slug}/desk/badges?ids={people[0].id}")
        assert chosen.texts(".kern-alert li") == told[:1]

    def test_staff_see_who_and_no_link_that_is_not_theirs(
        self, sign_in: Callable[..., Visitor], workshop: Workshop, people: list[Registration]
    ) -> None:
        staff = sign_in(Role.STAFF, workshop)
        for path in ("", f"/{people[0].id}"):
            page = staff.get(f"/{workshop.slug}/desk/badges{path}")
            (told,) = page.texts(".kern-alert li")
            assert told.startswith(people[0].full_name)
            assert told.endswith(" pt")
            assert page.all(".kern-alert li a") == []

    def test_many_names_take_no_more_queries_and_are_folded(
        self, organiser: Visitor, workshop: Workshop, people: list[Registration]
    ) -> None:
        with counted_queries() as few:
            organiser.get(f"/{workshop.slug}/desk/badges")
        workshop.seats = 20
        for _number in range(9):
            make_registration(
                workshop, first_name=people[0].first_name, last_name=people[0].last_name
            )
        db.session.commit()
        with counted_queries() as many:
            page = organiser.get(f"/{workshop.slug}/desk/badges")
        assert len(few) == len(many)
        assert len(page.all(".kern-alert details li")) == 10


def test_a_text_of_marks_alone_leaves_all_badges_whole(
    organiser: Visitor, workshop: Workshop
) -> None:
    for field in ("function", "department", "title"):
        mark: dict[str, Any] = {field: "\u0301"}
        make_registration(workshop, **mark)
    db.session.commit()
    pdf = render_badges([ready.badge for ready in list_badges(workshop)], LABEL)
    assert len(Pdf(pdf).codes()) == 3
    organiser.get(f"/{workshop.slug}/desk/badges")
