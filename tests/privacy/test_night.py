"""A whole night on an installation of its own: what it deletes is in none of its files any more."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Role
from app.accounts.service import create_account, invite
from app.agenda.models import AgendaSession
from app.contributions.models import Comment, Proposal
from app.demo.service import load_demo
from app.extensions import Model, db, now
from app.feedback.models import Feedback
from app.outbox.delivery import deliver_due
from app.outbox.models import Message
from app.privacy import overwriting
from app.privacy.night import Deleted, delete_all_overdue
from app.registration.models import Consent, Registration
from app.registration.service import request_link
from app.workshops.models import ConsentKind, Workshop
from tests.conftest import make_database
from tests.factories import make_registration, make_workshop
from tests.pages import Visitor
from tests.registration.conftest import walk

LATER = date.today() + timedelta(days=3 * 366)  # noqa: DTZ011 - any day will do


@pytest.fixture
def house(
    make_app: Callable[..., Flask],
    tmp_path: Path,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """An installation of its own, with its database and all files in its instance folder."""
    url = f"sqlite:///{tmp_path / 'tagungsbuero.db'}"
    if os.environ.get("TEST_DATABASE_URL"):
        url = make_database(f"{worker_id}_night", tmp_path_factory)
    app = make_app(
        INSTANCE_DIR=tmp_path, DATABASE_URL=url, BASE_URL="http://localhost", TESTING=True
    )
    with app.app_context():
        db.create_all()
        yield app


def traces(app: Flask) -> dict[str, set[str]]:
    """What is known of each person of the installation, as it would stand in a file."""
    people = db.session.scalars(sa.select(Registration)).all()
    return {p.email: {p.email, f"{p.first_name} {p.last_name}", p.last_name} for p in people}


def bytes_of(app: Flask) -> bytes:
    """All files of the installation, whatever they are called."""
    folder = Path(app.config["INSTANCE_DIR"])
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def found(words: set[str], content: bytes) -> set[str]:
    """Which of the words stand there, as text or within JSON."""
    return {w for w in words if w.encode() in content or json.dumps(w)[1:-1].encode() in content}


@pytest.fixture
def filled(house: Flask) -> Flask:
    """With the demonstration, what its people said freely, and mails that were kept as files."""
    load_demo(20, seed=2017)
    workshop = db.session.scalars(sa.select(Workshop)).one()
    for person in db.session.scalars(sa.select(Registration)).all()[:3]:
        request_link(workshop, person.email)
    reader = create_account("reads@example.org", Role.STAFF)
    for proposal in db.session.scalars(sa.select(Proposal)):
        db.session.add(Comment(proposal_id=proposal.id, account_id=reader.id, text="Zzfreitext"))
    session = db.session.scalars(sa.select(AgendaSession)).first()
    assert session is not None
    session.notes = "Zzfreitext"
    db.session.add(
        Feedback(session_id=session.id, workshop_id=workshop.id, rating=4, good="Zzfreitext")
    )
    db.session.commit()
    assert deliver_due() is False
    return house


def consenting() -> set[str]:
    """The addresses of those who agreed to later invitations."""
    given = sa.and_(Consent.kind == ConsentKind.MAILING, Consent.withdrawn_at.is_(None))
    query = sa.select(Registration.email).where(
        Registration.consents.any(given), Registration.address_proved_at.is_not(None)
    )
    return set(db.session.scalars(query))


@pytest.mark.skipif(bool(os.environ.get("TEST_DATABASE_URL")), reason="PostgreSQL's own files")
class TestFiles:
    def test_nobody_is_left_in_any_file(self, filled: Flask) -> None:
        known, stay = traces(filled), consenting()
        gone: set[str] = set().union(
            *(words for email, words in known.items() if email not in stay)
        )
        kept: set[str] = set().union(*(known[email] for email in stay))
        gone = {w for w in gone | {"Zzfreitext"} if not any(w in k for k in kept)}
        before = bytes_of(filled)
        assert found(gone, before) == gone
        assert list((Path(filled.config["INSTANCE_DIR"]) / "mail").glob("*.eml"))

        delete_all_overdue(LATER)

        assert found(gone, bytes_of(filled)) == set()
        assert found(stay, bytes_of(filled)) == stay
        assert list((Path(filled.config["INSTANCE_DIR"]) / "mail").iterdir()) == []

    def test_deleting_overwrites_also_where_nothing_is_written_anew(self, house: Flask) -> None:
        workshop = make_workshop(seats=40)
        names = [f"Zzname{n:02}" for n in range(40)]
        for name in names:
            make_registration(workshop, last_name=name)
        db.session.commit()
        overwriting.overwrite_deleted()
        deleted = set(names[::8])
        db.session.execute(sa.delete(Registration).where(Registration.last_name.in_(deleted)))
        db.session.commit()
        size = Path(db.engine.url.database or "").stat().st_size

        assert overwriting.overwrite_deleted()

        assert found(deleted, bytes_of(house)) == set()
        assert found({"Zzname01"}, bytes_of(house)) == {"Zzname01"}
        assert Path(db.engine.url.database or "").stat().st_size == size

    def test_a_form_that_was_never_sent_is_gone_after_the_night(self, house: Flask) -> None:
        workshop = make_workshop()
        db.session.commit()
        walk(Visitor(house), workshop, last_name="Zzentwurf")
        assert found({"Zzentwurf"}, bytes_of(house)) == {"Zzentwurf"}

        delete_all_overdue(date.today() + timedelta(days=2))  # noqa: DTZ011 - as above

        assert found({"Zzentwurf"}, bytes_of(house)) == set()

    def test_who_reads_meanwhile_is_waited_for_but_not_for_ever(
        self, house: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(overwriting, "WAIT_SECONDS", 0)
        make_workshop()
        db.session.commit()
        log = Path(f"{db.engine.url.database}-wal")
        with db.engine.connect().execution_options(only_reads=True) as reader:
            assert reader.scalar(sa.text("SELECT count(*) FROM workshops")) == 1
            db.session.execute(sa.text("UPDATE workshops SET seats = 11"))
            db.session.commit()

            assert not overwriting.overwrite_deleted()
            assert log.stat().st_size > 0

        assert overwriting.overwrite_deleted()
        assert log.stat().st_size == 0


EMPTY = {
    *("registrations", "registration_days", "consents", "registration_needs"),
    *("registration_drafts", "outbox_messages", "outbox_attachments", "outbox_links"),
    *("speakers", "session_people", "speaker_concerns", "agenda_edits", "agenda_imports"),
    *("session_files", "session_file_contents", "badge_prints", "sign_ins"),
    *("proposals", "proposal_scores", "proposal_comments"),
    *("session_picks", "session_sign_ups", "session_wishes", "feedback_given"),
}
"""Tables that hold nobody any more once all periods are over."""

WITHOUT_PEOPLE = {
    **dict.fromkeys(("tracks", "rooms", "organisations", "consent_texts", "calls"), "settings"),
    "workshops": "settings, with the host's own contact",
    "agenda_sessions": "what was given when; notes are emptied",
    "agenda_releases": "the same, frozen; people are taken out",
    "feedback": "ratings; words are emptied",
    "session_distributions": "figures",
    "distributed_sessions": "figures",
    "journal": "of people the names of fields, never values",
    "accounts": "until an administrator deletes the account",
    "memberships": "with the account",
}
"""Tables that stay, and why they may."""


def test_every_table_has_a_rule_of_deletion() -> None:
    """A new table has to be thought about here, and its rule is tried below."""
    assert set(Model.metadata.tables) == EMPTY | set(WITHOUT_PEOPLE)
    assert not EMPTY & set(WITHOUT_PEOPLE)


@pytest.mark.parametrize("whose", ["workshop_id", "registration_id"])
def test_nothing_stays_of_a_workshop_or_a_registration_that_is_deleted(whose: str) -> None:
    """The database itself deletes each row that names it, or lets go of it."""
    named = [table for table in Model.metadata.sorted_tables if whose in table.c]
    held = {
        constraint.table.name: constraint.ondelete
        for table in named
        for constraint in table.foreign_key_constraints
        if whose in constraint.column_keys and constraint.ondelete is not None
    }

    assert {table.name for table in named} == set(held)
    assert set(held.values()) <= {"CASCADE", "SET NULL"}


def test_the_rules_are_kept(filled: Flask) -> None:
    db.session.execute(sa.update(Consent).values(withdrawn_at=now()))
    known: set[str] = set().union(*traces(filled).values())
    names = {w for w in known if " " in w or "@" in w}
    db.session.commit()

    delete_all_overdue(LATER)

    tables = Model.metadata.tables
    counts = {
        n: db.session.scalar(sa.select(sa.func.count()).select_from(tables[n])) for n in EMPTY
    }
    assert {name for name, count in counts.items() if count} == set()
    for name in WITHOUT_PEOPLE:
        rows = str([tuple(row) for row in db.session.execute(sa.select(tables[name]))])
        assert {word for word in names if word in rows} == set(), name


def test_mails_about_accounts_end_after_a_month(house: Flask) -> None:
    invite(create_account("neu@example.org", Role.STAFF))
    db.session.commit()
    deliver_due()
    mailed = now().date()

    assert delete_all_overdue(mailed + timedelta(days=29)) == [Deleted(None, {"links": 1})]
    assert delete_all_overdue(mailed + timedelta(days=32)) == [Deleted(None, {"mails": 1})]
    assert db.session.scalars(sa.select(Message)).all() == []
    assert list((Path(house.config["INSTANCE_DIR"]) / "mail").iterdir()) == []


class TestCommand:
    def test_a_dry_run_tells_and_keeps_all(self, filled: Flask) -> None:
        files = set((Path(filled.config["INSTANCE_DIR"]) / "mail").iterdir())
        people = len(traces(filled))
        db.session.rollback()

        told = filled.test_cli_runner().invoke(args=["retention", "--dry-run", "--on", str(LATER)])

        assert told.exit_code == 0
        assert told.stdout.splitlines()[-1].endswith(" rows are due.")
        assert any(line.startswith("leipzig\tpeople\t") for line in told.stdout.splitlines())
        assert len(traces(filled)) == people
        assert set((Path(filled.config["INSTANCE_DIR"]) / "mail").iterdir()) == files
        db.session.rollback()

        done = filled.test_cli_runner().invoke(args=["retention", "--on", f"{LATER:%d.%m.%Y}"])

        assert done.stdout == told.stdout.replace("are due", "deleted")
        assert len(traces(filled)) < people
        db.session.rollback()
        again = filled.test_cli_runner().invoke(args=["retention", "--on", str(LATER)])
        assert again.stdout == "0 rows deleted.\n"

    def test_nothing_is_due_before_its_time(self, filled: Flask) -> None:
        done = filled.test_cli_runner().invoke(args=["retention"])

        assert (done.exit_code, done.stdout) == (0, "0 rows deleted.\n")

    def test_wrong_usage_is_status_two(self, house: Flask) -> None:
        assert house.test_cli_runner().invoke(args=["retention", "--on", "soon"]).exit_code == 2
