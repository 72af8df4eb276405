"""The press's keeper: takes papers at a socket and lets a process of its own draw them.

One paper is drawn at a time. The keeper itself never draws, so it can end what hangs, takes too
much, or has grown, and start another. It ends with whoever started it, which holds the other end
of its standard input; only one keeper at a time has a folder's lock.
"""

import contextlib
import fcntl
import hashlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from app.memory import held
from app.press.limits import LOCK, Limits, address
from app.press.messages import Closed, pack, receive, unpack

READY = pack({"state": "ready"})
BUSY = pack({"state": "busy"})
CONNECTIONS = 32
"""Askers at once; those above are told at once to come back."""

_SEND_SECONDS = 20.0  # that an asker may take to send its paper or to take the answer
_START_SECONDS = 60.0  # that a process may take until it can draw
_TIDY_SECONDS = 10.0  # that it may take to tidy up after a paper
_CALM = 3.0  # seconds after which the first process is started though nobody has asked
_TICK = 0.1  # seconds between two looks at the memory


def log(text: str) -> None:
    """A line in the log of whoever started the press."""
    print(f"press: {text}", file=sys.stderr, flush=True)  # noqa: T201 - it is a process's log


class Lost(Exception):  # noqa: N818 - it is a fact, not a fault
    """The process that draws was ended or has died; its argument says why."""


class Drawer:
    """The process that draws, as its keeper sees it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._memory: float | None = None
        self._has_drawn = False
        self._connection, theirs = socket.socketpair()
        with theirs:
            number = str(theirs.fileno())
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "app.press.drawer", number, str(limits.seconds)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def wait_until_idle(self) -> float:
        """Megabytes that it holds when it is ready for work. Raises `Lost`."""
        if self._memory is None:
            patience = _TIDY_SECONDS if self._has_drawn else _START_SECONDS
            self._memory = unpack(self._next_message(patience))["memory"]
        return self._memory

    def draw(self, request: bytes) -> bytes:
        """The answer to a request. Raises `Lost` if it takes too long or too much."""
        self._memory = None
        self._has_drawn = True
        self._connection.settimeout(self._limits.seconds)
        try:
            self._connection.sendall(request)
        except TimeoutError:
            raise Lost("slow") from None
        except OSError:
            raise Lost("died") from None
        return self._next_message(self._limits.seconds)

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        self._connection.close()

    def _next_message(self, seconds: float) -> bytes:
        end = time.monotonic() + seconds
        while not select.select([self._connection], [], [], self._pause(end))[0]:
            if time.monotonic() >= end:
                raise Lost("slow")
            if held(self._process.pid) > self._limits.memory:
                raise Lost("large")
        self._connection.settimeout(max(_TICK, end - time.monotonic()))
        try:
            return receive(self._connection)
        except TimeoutError:
            raise Lost("slow") from None
        except Closed:
            raise Lost("died") from None

    @staticmethod
    def _pause(end: float) -> float:
        return min(_TICK, max(0.0, end - time.monotonic()))


class Paper:
    """A paper that is asked for; whoever asks for the same meanwhile gets the same."""

    def __init__(self) -> None:
        self.is_done = threading.Event()
        self.answer = BUSY


class Keeper:
    """Takes requests and has them drawn, one after the other."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._drawer: Drawer | None = None
        self._turn = threading.Lock()  # whoever holds it has the drawer
        self._papers: dict[bytes, Paper] = {}  # the line, by digest of the request
        self._looking = threading.Lock()  # at the line
        self._places = threading.BoundedSemaphore(CONNECTIONS)
        self._threads: set[threading.Thread] = set()

    def take(self, connection: socket.socket) -> None:
        """Serve an asker in a thread of its own, or tell it to come back."""
        if not self._places.acquire(blocking=False):
            with contextlib.suppress(OSError), connection:
                connection.settimeout(_TICK)
                connection.sendall(BUSY)
            return
        thread = threading.Thread(target=self._serve, args=(connection,))
        self._threads = {other for other in self._threads if other.is_alive()} | {thread}
        thread.start()

    def warm_up(self) -> None:
        """Start the process that draws, unless it is at work."""
        if self._turn.acquire(blocking=False):
            self._drawer = self._drawer or Drawer(self._limits)
            self._turn.release()

    def finish(self) -> None:
        """Draw what was asked for, then end."""
        for thread in self._threads:
            thread.join()
        if self._drawer:
            self._drawer.end()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.settimeout(_SEND_SECONDS)
                connection.sendall(READY)
                self._answer(receive(connection), connection)
        except (Closed, OSError):
            pass  # the asker has gone
        finally:
            self._places.release()

    def _answer(self, request: bytes, connection: socket.socket) -> None:
        digest = hashlib.sha256(request).digest()
        with self._looking:
            paper = self._papers.get(digest)
            is_full = len(self._papers) >= self._limits.line
            is_new = paper is None and not is_full
            if paper is None and is_new:
                paper = self._papers[digest] = Paper()
        if paper is None:
            connection.sendall(BUSY)
        elif is_new:
            self._make(paper, digest, request, connection)
        else:
            paper.is_done.wait()
            connection.sendall(paper.answer)

    def _make(self, paper: Paper, digest: bytes, request: bytes, connection: socket.socket) -> None:
        """Draw a paper when it is its turn; those who wait get it before anything is tidied up."""
        has_turn = self._turn.acquire(timeout=self._limits.patience)
        try:
            try:
                if has_turn:
                    paper.answer = self._drawn(request)
            finally:
                with self._looking:
                    del self._papers[digest]
                paper.is_done.set()
            connection.sendall(paper.answer)
        finally:
            if has_turn:
                self._look_after()
                self._turn.release()

    def _drawn(self, request: bytes) -> bytes:
        drawer = self._drawer
        if drawer is None or not drawer.is_alive:
            drawer = self._start_anew()
        try:
            drawer.wait_until_idle()
            return drawer.draw(request)
        except Lost as loss:
            log(f"a paper was given up ({loss})")
            self._start_anew()
            return pack({"state": "lost", "why": str(loss)})

    def _look_after(self) -> None:
        """Start another process if the one that draws has died or holds too much."""
        drawer = self._drawer or self._start_anew()
        try:
            memory = drawer.wait_until_idle()
        except Lost as loss:
            log(f"the process that draws was lost ({loss})")
        else:
            if memory <= self._limits.grown:
                return
            log(f"the process that draws holds {memory:.0f} MB; it is started anew")
        self._start_anew()

    def _start_anew(self) -> Drawer:
        if self._drawer:
            self._drawer.end()
        self._drawer = Drawer(self._limits)
        return self._drawer


