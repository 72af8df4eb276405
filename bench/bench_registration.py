"""CPU of a whole registration, beside an earlier release: `python -m bench.bench_registration`."""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.earlier import EARLIER, unpack
from bench.installation import BIN, Installation, Processes, make_installation
from bench.participant import Participant, email_of
from bench.report import print_table

ROUNDS = 10
REGISTRATIONS = 5
"""A round and side: short rounds, because machines change their speed; CPU time counts 10 ms."""
WARM_UP = 6  # so that each of the two workers has done all of it before
# Run inside the release that is measured: it alone knows its tables.
DRAW_LINKS = """
from app import create_app
from app.extensions import db
from app.outbox.service import draw_link
from app.registration.models import Registration
with create_app().app_context():
    for registration in db.session.scalars(db.select(Registration)).all():
        print(registration.email, draw_link("registration", registration.id))
    db.session.commit()
"""


def main() -> int:
    """Print the median of each, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        earlier = unpack(EARLIER, Path(folder) / "earlier")
        (Path(folder) / "now").mkdir()
        (Path(folder) / "then").mkdir()
        with (
            make_installation(Path(folder) / "now") as now,
            make_installation(Path(folder) / "then", root=earlier) as then,
        ):
            times = measure((then, now))
    before, after = (median(run[side] for run in times) for side in (0, 1))
    rows = [
        (EARLIER, f"{before * 1000:.1f} ms", ""),
        ("now", f"{after * 1000:.1f} ms", "goal: under 60 ms"),
        ("ratio", f"{median(run[1] / run[0] for run in times):.2f}", "goal: at most 0.7"),
    ]
    print_table("CPU of the web server for one whole registration", rows)
    return 0


def measure(sides: tuple[Installation, Installation]) -> list[tuple[float, ...]]:
    """CPU seconds of a registration, for each round and side, in turns on the same machine."""
    for installation in sides:
        # Seats for all who register here: a confirmed seat is the most work.
        installation.flask("demo", "--participants", "70", "--seats", "200")
    then, now = sides
    with then.serve(BIN / "gunicorn") as web_then, now.serve(BIN / "gunicorn") as web_now:
        for installation in sides:
            register(installation, range(WARM_UP))
        starts = range(WARM_UP, WARM_UP + ROUNDS * REGISTRATIONS, REGISTRATIONS)
        return [
            tuple(
                cpu_of(web, installation, range(start, start + REGISTRATIONS))
                for web, installation in ((web_then, then), (web_now, now))
            )
            for start in starts
        ]


def cpu_of(web: Processes, installation: Installation, people: range) -> float:
    """CPU seconds that each of these registrations took: the form, the mailed link, the button."""
    before = web.cpu_seconds()
    register(installation, people)
    return (web.cpu_seconds() - before) / len(people)


def register(installation: Installation, people: range) -> None:
    """The whole registrations of some people. What the worker does is done beside the server."""
    for number in people:
        send(installation, number)
    links = draw_links(installation)
    for number in people:
        confirm(installation, links[email_of(number)])


def send(installation: Installation, number: int) -> None:
    """Fill in the form and send it."""
    participant = Participant(installation.port)
    participant.fill_in("leipzig", number)
    participant.submit({})
    if not participant.url.endswith("/register/sent"):
        raise RuntimeError(f"not registered: {participant.url} {participant.text()[:500]}")


def confirm(installation: Installation, token: str) -> None:
    """Open the link and press the button that proves the address."""
    participant = Participant(installation.port)
    participant.get(f"/leipzig/registration/{token}")
    participant.submit({}, "main form[action$=confirm]")
    if participant.status != 200:
        raise RuntimeError(f"not confirmed: {participant.status}")


def draw_links(installation: Installation) -> dict[str, str]:
    """E-mail address → a token that opens the registration, as the worker draws it."""
    done = subprocess.run(
        [BIN / "python", "-c", DRAW_LINKS],
        cwd=installation.root,
        env=installation.settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split() for line in done.stdout.splitlines())


if __name__ == "__main__":
    sys.exit(main())
