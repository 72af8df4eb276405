"""The workshop's row is locked once a transaction."""

from app.extensions import db
from app.workshops.locking import lock_workshop
from app.workshops.models import Workshop
from tests.counting import counted_queries


def test_the_database_is_asked_once_a_transaction(workshop: Workshop) -> None:
    number = workshop.id
    db.session.commit()
    with counted_queries() as first:
        lock_workshop(number)
    with counted_queries() as again:
        assert lock_workshop(number).seats == workshop.seats

    assert len(first) == 1
    assert again == []


def test_the_next_transaction_locks_anew(workshop: Workshop) -> None:
    number = workshop.id
    for end in (db.session.commit, db.session.rollback):
        lock_workshop(number)
        end()
        with counted_queries() as queries:
            lock_workshop(number)
        assert len(queries) == 1


def test_what_a_savepoint_locked_is_free_once_it_is_rolled_back(workshop: Workshop) -> None:
    number = workshop.id
    savepoint = db.session.begin_nested()
    lock_workshop(number)
    savepoint.rollback()

    with counted_queries() as queries:
        lock_workshop(number)
    with db.session.begin_nested(), counted_queries() as within:
        lock_workshop(number)

    assert len(queries) == 1
    assert within == []


def test_what_was_seen_before_the_lock_is_read_again(workshop: Workshop) -> None:
    taken = workshop.seats_taken
    other = db.session().connection()
    other.execute(db.update(Workshop).values(seats_taken=taken + 3))

    assert lock_workshop(workshop.id).seats_taken == taken + 3
    assert workshop.seats_taken == taken + 3
