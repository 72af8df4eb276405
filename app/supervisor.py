"""What is left of `serve` once all runs: it watches the others and ends them in order.

`python -m app.supervisor FOLDER LIMITS PROCESS…`, which `app.processes` executes in its own place:
the processes stay its children, and of all that the site loads this one keeps nothing.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

from app.press.asking import Press
from app.press.limits import Limits

STOP_SECONDS = 45
"""How long all may take to finish what they are at."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)
"""Those that end the whole; whoever executes this has blocked them, so that none is missed."""

_PRESS_SECONDS = 5.0
"""How long a press should live; if one dies earlier, the next one is started after a pause."""


def watch(running: set[int], press: Press) -> int:
    """Watch processes until SIGTERM or SIGINT, then end them; the exit status.

    None is started anew: if one ends by itself all end, so that whoever watches over the whole
    (systemd, a person) learns of it. The press keeps nothing, so another one takes its place.
    """
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        _signal_all(running, signal.SIGTERM)

    for number in SIGNALS:
        signal.signal(number, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    keeper = _Keeper(press)
    process, status = os.wait()
    while process == keeper.process and not stopping:
        keeper.start_anew(status)
        process, status = os.wait()
    running.discard(process)
    by_itself = not stopping
    if by_itself:
        _say(f"process {process} ended with {_describe(status)}; ending the rest")
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
        _say(f"press ended with {_describe(status)}; starting another")
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


def _wait_for(running: set[int]) -> None:
    end = time.monotonic() + STOP_SECONDS
    while running and time.monotonic() < end:
        process, _status = os.waitpid(-1, os.WNOHANG)
        running.discard(process)
        if not process:
            time.sleep(0.05)
    _signal_all(running, signal.SIGKILL)


def _signal_all(running: Iterable[int], number: signal.Signals) -> None:
    for process in running:
        os.kill(process, number)


def _describe(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"status {code}" if code >= 0 else signal.Signals(-code).name


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    _folder, _limits, *_processes = sys.argv[1:]
    sys.exit(watch(set(map(int, _processes)), Press(Path(_folder), Limits.from_text(_limits))))
