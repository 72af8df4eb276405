"""Names on badges: as large as their labels allow, and told where that is not large enough."""

from collections import Counter
from dataclasses import replace
from statistics import median

import pytest
from flask import Flask

from app.badges.design import READABLE, Badge, name_size, place
from app.badges.queries import list_badges
from app.badges.sheets import render_badges
from app.demo.service import load_demo
from app.documents.stock import Stock, get_stock, list_stocks
from app.workshops.queries import find_workshop
from tests.badges.badges import ORDINARY, hard_badges
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
