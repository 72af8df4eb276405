"""Clients that take their time: many connections to a server, held open without work."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HALF_HEADS = "half heads"
HALF_BODIES = "half bodies"
SLOW_READERS = "slow readers"
KINDS = (HALF_HEADS, HALF_BODIES, SLOW_READERS)

_SENT = {
    HALF_HEADS: "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a=",
    HALF_BODIES: "POST /leipzig/register/person HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=",
    # Asks for 8 MB on one connection and reads nothing, so that no buffer is large enough. Of a
    # file, because pages would keep the server busy with more than sending.
    SLOW_READERS: "GET /static/vendor/fonts/FiraSans-Bold.woff2 HTTP/1.1\r\n"
    "Host: localhost\r\n\r\n" * 60,
}


@contextmanager
def slow_connections(port: int, kind: str, number: int) -> Iterator[list[socket.socket]]:
    """So many connections of a kind, open until the block ends."""
    with ExitStack() as stack:
        sockets = []
        for _ in range(number):
            sock = stack.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            sock.settimeout(30)
            sock.connect(("127.0.0.1", port))
            sock.sendall(_SENT[kind].encode())
            sockets.append(sock)
        yield sockets
