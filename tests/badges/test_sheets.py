"""Badges as they come out of the printer."""

from dataclasses import replace

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.badges.bands import BAND_LABELS, BANDS
from app.badges.sheets import NothingToPrint, render_badges, render_calibration
from app.documents.stock import NoSuchLabel, Stock, get_stock, list_stocks
from app.workshops.models import OrganisationKind
from tests.badges.badges import ORDINARY, hard_badges
from tests.pdf import Glyph, Pdf, accessibility_failures

pytestmark = pytest.mark.slow

TOLERANCE = 0.1  # millimetres, as a good printer keeps
STOCKS = pytest.mark.parametrize("stock", list_stocks(), ids=lambda stock: stock.slug)


def glyphs_by_label(pdf: Pdf, stock: Stock, page: int = 0) -> dict[int | None, list[Glyph]]:
    """The characters of a page by the label that they lie on, all their ink included."""
    places = {label: stock.position(label) for label in range(1, stock.labels_per_page + 1)}
    found: dict[int | None, list[Glyph]] = {}
    for glyph in pdf.glyphs(page):
        label = next(
            (
                label
                for label, (left, top) in places.items()
                if glyph.left >= left - TOLERANCE
                and glyph.top >= top - TOLERANCE
                and glyph.right <= left + stock.width + TOLERANCE
                and glyph.bottom <= top + stock.height + TOLERANCE
            ),
            None,
        )
        found.setdefault(label, []).append(glyph)
    return found


@STOCKS
def test_hard_badges_stay_on_their_labels_and_can_be_scanned(ctx: Flask, stock: Stock) -> None:
    badges = hard_badges()[: max(2, stock.labels_per_page)]
    pdf = Pdf(render_badges(badges, stock))

    pages = -(-len(badges) // stock.labels_per_page)
    assert pdf.sizes == [tuple(round(side, 1) for side in stock.page_size)] * pages
    codes = {code for page in range(pages) for code in pdf.codes(page)}
    assert codes == {badge.code_url for badge in badges}
    for page in range(pages):
        assert None not in glyphs_by_label(pdf, stock, page)


@STOCKS
def test_no_text_touches_the_code_or_the_band(ctx: Flask, stock: Stock) -> None:
    for badge in hard_badges()[:4]:
        pdf = Pdf(render_badges([badge], stock))
        x, y = stock.position(1)
        (_code, (left, top, _right, bottom)) = next(iter(pdf.codes().items()))
        quiet = (bottom - top) / 33 * 3  # of the four modules, three must stay white
        band_words = len((badge.kind_label + badge.role).replace(" ", ""))
        beside = [g for g in pdf.glyphs() if g.bottom > top - quiet and g.top < bottom + quiet]
        assert [g for g in beside if g.right > left - quiet] == []
        in_band = [g for g in pdf.glyphs() if g.top - y > stock.height * 0.8 and g.left >= x]
        assert len([g for g in in_band if g.top > bottom + quiet / 2]) >= band_words


@pytest.mark.parametrize("slug", ["avery-l4784", "avery-32010", "holder-a6"])
def test_the_first_badge_stands_on_the_chosen_label(ctx: Flask, slug: str) -> None:
    stock = get_stock(slug)
    start = stock.labels_per_page
    pdf = Pdf(render_badges(hard_badges()[:2], stock, start_at=start))

    assert len(pdf.sizes) == 2
    assert set(glyphs_by_label(pdf, stock, 0)) == {start}
    assert set(glyphs_by_label(pdf, stock, 1)) == {1}


def test_an_offset_moves_everything(ctx: Flask) -> None:
    stock = get_stock("avery-32010")
    plain, moved = (
        next(iter(Pdf(render_badges([ORDINARY], stock, offset_mm=by)).codes().values()))
        for by in ((0.0, 0.0), (2.5, -1.5))
    )

    assert [round(b - a, 1) for a, b in zip(plain, moved, strict=True)] == pytest.approx(
        [2.5, -1.5, 2.5, -1.5], abs=TOLERANCE
    )


def test_a_badge_says_who_it_is(ctx: Flask) -> None:
    badge = replace(ORDINARY, role="Vortrag", no_photos=True)
    text = Pdf(render_badges([badge], get_stock("holder-a7"))).text()

    assert " ".join(text.split()) == (
        "Polizei & Social Media 4.–5. Dezember 2026 · Leipzig Dr. Ayşe Öztürk Polizei Sachsen"
        " Polizeidirektion Leipzig Pressesprecherin Landespolizei Vortrag Keine Fotos"
    )


def test_a_code_holds_its_address_and_nothing_else(ctx: Flask) -> None:
    pdf = Pdf(render_badges([ORDINARY], get_stock("avery-32010")))

    assert list(pdf.codes()) == ["https://example.org/c/K7M2Q9ABCD"]


def test_the_name_is_the_largest_text_and_shrinks_when_long(ctx: Flask) -> None:
    heights = []
    for name in (("Mo", "Ott"), ("Maximiliane", "Mittermaier-Mayerhofer")):
        badge = replace(ORDINARY, name=name, title="")
        glyphs = list(Pdf(render_badges([badge], get_stock("avery-32010"))).glyphs())
        capitals = [g.bottom - g.top for g in glyphs if g.text in {"M", "P", "L", "O"}]
        heights.append(max(capitals))
        initial = next(g for g in glyphs if g.text == "M" and g.top > 22)
        assert initial.bottom - initial.top > 0.9 * max(capitals)

    assert heights[0] > heights[1] * 1.2
    assert heights[0] > 5.5


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.tuples(st.text(max_size=50), st.text(max_size=50)),
    organisation=st.text(max_size=120),
    function=st.text(max_size=120),
    stock=st.sampled_from(list_stocks()),
)
def test_whatever_is_typed_stays_on_the_label(
    ctx: Flask, name: tuple[str, str], organisation: str, function: str, stock: Stock
) -> None:
    badge = replace(ORDINARY, name=name, organisation=organisation, function=function)
    pdf = Pdf(render_badges([badge], stock))

    assert list(pdf.codes()) == [ORDINARY.code_url]
    assert set(glyphs_by_label(pdf, stock)) == {1}


