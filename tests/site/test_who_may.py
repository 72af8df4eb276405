"""Who may open what stays as it is until somebody decides otherwise."""

from collections import Counter
from collections.abc import Callable

from flask import Flask

from app.workshops.models import Workshop
from tests.pages import Visitor
from tests.site.who_may import LOG_IN, OPEN, REFUSED, VISITORS, ask_all, read_table


def test_each_visitor_opens_what_the_table_says(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor]
) -> None:
    found, right = ask_all(app, workshop, sign_in), read_table()

    assert {a: letters for a, letters in found.items() if right.get(a) != letters} == {}
    assert set(right) == set(found)


def test_the_table_knows_each_answer_of_each_visitor() -> None:
    letters = read_table().values()

    assert {len(word) for word in letters} == {len(VISITORS)}
    for place, name in enumerate(VISITORS):
        counts = Counter(word[place] for word in letters)
        assert set(counts) <= {OPEN, REFUSED, LOG_IN}
        assert (counts[REFUSED] > 0) == (name not in {"a stranger", "administrator"}), name
