"""What the caterer is told: how many people eat what, by day and on the evening, and no names.

The wording of the consent promises numbers. So an intolerance is counted for each occasion by
itself: nothing tells who of one day is who of the other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from flask_babel import gettext as _

from app.documents.lists import ListColumn, ListGroup, ListTable, column
from app.registration.labels import DIETS
from app.registration.models import Diet
from app.sorting import search_words, sort_key
from app.web.language import weekday


@dataclass(frozen=True, slots=True)
class Eater:
    """What the caterer has to know of somebody; the name only keeps itself out of the text."""

    name: str
    days: tuple[date, ...]
    is_there_in_the_evening: bool
    diet: Diet
    intolerances: str

    @property
    def told_intolerances(self) -> str:
        """What was typed, on one line; not if it tells who typed it."""
        words = search_words(self.intolerances)
        if "@" in self.intolerances or not set(words).isdisjoint(search_words(self.name)):
            return str(_("names a person: please ask the organisers"))
        return " ".join(self.intolerances.split())


@dataclass(frozen=True, slots=True)
class Meal:
    """How many come to what the caterer prepares for: a day, or the evening event."""

    occasion: date | str
    diets: Counter[Diet]


@dataclass(frozen=True, slots=True)
class Intolerance:
    """What is not tolerated, and by how many of those who come."""

    text: str
    people: int


def catering_tables(
    eaters: Sequence[Eater], days: Sequence[date], evening_event: str
) -> tuple[ListTable, ListTable]:
    """People and diets by day and on the evening, if there is one; intolerances."""
    occasions: list[tuple[date | str, list[Eater]]] = []
    if eaters:
        occasions += [(day, [e for e in eaters if day in e.days]) for day in days]
    if eaters and evening_event:
        called = str(_("Evening event: %(event)s", event=evening_event))
        occasions.append((called, [e for e in eaters if e.is_there_in_the_evening]))
    return (
        _meals_table(Meal(on, Counter(e.diet for e in there)) for on, there in occasions),
        _intolerances_table(
            ListGroup(on if isinstance(on, str) else weekday(on), _intolerances(there))
            for on, there in occasions
        ),
    )


def _intolerances(eaters: Iterable[Eater]) -> tuple[Intolerance, ...]:
    """In the order of the alphabet. What differs in case and spaces alone is the same."""
    counts: Counter[str] = Counter()
    words: dict[str, str] = {}
    for text in filter(None, (eater.told_intolerances for eater in eaters)):
        words.setdefault(text.casefold(), text)
        counts[text.casefold()] += 1
    found = sorted(counts.items(), key=lambda item: (sort_key(item[0]), item[0]))
    return tuple(Intolerance(words[text], people) for text, people in found)


def _meals_table(meals: Iterable[Meal]) -> ListTable:
    people, total = str(_("Expected people")), lambda meal: meal.diets.total()
    return ListTable(
        name=_("Meals"),
        columns=(
            column("occasion", _("Occasion"), attrgetter("occasion"), width=32),
            column("people", people, total, is_number=True, is_strong=True),
            *(_diet_column(diet) for diet in DIETS),
        ),
        groups=(ListGroup("", tuple(meals)),),
    )


def _diet_column(diet: Diet) -> ListColumn:
    return column(f"diet-{diet}", str(DIETS[diet]), lambda meal: meal.diets[diet], is_number=True)


def _intolerances_table(groups: Iterable[ListGroup]) -> ListTable:
    return ListTable(
        name=_("Intolerances"),
        columns=(
            column("intolerance", _("Intolerance"), attrgetter("text"), width=70),
            column("who", _("Expected people"), attrgetter("people")),
        ),
        groups=tuple(groups),
        title=_("Intolerances"),
        empty=_("Nobody has named an intolerance."),
        grouped_by=_("Occasion"),
    )
