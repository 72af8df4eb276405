"""Gunicorn's threaded worker, with threads that never wait for a client.

By itself it gives a connection to one of its threads as soon as the client says anything; the
thread then waits for the rest of the head, of the body, and for a slow reader of the answer,
without a limit of time. As many slow clients as threads stop the site. Here the main loop takes a
request in and hands it over when it is whole; it also sends what the client did not take at once.
A slow connection costs some kilobytes, and ends when its time is over.

What is gunicorn's here: accepting, the threads, its parser and answers, its life and its end.
"""

import errno
import os
import resource
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.memory import held
from app.serving.channel import PIECE, Channel, Received
from app.serving.head import Head
from app.web.uploads import largest_body

HEAD_SECONDS = 15.0
"""How long a head may take, from connecting or from its first byte."""
BODY_SECONDS = 20.0
"""How long a body or an answer may take, and as much more as `SLOWEST_RATE` allows for its size."""
SLOWEST_RATE = 16 * 1024  # bytes a second
LINGER_SECONDS = 5.0
"""How long a closed connection is still read: its client shall see the answer (RFC 9112, 9.6)."""
CHECK_SECONDS = 0.5
FILES = 4096  # open files: a connection needs up to three
GROWN = 24.0
"""Megabytes by which a worker may grow before another one takes its place, in a quiet moment."""
LARGE = 1024 * 1024
MOST_ANNOUNCED = 512 * 1024 * 1024
"""Bytes of large bodies that may be on their way to one worker at a time."""

_REFUSALS = {
    Received.TOO_LARGE: (431, "Request Header Fields Too Large"),
    Received.UNMEASURED: (411, "Length Required"),
    Received.NO_ROOM: (503, "Service Unavailable"),
}