def keep(folder: Path, limits: Limits, *, waits: bool) -> None:
    """Keep the press of a folder until the standard input ends, or SIGTERM.

    If it has a keeper already, wait until that one has gone, or leave it at that.
    """
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except BlockingIOError:
        return
    keeper = Keeper(limits)
    stopped, stop = os.pipe()
    signal.signal(signal.SIGTERM, lambda _number, _frame: os.write(stop, b"."))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with _listening(folder) as listener:
        ends: list[int | socket.socket] = [listener, stopped, sys.stdin.fileno()]
        calm: float | None = _CALM
        while True:
            ready = select.select(ends, [], [], calm)[0]
            if stopped in ready or sys.stdin.fileno() in ready:
                break
            if listener in ready:
                keeper.take(listener.accept()[0])
            else:
                keeper.warm_up()
                calm = None
    os.close(lock)
    keeper.finish()


@contextlib.contextmanager
def _listening(folder: Path) -> Iterator[socket.socket]:
    """The socket of a folder, for its owner alone; one that a killed keeper left is removed."""
    with socket.socket(socket.AF_UNIX) as listener, address(folder) as path:
        Path(path).unlink(missing_ok=True)
        before = os.umask(0o177)
        listener.bind(path)
        os.umask(before)
        listener.listen(2 * CONNECTIONS)
        yield listener
        Path(path).unlink(missing_ok=True)
