"""Wishes, and their distribution: looked at, done once, and told to each."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.agenda.models import AgendaSession, SignUpMode
from app.extensions import db
from app.outbox.models import Message
from app.refusals import ChangedMeanwhile
from app.registration import service as registrations
from app.registration.models import Registration
from app.signup import distribution, service
from app.signup.models import Distribution, SignUpState, Wish
from app.signup.programme import find_programme
from app.signup.wishes import BlockChanged, SameWish, WishMissing, set_wishes
from app.workshops.models import Workshop
from tests.signup.conftest import lists

People = Callable[[int], list[Registration]]
Add = Callable[..., AgendaSession]
WISHES = {"sign_up": SignUpMode.WISHES}


@pytest.fixture
def blocks(workshop: Workshop, add: Add, release: Callable[[], None]) -> list[AgendaSession]:
    """A block of three, the middle one bridging the others; alone in the afternoon a fourth."""
    made = [
        add("Früh", 9, 10, seats=1, **WISHES),
        add("Brücke", 9, 12, seats=1, **WISHES),
        add("Spät", 10, 12, seats=2, **WISHES),
        add("Nachmittag", 14, 15, seats=1, **WISHES),
    ]
    release()
    return made


def wish(person: Registration, first: int | None, second: int | None = None, rest: int = 0) -> None:
    session_id = first or rest
    set_wishes(person, session_id, first=first, second=second, any_other=bool(rest))


def test_blocks_are_what_hangs_together(workshop: Workshop, blocks: list[AgendaSession]) -> None:
    early, bridge, late, afternoon = (session.id for session in blocks)
    programme = find_programme(workshop)
    assert programme is not None
    found = [block.session_ids for block in programme.blocks]
    assert found == [{early, bridge, late}, {afternoon}]


def test_wishes_are_kept_changed_and_taken_back(
    people: People, add: Add, blocks: list[AgendaSession], release: Callable[[], None]
) -> None:
    early, bridge, late, afternoon = (session.id for session in blocks)
    (person,) = people(1)

    def kept() -> dict[int, int]:
        rows = db.session.execute(sa.select(Wish.session_id, Wish.rank))
        return {row.session_id: row.rank for row in rows}

    wish(person, early, bridge)
    wish(person, afternoon)
    assert kept() == {early: 1, bridge: 2, afternoon: 1}
    wish(person, late, rest=late)
    assert kept() == {late: 1, early: 3, bridge: 3, afternoon: 1}
    set_wishes(person, early, first=None, second=None, any_other=False)
    assert kept() == {afternoon: 1}

    for refusal, first, second in (
        (SameWish, early, early),
        (WishMissing, None, early),
        (BlockChanged, afternoon, None),
    ):
        with pytest.raises(refusal):
            set_wishes(person, early, first=first, second=second, any_other=False)
    beside = add("Führung", 9, 10)
    release()
    service.sign_up(person, beside.id)
    with pytest.raises(service.Clash, match="Führung"):
        wish(person, early)
    service.sign_off(person, beside.id)
    wish(person, early)
    with pytest.raises(service.Clash, match="„Früh“"):
        service.sign_up(person, beside.id)


def test_the_distribution_is_what_was_looked_at_and_everybody_hears_once(
    workshop: Workshop,
    people: People,
    blocks: list[AgendaSession],
    mails: Callable[[], list[Message]],
) -> None:
    early, bridge, late, afternoon = (session.id for session in blocks)
    anna, bodo, cem, dana, emil, gone = people(6)
    wish(anna, early, bridge)
    wish(bodo, early, late)
    wish(cem, early)
    wish(dana, bridge)
    wish(emil, None, rest=late)
    wish(anna, afternoon)
    wish(gone, late)
    registrations.cancel(gone)
    keys = {early, afternoon}
    plan = distribution.make_plan(workshop, keys)
    # Anna or Cem gets the one seat that both want first; Bodo, Dana and Emil get in anyway.
    figures = plan.blocks[0].figures
    assert (figures.people, figures.first, figures.second) == (5, 2, 1)
    assert (figures.any_other, figures.none) == (1, 1)
    assert distribution.make_plan(workshop, keys) == plan  # and writes nothing
    assert lists(late) == ([], [])

    made = distribution.distribute(workshop, keys, seen=plan.seen)
    db.session.commit()
    assert made.figures == {"people": 5, "first": 3, "second": 1, "any_other": 1, "none": 1}
    assert lists(late)[0] == [bodo.id, emil.id]
    assert lists(bridge)[0] == [dana.id]
    assert lists(early)[0] in ([anna.id], [cem.id])
    assert lists(afternoon)[0] == [anna.id]
    told = [mail for mail in mails() if "verteilt" in mail.subject]
    expected = sorted(person.email for person in (anna, bodo, cem, dana, emil))
    assert sorted(mail.recipient for mail in told) == expected
    (to_bodo,) = (mail for mail in told if mail.recipient == bodo.email)
    assert "Sie haben einen Platz in „Spät“, Ihrem Zweitwunsch." in to_bodo.text

    # Done once; what is left goes to who comes first.
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Wish)) == 0
    with pytest.raises(distribution.NothingToDistribute):
        distribution.distribute(workshop, keys, seen=plan.seen)
    with pytest.raises(BlockChanged):
        wish(cem, late)
    service.sign_off(emil, late)
    assert service.sign_up(emil, late).state is SignUpState.SEATED


def test_a_stale_look_distributes_nothing(
    workshop: Workshop, people: People, blocks: list[AgendaSession]
) -> None:
    anna, bodo = people(2)
    wish(anna, blocks[3].id)
    plan = distribution.make_plan(workshop, {blocks[3].id})
    wish(bodo, blocks[3].id)
    with pytest.raises(ChangedMeanwhile):
        distribution.distribute(workshop, {blocks[3].id}, seen=plan.seen)
    assert db.session.scalars(sa.select(Distribution)).all() == []
    assert lists(blocks[3].id) == ([], [])


def test_who_is_elsewhere_by_then_is_left_out(
    workshop: Workshop,
    people: People,
    add: Add,
    blocks: list[AgendaSession],
    release: Callable[[], None],
) -> None:
    early, bridge, late, _afternoon = (session.id for session in blocks)
    (anna,) = people(1)
    wish(anna, early, bridge, rest=late)
    moved = add("Führung", 16, 17)
    release()
    service.sign_up(anna, moved.id)
    moved.starts_at, moved.ends_at = blocks[0].starts_at, blocks[0].ends_at
    release()
    (plan,) = distribution.make_plan(workshop, {early}).blocks
    assert plan.given == {anna.id: late}
