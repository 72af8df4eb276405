"""The fair distribution is the very best one, as all possible ones show, and always the same."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.signup.assignment import ANY, FIRST, SECOND, assign, lot

SESSIONS = (11, 12, 13)
People = dict[int, dict[int, int]]


def wishes() -> st.SearchStrategy[dict[int, int]]:
    """What somebody may want: a first choice, perhaps a second, perhaps any of the rest."""
    return st.tuples(st.permutations(SESSIONS), st.integers(0, 2), st.booleans()).map(
        lambda t: {
            **dict(zip(t[0][: t[1]], (FIRST, SECOND), strict=False)),
            **(dict.fromkeys(t[0][t[1] :], ANY) if t[2] else {}),
        }
    )


def best(people: People, seats: dict[int, int], draw: str) -> dict[int, int]:
    """By trying all: most with a wish, most first choices, most others, highest lots."""
    numbers = list(people)

    def worth(choice: tuple[int | None, ...]) -> tuple[int, int, int, int]:
        ranks = [people[n][s] for n, s in zip(numbers, choice, strict=True) if s is not None]
        lots = sum(lot(draw, n, s) for n, s in zip(numbers, choice, strict=True) if s is not None)
        first, second, rest = (ranks.count(rank) for rank in (FIRST, SECOND, ANY))
        return first + second, first, rest, lots

    fits = (
        choice
        for choice in product(*([None, *people[n]] for n in numbers))
        if all(choice.count(s) <= free for s, free in seats.items())
    )
    found = max(fits, key=worth)
    return {n: s for n, s in zip(numbers, found, strict=True) if s is not None}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.integers(1, 99), wishes(), max_size=6),
    st.fixed_dictionaries(dict.fromkeys(SESSIONS, st.integers(0, 3))),
)
def test_no_distribution_is_better(people: People, seats: dict[int, int]) -> None:
    assert assign(people, seats, "1/1") == best(people, seats, "1/1")


def test_the_order_of_the_rows_does_not_matter_but_each_draw_is_its_own() -> None:
    people = {n: {11: FIRST, 12: SECOND} for n in range(1, 21)}
    seats = {11: 5, 12: 5}
    first = assign(people, seats, "1/1")
    assert assign(dict(reversed(people.items())), dict(reversed(seats.items())), "1/1") == first
    assert sorted(first.values()) == [11] * 5 + [12] * 5
    others = [assign(people, seats, f"1/{release}") for release in range(2, 202)]
    assert len({frozenset(given.items()) for given in others}) == 200
    # Over many draws everybody has about the same luck: half of the people get a seat each time.
    luck = [sum(n in given for given in others) for n in people]
    assert 70 <= min(luck) <= max(luck) <= 130


def test_nobody_wants_anything() -> None:
    assert assign({}, {11: 5}, "1/1") == {}
    assert assign({1: {}}, {11: 5}, "1/1") == {}
