"""An installation of its own to measure: a folder, a database, the real server and worker."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
BIN = Path(sys.executable).parent


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Installation:
    """Settings of an installation in a folder; nothing of the one beside it is touched."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    root: Path = ROOT

    @property
    def settings(self) -> dict[str, str]:
        """The environment of its processes."""
        return {
            **os.environ,
            "INSTANCE_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "QUEUE_URL": f"sqlite:///{self.folder / 'queue.db'}",
            "SECRET_KEY": "only for benchmarks",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "MAIL_SERVER": "",
            "PRESS_SECONDS": "600",  # memory and CPU are measured, on a busy machine too
            "RATELIMIT_ENABLED": "0",  # all requests come from one client
            "TRUSTED_PROXIES": "1",  # which says whom it stands for: few seats are held for one
        }

    def flask(self, *words: str) -> str:
        """Run a command of the application; returns what it prints."""
        done = subprocess.run(
            [BIN / "flask", "--app", "wsgi", *words],
            cwd=self.root,
            env=self.settings,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"flask {' '.join(words)}: {done.stderr}")
        return done.stdout

    @contextmanager
    def serve(self, *command: str | Path) -> Iterator["Processes"]:
        """The server (bin/serve, unless another command is given) until the block ends."""
        log = (self.folder / "server.log").open("ab")
        started = time.monotonic()
        leader = subprocess.Popen(
            command or [self.root / "bin" / "serve"],
            cwd=self.root,
            env=self.settings,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_for_answer(self.port, "/healthz" if not command else "/")
            seconds = time.monotonic() - started
            yield Processes(leader.pid, seconds, _cpu_seconds(leader.pid, with_ended=True))
        finally:
            os.killpg(leader.pid, signal.SIGTERM)
            try:
                leader.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(leader.pid, signal.SIGKILL)
                leader.wait()
            log.close()


@contextmanager
def make_installation(
    folder: Path, participants: int | None = None, *, root: Path = ROOT
) -> Iterator[Installation]:
    """An installation, with the demo workshop if its number of participants is given.

    Its database is SQLite or, beside bin/with-postgres, PostgreSQL.
    """
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        name = f"bench_{os.getpid()}_{folder.name}"
        _run_sql(f"{server}/postgres", f"CREATE DATABASE {name}")
        url = f"{server}/{name}"
    else:
        url = f"sqlite:///{folder / 'tagungsbuero.db'}"
    installation = Installation(folder, url, root=root)
    installation.flask("db", "upgrade")
    if participants is not None:
        installation.flask("demo", "--participants", str(participants))
    yield installation
    if server:
        _run_sql(f"{server}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


def _run_sql(url: str, statement: str) -> None:
    engine = sa.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


@dataclass(frozen=True)
class Processes:
    """The processes of a started server, found by their session."""

    leader: int
    seconds_to_first_answer: float
    cpu_seconds_to_first_answer: float

    def list(self) -> list[int]:
        """The ids of all processes that the server consists of."""
        return _session(self.leader)

    def cpu_seconds(self) -> float:
        """CPU time of all of them so far, in seconds (resolution 10 ms)."""
        return _cpu_seconds(self.leader)

    def memory(self) -> int:
        """Memory of all of them in bytes, shared pages counted once (PSS)."""
        total = 0
        for pid in self.list():
            for line in (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        return total


def _session(leader: int) -> list[int]:
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _leader_of(entry) == leader
    ]


def _leader_of(entry: Path) -> int:
    fields = _stat(entry)
    return int(fields[3]) if fields else 0  # field 6 of proc(5): session


def _cpu_seconds(leader: int, *, with_ended: bool = False) -> float:
    last = 15 if with_ended else 13  # utime, stime, and those of children waited for
    stats = (_stat(Path("/proc") / str(pid)) for pid in _session(leader))
    return sum(int(value) for fields in stats for value in fields[11:last]) / TICKS


def _stat(entry: Path) -> list[str]:
    """/proc/PID/stat from its third field on, since the second may hold spaces."""
    try:
        return (entry / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []  # it has ended meanwhile


def wait_for_answer(port: int, path: str, seconds: float = 60) -> None:
    """Return as soon as the server answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError(f"no answer from port {port} within {seconds} s")
