"""A connection that nobody has to wait for.

`Channel` stands in for the socket in gunicorn's threads. What they read has arrived before they
were asked; what they write and the client does not take at once is kept, and sent by the
worker's main loop. So no thread ever waits for the network.
"""

import enum
import io
import socket
import tempfile
from collections.abc import Callable
from typing import IO

from app.serving.head import END, Head, read_head

LARGEST_HEAD = 32 * 1024
IN_MEMORY = 64 * 1024
"""What is larger goes into a file, in bytes."""
PIECE = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Received(enum.Enum):
    """How far a request has come."""

    NOTHING = enum.auto()
    PART = enum.auto()
    HEAD = enum.auto()
    """The head is there since just now, and part of the body."""
    WHOLE = enum.auto()
    GONE = enum.auto()
    """The client has closed the connection."""
    TOO_LARGE = enum.auto()
    """The head has no end."""
    UNMEASURED = enum.auto()
    """The length is not told beforehand."""
    NO_ROOM = enum.auto()
    """There is no room for the body: too many are on their way, or the disk is full."""


class Channel:
    """One connection: what has arrived on it, and what has still to go.

    `admit` is asked how much of a body of a given head may be taken in: its length, or less if
    the application shall refuse it unseen, or None if there is no room at present. `folder` is
    where what does not fit into memory is kept; None: where the system keeps such files.
    """

    def __init__(
        self, sock: socket.socket, *, admit: Callable[[Head], int | None], folder: str | None = None
    ) -> None:
        self.sock = sock
        self.must_close = False
        self.announced = 0
        """How many bytes of body were admitted and are on their way or here."""
        self._admit = admit
        self._folder = folder
        self._ahead = bytearray()
        self._searched = 0
        self._missing: int | None = None
        self._request: IO[bytes] = io.BytesIO()
        self._backlog: IO[bytes] | None = None
        self._sent = 0
        sock.setblocking(False)

    # What gunicorn's threads use of a socket.

    def recv(self, size: int) -> bytes:
        """The next bytes of the present request; none after its end."""
        return self._request.read(size)

    def sendall(self, data: bytes) -> None:
        """Send at once what can be sent at once, and keep the rest."""
        if self._backlog is None:
            try:
                sent = self.sock.send(data)
            except BlockingIOError:
                sent = 0
            data = data[sent:]
        if data:
            if self._backlog is None:
                self._backlog = self._spool()
            self._backlog.write(data)

    def send(self, data: bytes) -> int:
        """Gunicorn sends nothing else in this way than '100 Continue', which was sent before."""
        return len(data)

    def setblocking(self, _flag: bool) -> None:
        """Nobody ever waits here."""

    def gettimeout(self) -> float:
        """As of a socket that does not wait."""
        return 0.0

    def close(self) -> None:
        """Give back everything."""
        self.sock.close()
        self._request.close()
        if self._backlog is not None:
            self._backlog.close()

    # What the main loop does.

    def receive(self) -> Received:
        """Take in what has arrived, at most one piece of it. Raises OSError."""
        try:
            piece = self.sock.recv(PIECE)
        except BlockingIOError:
            return self._progress()
        if not piece:
            return Received.GONE
        try:
            if self._missing is None:
                self._ahead += piece
            else:
                self._take(piece)
            return self._progress()
        except OSError:  # the disk is full, or may not be written
            return Received.NO_ROOM

    def next_request(self) -> Received:
        """Forget the present request; how far the next one has come, which may be here already."""
        self._request.close()
        self._request = io.BytesIO()
        self._missing, self._searched, self.announced = None, 0, 0
        return self._progress()

    @property
    def is_idle(self) -> bool:
        """Whether nothing of the next request has come."""
        return self._missing is None and not self._ahead

    @property
    def is_unannounced(self) -> bool:
        """Whether the head of the next request has not come."""
        return self._missing is None

    def _progress(self) -> Received:
        state = self._search_head() if self._missing is None else Received.PART
        if self._missing == 0:
            self._request.seek(0)
            return Received.WHOLE
        return state

    def _search_head(self) -> Received:
        while self._ahead[:2] == b"\r\n":  # RFC 9112, 2.2: empty lines before a request
            del self._ahead[:2]
        end = self._ahead.find(END, max(0, self._searched - len(END)))
        self._searched = len(self._ahead)
        if (end if end >= 0 else self._searched) > LARGEST_HEAD:
            return Received.TOO_LARGE
        if end < 0:
            return Received.PART if self._ahead else Received.NOTHING
        return self._begin(end + len(END))

    def _begin(self, end: int) -> Received:
        """The head is there up to an index of what has arrived: get ready for the body."""
        block = bytes(self._ahead[:end])
        head = read_head(block)
        if head.is_chunked:
            return Received.UNMEASURED
        admitted = self._admit(head) if head.length else 0
        if admitted is None:
            return Received.NO_ROOM
        # What is not taken in ends the connection: nobody could tell where the next one begins.
        self.must_close = head.length is None or admitted < head.length
        self.announced = 0 if self.must_close else admitted
        self._request = self._spool() if end + self.announced > IN_MEMORY else io.BytesIO()
        self._request.write(block)
        rest, self._ahead = self._ahead[end:], bytearray()
        self._missing = self.announced
        self._take(rest)
        if head.waits and self._missing:
            self.sendall(CONTINUE)
        return Received.HEAD

    def _take(self, piece: bytes | bytearray) -> None:
        missing = self._missing or 0
        self._request.write(piece[:missing])
        self._missing = max(0, missing - len(piece))
        self._ahead += piece[missing:]

    def flush(self) -> bool:
        """Send what was kept as far as the client takes it; whether all is sent. Raises OSError."""
        while self._backlog is not None:
            self._backlog.seek(self._sent)
            piece = self._backlog.read(PIECE)
            if not piece:
                self._backlog.close()
                self._backlog, self._sent = None, 0
                break
            try:
                self._sent += self.sock.send(piece)
            except BlockingIOError:
                return False
        return True

    @property
    def kept(self) -> int:
        """How many bytes of the answer are still to be sent."""
        if self._backlog is None:
            return 0
        return self._backlog.seek(0, io.SEEK_END) - self._sent

    def _spool(self) -> IO[bytes]:
        return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=self._folder)
