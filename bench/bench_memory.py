"""Memory after many pages and papers, beside the first ones: `python -m bench.bench_memory`."""

import itertools
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

from bench.installation import Installation, Processes, make_installation
from bench.load import run_load
from bench.participant import Participant
from bench.report import print_table

PEOPLE = 2000
BADGES = 70
PAGES = ("/leipzig/", "/leipzig/agenda", "/leipzig/register", "/leipzig/privacy")
DESK = ("/leipzig/desk/", "/leipzig/desk/participants", "/leipzig/desk/badges")
REQUESTS = 5000
LOG_INS = 24
ALL_BADGES = 30
LISTS = 4
LIST = "/leipzig/desk/lists/internal.pdf"
PROGRAMME = "/leipzig/agenda.pdf"
AT_ONCE = 4
REST = 5  # seconds until what was asked for is done and tidied up


class Desk:
    """An organiser who is signed in."""

    def __init__(self, installation: Installation, sheet: str) -> None:
        self._sheet = sheet
        self._browser = Participant(installation.port)
        first = (installation.folder / "demo-logins.txt").read_text().splitlines()[0]
        _role, email, password = first.split("\t")
        self._browser.get("/login")
        self._browser.submit({"email": email, "password": password})
        self.open("/leipzig/desk/")

    def open(self, url: str) -> None:
        """Open a page or a paper, again if there is a crowd."""
        self._until_answered(lambda: self._browser.get(url))

    def print_badges(self) -> None:
        """The badges of those who were chosen, on one set of sheets."""
        self._until_answered(self._ask_for_badges)

    def _ask_for_badges(self) -> None:
        self._browser.get(self._sheet)
        self._browser.submit({}, "main form[method=post]")

    def _until_answered(self, ask: Callable[[], None]) -> None:
        for _attempt in range(300):
            ask()
            if self._browser.status == 200:
                return
            if self._browser.status != 503:
                break
            time.sleep(1)
        raise RuntimeError(f"{self._browser.url}: {self._browser.status}")


def main() -> int:
    """Measure, and print the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        make_installation(Path(folder), PEOPLE) as installation,
        installation.serve() as processes,
    ):
        sheet = f"/leipzig/desk/badges?{choose(installation)}"
        idle = processes.memory()
        start(installation, sheet)
        first = settled(processes)
        run(installation, sheet)
        last = settled(processes)
    rows = [
        ("idle", f"{idle / 2**20:.0f} MB", ""),
        ("after the first pages and papers", f"{first / 2**20:.0f} MB", ""),
        ("after all of them", f"{last / 2**20:.0f} MB", "goal: under 300 MB"),
        ("ratio", f"{last / first:.2f}", "goal: under 1.3"),
    ]
    print_table(
        f"Memory of web, worker and press (PSS): {REQUESTS} requests, {LOG_INS} log-ins,"
        f" {ALL_BADGES} times {BADGES} badges, {LISTS} lists of {PEOPLE}",
        rows,
    )
    return 0


def choose(installation: Installation) -> str:
    """The words of an address that choose so many badges."""
    driver = installation.database_url.replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(driver)
    with engine.connect() as connection:
        query = sa.text("SELECT id FROM registrations WHERE status = 'confirmed' LIMIT :most")
        ids = [row[0] for row in connection.execute(query, {"most": BADGES})]
    engine.dispose()
    return "&".join(f"ids={number}" for number in ids)


def start(installation: Installation, sheet: str) -> None:
    """The first pages and papers."""
    for path in PAGES:
        run_load(installation.port, path, clients=8, seconds=1)
    desk = Desk(installation, sheet)
    for path in (*DESK, PROGRAMME):
        desk.open(path)
    desk.print_badges()


def run(installation: Installation, sheet: str) -> None:
    """Pages from all sides, while papers are made from several."""
    works = [
        *(lambda: Desk(installation, sheet) for _ in range(LOG_INS)),
        *(lambda: Desk(installation, sheet).print_badges() for _ in range(ALL_BADGES)),
        *(lambda: Desk(installation, sheet).open(LIST) for _ in range(LISTS)),
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        papers = [pool.submit(work) for work in works]
        left = REQUESTS
        for path in itertools.cycle((*PAGES, PROGRAMME)):
            left -= run_load(installation.port, path, clients=8, seconds=1).requests
            if left <= 0 and all(paper.done() for paper in papers):
                break
        for paper in papers:
            paper.result()


def settled(processes: Processes) -> int:
    """Memory when nobody asks for anything."""
    time.sleep(REST)
    return processes.memory()


if __name__ == "__main__":
    sys.exit(main())
