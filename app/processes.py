"""The site's processes: web server, worker and press, and the one that starts and ends them."""

import ctypes
import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from app.extensions import jobs
from app.outbox import tasks as outbox_tasks
from app.outbox.delivery import STALE_AT_START, release_claims
from app.press.asking import Press
from app.privacy import tasks as privacy_tasks  # noqa: F401 - declares its jobs
from app.registration import tasks as registration_tasks  # noqa: F401 - declares its jobs
from app.signup import tasks as signup_tasks  # noqa: F401 - declares its jobs
from app.web.templates import keep_all
from config import ROOT

log = logging.getLogger(__name__)

STOP_SECONDS = 45
"""How long all may take to finish what they are at."""

CALM_SECONDS = 10.0
"""After a start, until the worker compiles templates for the next one."""

_PRESS_SECONDS = 5.0
"""How long a press should live; if one dies earlier, the next one is started after a pause."""

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_PR_SET_PDEATHSIG = 1  # prctl(2)


def run_worker() -> None:
    """Send mail and do the jobs of the site, until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    logging.getLogger("huey").setLevel(logging.WARNING)
    release_claims(STALE_AT_START)
    log.info("worker ready")
    outbox_tasks.deliver()
    compiling = threading.Timer(CALM_SECONDS, keep_all, (jobs.application,))
    compiling.daemon = True  # a worker that ends does not wait for it
    compiling.start()
    jobs.create_consumer(
        workers=1,
        periodic=True,
        max_delay=1.0,  # seconds until a new job is seen
        graceful_signal="TERM",
        shutdown_timeout=STOP_SECONDS - 5,
    ).run()


def run_web() -> None:
    """Serve the site with gunicorn and the settings in gunicorn.conf.py."""
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    WSGIApplication().run()


def status_of(process: int) -> int:
    """Wait for a process that `start` has started to end; its exit status."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def run_together(*works: Callable[[], None], press: Press) -> int:
    """Run each in a process of its own until SIGTERM or SIGINT; the exit status.

    None is started anew: if one ends by itself all end, so that whoever watches over the whole
    (systemd, a person) learns of it. The press keeps nothing, so another one takes its place.
    """
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        _signal_all(running, signal.SIGTERM)

    running: set[int] = set()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    gc.freeze()  # all share these objects; collecting them would copy the memory
    for work in works:
        running.add(start(work))
    if stopping:  # asked to stop before all were there
        _signal_all(running, signal.SIGTERM)

    keeper = _Keeper(press)  # after the others: they inherit nothing of it
    process, status = os.wait()
    while process == keeper.process and not stopping:
        keeper.start_anew(status)
        process, status = os.wait()
    running.discard(process)
    by_itself = not stopping
    if by_itself:
        print(f"process {process} ended with {_describe(status)}; ending the rest", file=sys.stderr)  # noqa: T201 - it is a command
    _signal_all(running, signal.SIGTERM)
    _wait_for(running)
    keeper.end()  # last: the web server may have waited for a paper
    return 1 if by_itself else 0


class _Keeper:
    """The press's process, which is not ours alone: it waits while another one has the folder."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._start()

    @property
    def process(self) -> int:
        """Its number."""
        return self._running.pid

    def start_anew(self, status: int) -> None:
        """Start another one in place of one that has ended."""
        print(f"press ended with {_describe(status)}; starting another", file=sys.stderr)  # noqa: T201 - it is a command
        self._forget()
        if time.monotonic() - self._began < _PRESS_SECONDS:
            time.sleep(1)
        self._start()

    def end(self) -> None:
        """Let it finish what it is at, and end it if it does not."""
        if self._running.stdin:
            self._running.stdin.close()
        try:
            self._running.wait(_PRESS_SECONDS)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()

    def _start(self) -> None:
        self._began = time.monotonic()
        self._running = self._press.start("wait")

    def _forget(self) -> None:
        self._running.wait()  # somebody else has waited for it already
        if self._running.stdin:
            self._running.stdin.close()


def start(work: Callable[[], None]) -> int:
    """Do some work in a process of its own; its number."""
    parent = os.getpid()
    jobs.storage.close()  # a connection must not be shared by two processes
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C reaches the parent only, which ends all in order
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)  # also if it is killed
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        if os.getppid() == parent:
            work()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        log.exception("process failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _wait_for(running: set[int]) -> None:
    end = time.monotonic() + STOP_SECONDS
    while running and time.monotonic() < end:
        process, _status = os.waitpid(-1, os.WNOHANG)
        running.discard(process)
        if not process:
            time.sleep(0.05)
    _signal_all(running, signal.SIGKILL)


def _signal_all(running: set[int], number: signal.Signals) -> None:
    for process in running:
        os.kill(process, number)


def _describe(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"status {code}" if code >= 0 else signal.Signals(-code).name
