"""What the caterer is told: numbers, and intolerances in the words of nobody in particular.

Diets and intolerances are there only of those who agreed to it; of all others it is not known.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from flask_babel import gettext as _

from app.documents.lists import ListColumn, ListField, ListGroup, ListTable, days_text
from app.registration.labels import DIETS
from app.registration.models import Diet
from app.sorting import sort_key


@dataclass(frozen=True, slots=True)
class Eater:
    """What the caterer has to know of somebody, without a name."""

    days: tuple[date, ...]
    is_there_in_the_evening: bool
    diet: Diet
    intolerances: str


@dataclass(frozen=True, slots=True)
class Meal:
    """How many come to what the caterer prepares for: a day, or the evening event."""

    occasion: date | str
    diets: Counter[Diet]


@dataclass(frozen=True, slots=True)
class Intolerance:
    """What is not tolerated, by how many, and when they are there."""

    text: str
    people: int
    days: tuple[date, ...]
    is_in_the_evening: bool


def catering_tables(
    eaters: Sequence[Eater], days: Sequence[date], evening_event: str
) -> tuple[ListTable, ListTable]:
    """People and diets by day and on the evening, if there is one; intolerances."""
    return (
        _meals_table(_meals(eaters, days, evening_event) if eaters else ()),
        _intolerances_table(_intolerances(eaters), days, evening_event),
    )


def _meals(eaters: Sequence[Eater], days: Sequence[date], evening_event: str) -> Iterable[Meal]:
    counts = {day: Counter[Diet]() for day in days}
    evening = Counter[Diet]()
    for eater in eaters:
        for day in counts.keys() & eater.days:
            counts[day][eater.diet] += 1
        evening[eater.diet] += eater.is_there_in_the_evening
    yield from (Meal(day, diets) for day, diets in counts.items())
    if evening_event:
        yield Meal(_("Evening event: %(event)s", event=evening_event), evening)


def _intolerances(eaters: Iterable[Eater]) -> list[Intolerance]:
    """In the order of the alphabet. What differs in case and spaces alone is the same."""
    counts: Counter[tuple[str, tuple[date, ...], bool]] = Counter()
    words: dict[str, str] = {}
    for eater in eaters:
        text = " ".join(eater.intolerances.split())
        if text:
            words.setdefault(text.casefold(), text)
            counts[text.casefold(), eater.days, eater.is_there_in_the_evening] += 1
    found = [
        Intolerance(words[text], people, days, evening)
        for (text, days, evening), people in counts.items()
    ]
    return sorted(found, key=lambda i: (sort_key(i.text), i.text, i.days, i.is_in_the_evening))


def _meals_table(meals: Iterable[Meal]) -> ListTable:
    people = ListField(_("Expected people"), lambda meal: meal.diets.total(), is_strong=True)
    return ListTable(
        name=_("Meals"),
        columns=(
            ListColumn(
                "occasion",
                _("Occasion"),
                (ListField(_("Occasion"), attrgetter("occasion")),),
                width=32,
            ),
            ListColumn("people", people.heading, (people,), is_number=True),
            *(_diet_column(diet) for diet in DIETS),
        ),
        groups=(ListGroup("", tuple(meals)),),
    )


def _diet_column(diet: Diet) -> ListColumn:
    heading = str(DIETS[diet])
    field = ListField(heading, lambda meal: meal.diets[diet])
    return ListColumn(f"diet-{diet}", heading, (field,), is_number=True)


def _intolerances_table(
    found: Sequence[Intolerance], days: Sequence[date], evening_event: str
) -> ListTable:
    people = ListField(_("Expected people"), attrgetter("people"), is_strong=True)
    when = ListField(_("Days"), lambda told: days_text(told.days, days))
    evening = ListField(_("Evening event"), lambda told: _("yes") if told.is_in_the_evening else "")
    shown: tuple[ListColumn, ...] = (
        ListColumn("intolerance", _("Intolerance"), (_intolerance(),), width=50),
        ListColumn("who", people.heading, (people,), is_number=True),
        ListColumn("days", _("Days"), (when,)),
    )
    if evening_event:
        shown += (ListColumn("evening", _("Evening event"), (evening,)),)
    return ListTable(
        name=_("Intolerances"),
        columns=shown,
        groups=(ListGroup("", tuple(found)),),
        title=_("Intolerances"),
        empty=_("Nobody has named an intolerance."),
    )


def _intolerance() -> ListField:
    return ListField(_("Intolerance"), attrgetter("text"))
