"""Label sheets."""

import itertools

import pytest
from flask import Flask

from app.documents.stock import NoSuchLabel, Stock, StockKind, UnknownStock, get_stock, list_stocks

STOCKS = pytest.mark.parametrize("stock", list_stocks(), ids=lambda stock: stock.slug)


@STOCKS
def test_every_label_lies_on_its_page_and_beside_the_others(stock: Stock) -> None:
    page_width, page_height = stock.page_size
    places = [stock.position(label) for label in range(1, stock.labels_per_page + 1)]

    assert len(set(places)) == stock.columns * stock.rows
    for left, top in places:
        assert left >= 0
        assert top >= 0
        assert left + stock.width <= page_width
        assert top + stock.height <= page_height
    for (left, top), (other_left, other_top) in itertools.combinations(places, 2):
        assert (
            abs(left - other_left) >= stock.width - 1e-6
            or abs(top - other_top) >= stock.height - 1e-6
        )


@STOCKS
def test_every_sheet_names_its_source(stock: Stock) -> None:
    assert stock.source
    assert stock.certainty


def test_labels_count_row_by_row() -> None:
    sheet = get_stock("avery-l4784")

    assert sheet.position(1) == (7.21, 15.1)
    assert sheet.position(3) == (139.29, 15.1)
    assert sheet.position(4) == (7.21, 44.73)


def test_a_holder_is_its_own_page() -> None:
    holder = get_stock("holder-a6")

    assert (holder.kind, holder.page_size) == (StockKind.SINGLE, (148.0, 105.0))


def test_slugs_are_unique() -> None:
    assert len({stock.slug for stock in list_stocks()}) == len(list_stocks()) == 18


def test_an_unknown_sheet_is_refused(ctx: Flask) -> None:
    with pytest.raises(UnknownStock) as refusal:
        get_stock("avery-0000")
    assert refusal.value.field == "stock"


@pytest.mark.parametrize("label", [0, -1, 11])
def test_a_label_that_the_sheet_lacks_is_refused(ctx: Flask, label: int) -> None:
    with pytest.raises(NoSuchLabel) as refusal:
        get_stock("avery-32010").check(label)
    assert refusal.value.field == "start_at"
    assert "10" in refusal.value.message