class BufferingWorker(ThreadWorker):  # type: ignore[misc]  # the package has no types
    """Serves each request once it is whole."""

    alive: bool  # until the worker shall end; gunicorn's

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Connections that wait for their client, the longest waiting first, with the instant at
        # which that ends.
        self.waiting: dict[Any, float] = {}
        self.next_check = 0.0
        self.most_held = 0.0

    def init_process(self) -> None:
        """Allow as many files as connections may need."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        self.most_held = held(os.getpid()) + GROWN
        super().init_process()

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """End the start if gunicorn is asked for what this worker cannot do."""
        if cfg.is_ssl:
            raise SystemExit("certfile, keyfile: HTTPS is the reverse proxy's part")

    # A connection's way: accepted, received, handled in a thread, sent; again, or closed.

    def accept(self, listener: Any) -> None:
        """Take a connection; if there are too many, the longest waiting one goes."""
        if self.nr_conns >= self.worker_connections - 1:
            self.drop_longest_waiting()
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self.drop_longest_waiting()
            elif error.errno not in {errno.EAGAIN, errno.ECONNABORTED}:
                raise
            return
        self.nr_conns += 1
        channel = Channel(sock, admit=self.admit, folder=self.cfg.tmp_upload_dir)
        conn = TConn(self.cfg, channel, client, listener.getsockname())
        conn.data_ready = True  # by the time a thread gets it
        self.wait(conn, selectors.EVENT_READ, self.receive, HEAD_SECONDS)
        self.guarded(self.receive, conn)

    def admit(self, head: Head) -> int | None:
        """How much of a body is taken in; see `Channel`."""
        length = head.length or 0
        if length <= LARGE:
            return length
        if length > largest_body(self.wsgi, head.method, head.path):
            return 0  # the application says so, with its own page
        on_their_way = sum(conn.sock.announced for conn in self.waiting)
        return length if on_their_way + length <= MOST_ANNOUNCED else None

    def wait(self, conn: Any, event: int, then: Callable[[Any], None], seconds: float) -> None:
        """Do something as soon as the client sends or takes more; close if it does not in time."""
        self.waiting[conn] = time.monotonic() + seconds
        self.poller.register(conn.sock.sock, event, lambda _sock: self.guarded(then, conn))

    def stop_waiting(self, conn: Any) -> None:
        """Leave a connection alone, whatever the client does."""
        del self.waiting[conn]
        self.poller.unregister(conn.sock.sock)

    def guarded(self, step: Callable[[Any], None], conn: Any) -> None:
        """A step that ends the connection if the client or the disk is gone."""
        try:
            step(conn)
        except OSError:
            self.drop(conn)

    def receive(self, conn: Any) -> None:
        """Take in more of a request."""
        was_idle = conn.sock.is_idle
        arrival = conn.sock.receive()
        if was_idle and arrival is Received.PART:
            self.waiting[conn] = time.monotonic() + HEAD_SECONDS
        self.go_on(conn, arrival)

    def go_on(self, conn: Any, arrival: Received) -> None:
        """Hand over a request that is whole; else go on waiting, or refuse."""
        if arrival is Received.WHOLE:
            self.stop_waiting(conn)
            self.enqueue_req(conn)
        elif arrival is Received.HEAD:
            self.waiting[conn] = time.monotonic() + seconds_for(conn.sock.announced)
        elif arrival is Received.GONE:
            self.drop(conn)
        elif arrival in _REFUSALS:
            self.refuse(conn, *_REFUSALS[arrival])

    def refuse(self, conn: Any, status: int, reason: str) -> None:
        """Answer what the application does not get to see."""
        self.stop_waiting(conn)
        util.write_error(conn.sock, status, reason, "")
        self.leave(conn)

    def finish_request(self, conn: Any, done: Future[Any]) -> None:
        """A thread has answered: send what the client has not taken yet."""
        goes_on = (
            self.alive
            and not done.cancelled()
            and done.exception() is None
            and bool(done.result())
            and not conn.sock.must_close
            and not conn.parser.unreader.buf.getvalue()  # it read on behind the request
        )
        then = self.next_request if goes_on else self.leave
        kept = conn.sock.kept
        if kept:
            send = partial(self.send, then=then)
            self.wait(conn, selectors.EVENT_WRITE, send, seconds_for(kept))
        else:
            self.guarded(then, conn)

    def send(self, conn: Any, then: Callable[[Any], None]) -> None:
        """Send more of an answer."""
        if conn.sock.flush():
            self.stop_waiting(conn)
            then(conn)

    def next_request(self, conn: Any) -> None:
        """Keep the connection for a while."""
        self.wait(conn, selectors.EVENT_READ, self.receive, self.cfg.keepalive)
        self.go_on(conn, conn.sock.next_request())

    def leave(self, conn: Any) -> None:
        """Close the connection, once the client has done so or after a while."""
        conn.sock.sock.shutdown(socket.SHUT_WR)
        self.wait(conn, selectors.EVENT_READ, self.linger, LINGER_SECONDS)

    def linger(self, conn: Any) -> None:
        """Read and forget."""
        if not conn.sock.sock.recv(PIECE):
            self.drop(conn)

    def drop(self, conn: Any) -> None:
        """Close the connection at once."""
        if conn in self.waiting:
            self.stop_waiting(conn)
        conn.sock.close()
        self.nr_conns -= 1
        if not self.nr_conns:
            self.give_back()

    # What gunicorn's main loop calls.

    def murder_keepalived(self, force: bool = False) -> None:
        """Close what has waited for too long, or everything at the worker's end."""
        now = time.monotonic()
        if now < self.next_check and not force:
            return
        self.next_check = now + CHECK_SECONDS
        for conn in [c for c, until in self.waiting.items() if force or until < now]:
            self.drop(conn)

    def give_back(self) -> None:
        """End if much is held that large answers needed: the next worker starts without it.

        Python keeps memory of which it uses a little. Nobody notices: no connection is open, and
        whoever comes meanwhile is taken by the others or by the next.
        """
        megabytes = held(os.getpid())
        if self.alive and megabytes > self.most_held:
            self.log.info("Worker holds %d MB; another takes its place", megabytes)
            self.alive = False

    def _cap_keepalive(self, deadline: float) -> None:
        """At the worker's end nobody waits for a request whose head is not there yet."""
        for conn in self.waiting:
            if conn.sock.is_unannounced:
                self.waiting[conn] = min(self.waiting[conn], deadline)

    def drop_longest_waiting(self) -> None:
        """Make room. A request that is whole is never dropped."""
        for conn in self.waiting:
            self.drop(conn)
            break


def seconds_for(size: int) -> float:
    """How long so many bytes may take."""
    return BODY_SECONDS + size / SLOWEST_RATE
