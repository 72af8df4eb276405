"""The race for seats: 200 people send their registration at the same moment, for 70 seats."""

import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.extensions import db
from app.outbox.models import Message
from app.registration.models import SEATED, Registration, Status
from app.workshops.models import Workshop
from bench.installation import Installation, make_installation
from bench.participant import Participant
from bench.report import print_table

PEOPLE, SEATS = 200, 70


def main() -> int:
    """Run the race; exit status 1 if anything is not as it must be."""
    with (
        tempfile.TemporaryDirectory() as folder,
        make_installation(Path(folder)) as installation,
    ):
        installation.flask("demo", "--participants", "0", "--seats", str(SEATS))
        with installation.serve():
            people = fill_in(installation)
            seconds = send_at_once(people)
        return 0 if report(installation, people, seconds) else 1


def fill_in(installation: Installation) -> list[Participant]:
    """Everybody fills in the form, up to the last page."""
    people = [Participant(installation.port) for _ in range(PEOPLE)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: pair[1].fill_in("leipzig", pair[0]), enumerate(people)))
    return people


def send_at_once(people: list[Participant]) -> float:
    """All press the last button together; seconds until the last one is answered."""
    gate = threading.Barrier(len(people) + 1)

    def send(person: Participant) -> None:
        gate.wait()
        person.submit({})

    with ThreadPoolExecutor(len(people)) as pool:
        answers = [pool.submit(send, person) for person in people]
        gate.wait()
        began = time.monotonic()
        for answer in answers:
            answer.result()
        return time.monotonic() - began


def report(installation: Installation, people: list[Participant], seconds: float) -> bool:
    """Print what came of it; whether all is as it must be."""
    app = create_app(
        {"INSTANCE_DIR": installation.folder, "DATABASE_URL": installation.database_url}
    )
    with app.app_context():
        kind = db.engine.dialect.name
        rows = db.session.scalars(sa.select(Registration).order_by(Registration.id)).all()
        seated = [r for r in rows if r.status in SEATED]
        others = [r for r in rows if r.status is Status.UNPROVED]
        taken = db.session.scalars(sa.select(Workshop.seats_taken)).one()
        mails = db.session.scalar(sa.select(sa.func.count()).select_from(Message))
        # Seats go in the order of arrival: nobody who came later sits while one before has none.
        in_order = [r.status in SEATED for r in rows] == [True] * SEATS + [False] * len(others)
        db.session.remove()
        db.engine.dispose()
    errors = [p.status for p in people if p.status != 200 or not p.url.endswith("/register/sent")]
    table = [
        ("seated", len(seated), SEATS),
        ("seats counted as taken", taken, SEATS),
        ("without a seat until the address is proved", len(others), PEOPLE - SEATS),
        ("in the order of arrival", "yes" if in_order else "no", "yes"),
        ("mails queued", mails, PEOPLE),
        ("error pages", len(errors), 0),
    ]
    print_table(
        f"{PEOPLE} registrations at once for {SEATS} seats on {kind}: answered in {seconds:.1f} s",
        [(what, str(found), f"must be {wanted}") for what, found, wanted in table],
    )
    return all(found == wanted for _what, found, wanted in table)


if __name__ == "__main__":
    sys.exit(main())
