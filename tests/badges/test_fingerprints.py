"""Whether a printed badge has changed: only what stands on it counts."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from flask import Flask

from app.badges import service
from app.badges.design import Badge
from app.badges.models import BadgePrint
from app.badges.queries import PrintState, list_badges
from app.extensions import db
from app.registration.models import Registration
from app.workshops.models import OrganisationKind, Workshop
from tests.badges.badges import ORDINARY
from tests.factories import make_registration

# As they are kept in databases: no update of the program may change them.
KEPT = "80e528c7c625ac19eb97d21c748692d327490b98692b238db5ad2d14111faf2d"
KEPT_AT_FIRST = "01b3c8d141edd3de66754d231da7b61178b8770bca17be6a9aad0d7b3724578a"


@pytest.fixture
def printed(ctx: Flask, workshop: Workshop) -> Registration:
    """Somebody whose badge was printed."""
    made = make_registration(workshop, first_name="Żaneta", last_name="Łuk")
    service.note_printed(workshop, list_badges(workshop))
    db.session.commit()
    return made


def state_of(registration: Registration) -> PrintState:
    """The state of the badge."""
    (ready,) = list_badges(registration.workshop, ids=[registration.id])
    return ready.state


def test_what_was_printed_before_an_update_counts_as_printed_after_it() -> None:
    assert ORDINARY.fingerprint == KEPT
    assert ORDINARY.is_as_printed(KEPT)
    assert ORDINARY.is_as_printed(KEPT_AT_FIRST)
    changed = replace(ORDINARY, function="Leitung")
    assert not changed.is_as_printed(KEPT)
    assert not changed.is_as_printed(KEPT_AT_FIRST)


@pytest.mark.parametrize("name", [f.name for f in fields(Badge) if f.name != "kind_label"])
def test_whatever_changes_on_a_badge_makes_it_changed(name: str) -> None:
    values: dict[str, Any] = {
        "name": ("Ayşe Öztürk",),
        "kind": OrganisationKind.CUSTOMS,
        "no_photos": True,
    }
    other = replace(ORDINARY, **{name: values.get(name, f"{getattr(ORDINARY, name)}x")})

    assert not other.is_as_printed(KEPT)
    assert not other.is_as_printed(KEPT_AT_FIRST)


def test_what_is_not_seen_on_a_badge_leaves_it_printed() -> None:
    @dataclass(frozen=True, slots=True)
    class LaterBadge(Badge):
        """With one more thing, which this badge does not have."""

        pronunciation: str = ""

    values = {f.name: getattr(ORDINARY, f.name) for f in fields(Badge)}
    assert LaterBadge(**values).fingerprint == KEPT
    assert LaterBadge(**values, pronunciation="Ai-sche").fingerprint != KEPT
    for same in (
        replace(ORDINARY, code_url="https://badges.example.net/site/c/K7M2Q9ABCD"),
        replace(ORDINARY, kind_label="Polizei der Länder"),
        replace(ORDINARY, dates=ORDINARY.dates.replace(" ", "\u202f")),
    ):
        assert same.fingerprint == KEPT


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda person: setattr(person, "last_name", "Łukasz"), PrintState.CHANGED),
        (lambda person: setattr(person, "badge_name", "Ż. Łuk"), PrintState.CHANGED),
        (lambda person: setattr(person, "phone", "0341 1"), PrintState.PRINTED),
    ],
)
def test_a_badge_is_changed_when_what_stands_on_it_is(
    printed: Registration, change: Callable[[Registration], None], state: PrintState
) -> None:
    change(printed)
    db.session.flush()

    assert state_of(printed) is state


def test_a_new_address_of_the_site_leaves_badges_printed(
    ctx: Flask, printed: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = list_badges(printed.workshop)
    monkeypatch.setitem(ctx.config, "BASE_URL", "https://elsewhere.example.org")
    (after,) = list_badges(printed.workshop)

    assert before.badge.code_url != after.badge.code_url
    assert after.state is PrintState.PRINTED


def test_a_print_of_the_first_kind_is_still_one(printed: Registration) -> None:
    (ready,) = list_badges(printed.workshop)
    row = db.session.query(BadgePrint).one()
    row.fingerprint = ready.badge._first_fingerprint
    db.session.flush()

    assert state_of(printed) is PrintState.PRINTED
    printed.function = "Leitung"
    db.session.flush()
    assert state_of(printed) is PrintState.CHANGED
