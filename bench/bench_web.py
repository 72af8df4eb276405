"""The served site: pages a second, queries, start, memory, page weight."""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, Request, sync_playwright

from app import create_app
from app.extensions import db
from bench.installation import BIN, Installation, Processes, make_installation
from bench.load import run_load
from bench.report import print_table
from tests.counting import counted_queries
from tests.journeys.browser import find_chromium
from tests.pages import Visitor

PAGES = ("/leipzig/", "/leipzig/agenda", "/leipzig/register", "/leipzig/privacy")
KEPT = PAGES[:2]
MOST_TIMES_BARE = 5
PHONE = {"width": 375, "height": 800}
CLIENTS = 8
SECONDS = 4
WARM_UP_SECONDS = 1  # so that each thread of each worker has made the page before


def main() -> int:
    """Measure, and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        with make_installation(Path(folder)) as installation:
            installation.flask("demo", "--participants", "70")
            with installation.serve() as processes:
                measure_start_and_memory(processes)
                costs = measure_pages(installation, processes)
                measure_weight(installation)
            measure_bare(installation, costs)
        measure_queries()
    return 0


def measure_start_and_memory(processes: Processes) -> None:
    """From bin/serve to the first answer; memory of all processes when idle."""
    rows = [
        ("first answer after", f"{processes.seconds_to_first_answer:.2f} s", "goal: under 3 s"),
        ("memory of web and worker", f"{processes.memory() / 2**20:.0f} MB", "goal: under 350 MB"),
    ]
    print_table("Start and memory (PSS, shared pages counted once)", rows)


def measure_pages(installation: Installation, processes: Processes) -> dict[str, float]:
    """Pages a second with as many clients at once; each asks again as soon as it is answered.

    Returns the server's CPU seconds a page.
    """
    rows, costs = [], {}
    for path in PAGES:
        run_load(installation.port, path, clients=CLIENTS, seconds=WARM_UP_SECONDS)
        before = processes.cpu_seconds()
        load = run_load(installation.port, path, clients=CLIENTS, seconds=SECONDS)
        costs[path] = (processes.cpu_seconds() - before) / load.requests
        if load.statuses != {200}:
            raise RuntimeError(f"{path}: answers {load.statuses}")
        share = load.client_cpu_seconds / load.seconds
        remark = f"slowest {load.slowest_milliseconds:.0f} ms; client used {share:.0%} of a core"
        rows.append((path, f"{load.per_second:.0f}/s", remark))
    print_table(f"Pages a second, 2 workers, {CLIENTS} clients (goal: over 300)", rows)
    return costs


def measure_bare(installation: Installation, costs: dict[str, float]) -> None:
    """The same run with a Flask page that does nothing, and what our pages cost beside it."""
    command = (
        *(BIN / "gunicorn", "bench.bare:app", "--config", "/dev/null", "--log-level", "error"),
        *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
        *("--bind", f"127.0.0.1:{installation.port}"),
    )
    with installation.serve(*command) as processes:
        run_load(installation.port, "/", clients=CLIENTS, seconds=WARM_UP_SECONDS)
        before = processes.cpu_seconds()
        load = run_load(installation.port, "/", clients=CLIENTS, seconds=SECONDS)
        bare = (processes.cpu_seconds() - before) / load.requests
    print_table("Beside it", [("a bare Flask page", f"{load.per_second:.0f}/s", "")])
    rows = [
        (path, f"{cost / bare:.1f} ×", f"goal: at most {MOST_TIMES_BARE}" if path in KEPT else "")
        for path, cost in costs.items()
    ]
    print_table(f"CPU of a page beside a bare Flask page ({bare * 1000:.2f} ms)", rows)


def measure_weight(installation: Installation) -> None:
    """What a phone loads for a page on the first visit: everything, compressed as sent."""
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for path in PAGES:
            context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # two numbers
            page = context.new_page()
            rows.append((path, f"{_weigh(page, installation, path) / 1000:.0f} kB", ""))
            context.close()
        browser.close()
    print_table(
        "Weight of a first visit, with styles, scripts and fonts (goal: under 300 kB)", rows
    )


def _weigh(page: Page, installation: Installation, path: str) -> int:
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    page.on("requestfinished", note)
    page.goto(f"http://127.0.0.1:{installation.port}{path}", wait_until="networkidle")
    sizes = [request.sizes() for request in requests]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


def measure_queries() -> None:
    """How often the desk's table of participants asks the database, few and many people."""
    counts = {people: _count_queries(people) for people in (70, 7000)}
    rows = [
        (f"{people} participants", f"{queries} queries", f"{seconds * 1000:.0f} ms")
        for people, (queries, seconds) in counts.items()
    ]
    print_table("The desk's table of participants (goal: the same number of queries)", rows)


def _count_queries(people: int) -> tuple[int, float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        make_installation(Path(folder), participants=people) as installation,
    ):
        app = create_app(
            {
                "INSTANCE_DIR": folder,
                "DATABASE_URL": installation.database_url,
                "BASE_URL": "http://localhost",
            }
        )
        organiser = Visitor(app)
        role_email_password = (Path(folder) / "demo-logins.txt").read_text().splitlines()[0]
        _role, email, password = role_email_password.split("\t")
        organiser.submit(organiser.get("/login"), {"email": email, "password": password})
        organiser.get("/leipzig/desk/participants")  # warm: templates are compiled
        with app.app_context(), counted_queries() as queries:
            began = time.perf_counter()
            organiser.get("/leipzig/desk/participants")
            took = time.perf_counter() - began
        with app.app_context():
            db.engine.dispose()
        return len(queries), took


if __name__ == "__main__":
    sys.exit(main())
