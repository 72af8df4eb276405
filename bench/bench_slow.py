"""Slow connections: how long others wait while many are open, and what that costs the rest.

Beside it gunicorn's own threaded worker, with the same load in the same run.
"""

import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from bench.installation import BIN, Installation, make_installation
from bench.load import run_load
from bench.report import print_table
from bench.slow import KINDS, slow_connections

CONNECTIONS = 200
ASKED = 20
PATIENCE = 5.0
"""Seconds after which somebody is said to get no answer."""
CLIENTS = 8
SECONDS = 2
ROUNDS = 2
PAGES = ("/leipzig/", "/leipzig/agenda", "/leipzig/register")
OURS = (BIN / "gunicorn",)
PLAIN = (*OURS, "--worker-class", "gthread")
MANY_THREADS = (*PLAIN, "--threads", "128")


def main() -> int:
    """Measure, and print the tables."""
    with (
        tempfile.TemporaryDirectory() as folder,
        make_installation(Path(folder), participants=70) as installation,
    ):
        rows = [
            *measure_waiting(installation, "this site", *OURS),
            *measure_waiting(installation, "gthread, 4 threads", *PLAIN),
            *measure_waiting(installation, "gthread, 128 threads", *MANY_THREADS),
        ]
        print_table(
            f"Others, while {CONNECTIONS} slow connections are open (goal: under 2 s)", rows
        )
        print_table(
            f"Pages a second, {CLIENTS} clients (goal: at least 0.95 of gthread's)",
            measure_throughput(installation),
        )
    return 0


def measure_waiting(
    installation: Installation, name: str, *command: str | Path
) -> list[tuple[str, str, str]]:
    """The slowest of some requests beside each kind of slow connections; memory."""
    rows = []
    with installation.serve(*command) as processes:
        run_load(installation.port, PAGES[0], clients=CLIENTS, seconds=1)
        before = processes.memory()
        for kind in KINDS:
            with slow_connections(installation.port, kind, CONNECTIONS):
                slowest = slowest_page(installation.port)
                more = (processes.memory() - before) / 2**20
            figure = f"{slowest * 1000:.0f} ms" if slowest < PATIENCE else "no answer"
            rows.append((f"{name}: {kind}", figure, f"{more:+.0f} MB"))
    return rows


def slowest_page(port: int) -> float:
    """Of some pages one after the other, the one that took longest, in seconds."""
    slowest = 0.0
    for _ in range(ASKED):
        slowest = max(slowest, seconds_of_a_page(port))
        if slowest >= PATIENCE:
            break
    return slowest


def seconds_of_a_page(port: int) -> float:
    """How long a new visitor waits for a page."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", PAGES[0])
        connection.getresponse().read()
    except OSError:
        return PATIENCE
    finally:
        connection.close()
    return time.monotonic() - began


def measure_throughput(installation: Installation) -> list[tuple[str, str, str]]:
    """Pages a second of both workers, in turn, the best round of each."""
    best: dict[tuple[str, str], float] = {}
    for _ in range(ROUNDS):
        for name, command in (("ours", OURS), ("gthread", PLAIN)):
            with installation.serve(*command):
                for path in PAGES:
                    run_load(installation.port, path, clients=CLIENTS, seconds=1)
                    load = run_load(installation.port, path, clients=CLIENTS, seconds=SECONDS)
                    key = (name, path)
                    best[key] = max(best.get(key, 0), load.per_second)
    return [
        (
            path,
            f"{best['ours', path]:.0f}/s",
            f"{best['ours', path] / best['gthread', path]:.2f} of {best['gthread', path]:.0f}/s",
        )
        for path in PAGES
    ]


if __name__ == "__main__":
    sys.exit(main())
