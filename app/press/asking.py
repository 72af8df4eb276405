"""Asking the press for a paper, from any process of the installation.

There is one press for each instance folder. `bin/serve` keeps it; where nobody does (a command,
gunicorn by itself) whoever asks first starts it, and it ends with that process. It is started
afresh, never forked: Pango 1.56 draws in threads, which a fork does not copy.
"""

import atexit
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from app.press.limits import Limits, connect
from app.press.messages import Closed, pack, receive, unpack
from config import ROOT

_GREETING = 10.0  # seconds until a press says that it is there
_START = 30.0  # seconds until a press that was started listens, or its process can draw
_ENDING = 5.0  # seconds that a press may take to end with the process that started it
# What a press needs of the environment. Passwords and database are none of its business.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH")


class PressUnavailable(Exception):  # noqa: N818 - a refusal is a fact
    """There is no paper now; a few seconds later there may be."""


class PressBusy(PressUnavailable):
    """Others wait for papers already."""


class PaperLost(PressUnavailable):
    """The press took too long, needed too much memory, died or cannot be reached."""


class PressFailed(Exception):  # noqa: N818 - as others are named
    """The paper or the press is at fault; the press's log says where."""


class Press:
    """The press of an instance folder, as those see it who ask."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._starting = threading.Lock()
        self._keeper: subprocess.Popen[bytes] | None = None

    def ask(self, job: str, **arguments: Any) -> Any:
        """What a job makes of its arguments, which are what JSON knows, and bytes.

        Raises `PressBusy`, `PaperLost` and `PressFailed`.
        """
        request = pack({"job": job, "arguments": arguments})
        try:
            answer = self._sent(request)
        except Closed:  # its keeper has gone; another one is started
            try:
                answer = self._sent(request)
            except Closed:
                raise PaperLost("died") from None
        match answer["state"]:
            case "done":
                return answer["result"]
            case "busy":
                raise PressBusy("busy")
            case "lost":
                raise PaperLost(answer["why"])
        raise PressFailed(f"{job}: {answer['error']}")

    def to_words(self) -> tuple[str, str]:
        """Folder and limits, for a command line."""
        return str(self._folder), self._limits.to_text()

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a keeper, which ends when its standard input does."""
        settings = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "app.press", *self.to_words(), *words],
            cwd=ROOT,
            # One arena for all threads: otherwise each keeps what it needed once.
            env={**settings, "MALLOC_ARENA_MAX": "1"},
            stdin=subprocess.PIPE,
            process_group=0,  # Ctrl-C reaches whoever asks, not the press
        )

    def _sent(self, request: bytes) -> dict[str, Any]:
        """The answer to a request. Raises `Closed` if nobody gives one."""
        with self._connected() as connection:
            try:
                greeting: dict[str, Any] = unpack(receive(connection))
            except TimeoutError:
                _kill_other_side(connection)
                raise Closed from None
            if greeting["state"] != "ready":
                return greeting
            connection.settimeout(self._limits.patience + self._limits.seconds + _START)
            try:
                connection.sendall(request)
                answer: dict[str, Any] = unpack(receive(connection))
            except TimeoutError:
                raise PaperLost("slow") from None
            except OSError:
                raise Closed from None
            return answer

    def _connected(self) -> socket.socket:
        end = time.monotonic() + _START
        while time.monotonic() < end:
            try:
                return connect(self._folder, _GREETING)
            except BlockingIOError:
                raise PressBusy("busy") from None
            except (FileNotFoundError, ConnectionRefusedError):
                self._start_if_needed()
                time.sleep(0.02)
        raise PaperLost("missing")

    def _start_if_needed(self) -> None:
        with self._starting:
            if self._keeper is None:
                atexit.register(self._end)
            else:
                status = self._keeper.poll()
                if status is None:
                    return  # it is about to listen
                if self._keeper.stdin:
                    self._keeper.stdin.close()
                if status > 0:  # it could not start; its log says why
                    self._keeper = None
                    raise PaperLost("missing")
            self._keeper = self.start()

    def _end(self) -> None:
        if self._keeper and self._keeper.stdin:
            self._keeper.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._keeper.wait(_ENDING)


def _kill_other_side(connection: socket.socket) -> None:
    """End a press that does not even greet: it hangs, and nobody else would end it."""
    size = struct.calcsize("3i")
    who = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    process, _user, _group = struct.unpack("3i", who)
    with contextlib.suppress(OSError):
        os.kill(process, signal.SIGKILL)
        connection.recv(1)  # returns when it has gone