@pytest.mark.parametrize("slug", ["avery-32010", "brother-dk-11201"])
def test_sheets_are_accessible(ctx: Flask, slug: str) -> None:
    assert accessibility_failures(render_badges(hard_badges(), get_stock(slug))) == []


def test_fonts_are_in_the_file_once(ctx: Flask) -> None:
    one, seventy = (
        len(render_badges([ORDINARY] * count, get_stock("avery-32010"))) for count in (1, 70)
    )

    assert seventy < one + 69 * 3000


def test_bands_differ_in_pattern_and_word_and_can_be_read(ctx: Flask) -> None:
    with force_locale("de"):
        words = {str(BAND_LABELS[kind]) for kind in OrganisationKind}
    assert len(words) == len({tuple(band.pattern) for band in BANDS.values()}) == len(BANDS) == 5
    assert set(BANDS) == set(OrganisationKind)
    for band in BANDS.values():
        dark, light = sorted(map(luminance, (band.background, band.ink)))
        assert (light + 0.05) / (dark + 0.05) >= 7


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_refusals(ctx: Flask) -> None:
    stock = get_stock("avery-l4785")
    with pytest.raises(NothingToPrint):
        render_badges([], stock)
    with pytest.raises(NoSuchLabel):
        render_badges([ORDINARY], stock, start_at=11)


@STOCKS
def test_the_calibration_page_fits_and_says_how_to_print(ctx: Flask, stock: Stock) -> None:
    data = render_calibration(stock, (0.5, -1.0))
    pdf = Pdf(data)

    assert len(pdf.sizes) == 1
    assert "Mit 100 % drucken" in pdf.text()
    assert "50 mm" in pdf.text()
    assert accessibility_failures(data) == []
