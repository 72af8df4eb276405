"""Slow clients: others are answered meanwhile, and what is too slow is closed in the end."""

import re
import socket
import time
from contextlib import ExitStack

import pytest

from bench.slow import HALF_BODIES, HALF_HEADS, KINDS, slow_connections
from tests.server.conftest import Browser, Installation, serve, wait_for

pytestmark = pytest.mark.slow

NUMBER = 40
"""Of each kind: far more than the web server has threads."""
LIMITS = 25
"""Seconds after which the server has given up each of them; see app/serving/worker.py."""


LOGIN = b"POST /login HTTP/1.1\r\nHost: a\r\n"

# There is no trusted proxy: what one would tell counts for nothing.
PROXIED = b"GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"


def is_open(sock: socket.socket) -> bool:
    """Whether the server still waits for this client."""
    sock.setblocking(False)
    try:
        return sock.recv(1000) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


def save(installation: Installation) -> int:
    """Create the first account; the status of the answer."""
    (link,) = re.findall(rf"{installation.address}/account/first/\S+", installation.log("serve"))
    browser = Browser()
    password = "Sechs-Elche-im-Nebel-42"
    typed = {"name": "Kim", "email": "kim@example.org", "password": password, "repeat": password}
    return browser.send(link, {**browser.open_form(link), **typed})


def test_others_are_answered_and_save_while_slow_clients_are_open(
    installation: Installation,
) -> None:
    serve(installation)
    with ExitStack() as stack:
        slow = {
            kind: stack.enter_context(slow_connections(installation.port, kind, NUMBER))
            for kind in KINDS
        }

        for _ in range(20):  # each of the two processes gets some
            assert installation.answers("/login")
        assert save(installation) == 200
        assert installation.rows("SELECT email FROM accounts") == [("kim@example.org",)]
        halves = [*slow[HALF_HEADS], *slow[HALF_BODIES]]
        assert all(is_open(sock) for sock in halves)

        time.sleep(LIMITS)
        wait_for(lambda: not any(is_open(sock) for sock in halves))
        assert installation.answers("/login")
    installation.processes[0].terminate()
    assert installation.processes[0].wait(60) == 0


def talk(installation: Installation, sent: bytes, *later: bytes) -> bytes:
    """Send pieces with pauses between them; all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", installation.port), 30) as sock:
        sock.sendall(sent)
        for piece in later:
            time.sleep(0.3)
            sock.sendall(piece)
        answer = b""
        while piece := sock.recv(65536):
            answer += piece
    return answer


def test_requests_in_pieces_one_after_the_other_and_in_one_go(installation: Installation) -> None:
    serve(installation)
    get, host = b"GET /healthz HTTP/1.1\r\n", b"Host: localhost\r\n"
    post = (
        b"POST /login HTTP/1.1\r\n" + host + b"Content-Type: application/x-www-form-urlencoded\r\n"
    )
    last = b"Connection: close\r\n\r\n"

    in_pieces = talk(
        installation, b"\r\nGET /hea", b"lthz HTTP/1.1\r\nHost: localhost\r", b"\n" + last
    )
    assert in_pieces.count(b"HTTP/1.1 200 OK") == 1
    in_one_go = talk(installation, (get + host + b"\r\n") * 5 + get + host + last)
    assert in_one_go.count(b"HTTP/1.1 200 OK") == 6
    body = talk(
        installation, post + b"Content-Length: 10\r\n" + last, b"email", b"=kim1" + b"GET /"
    )
    assert body.startswith(b"HTTP/1.1 400 ")  # no token: the form was read
    told = talk(
        installation,
        post + b"Expect: 100-continue\r\nContent-Length: 9\r\n" + last,
        b"email=kim",
    )
    assert told.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 ")
    assert told.count(b"100 Continue") == 1


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000, 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"x" * 5_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET /?" + b"a&" * 2_000 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200),
        (LOGIN + b"Transfer-Encoding: chunked\r\n\r\n5\r\nemail", 411),
        (
            LOGIN + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nemail",
            400,
        ),
        (LOGIN + b"Content-Length: -1\r\n\r\nemail", 400),
        (LOGIN + b"Content-Length: 5, 5\r\n\r\nemail", 400),
        (LOGIN + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (LOGIN + b"Content-Length: 99999999999\r\n\r\nemail", 413),
        (LOGIN + b"Content-Length : 5\r\n\r\nemail", 400),
        (b"GET / HTTP/1.1\nHost: a\n\nGET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n", 400),
        (b"GET /%00/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
        (b"GET http://other.example/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /login HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", 200),
        (b"GET /login HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n", 200),
        (b"GET /login HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n", 200),
        (PROXIED + b"SCRIPT_NAME: /x\r\n\r\n", 200),
        (PROXIED + b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n\r\n", 200),
        (b"get / http/1.1\r\n\r\n", 400),
    ],
)
def test_what_is_no_good_request_gets_an_answer(
    server: Installation, request_: bytes, status: int
) -> None:
    answer = talk(server, request_)

    assert int(answer.split(b" ", 2)[1]) == status
    assert answer.count(b"HTTP/1.") == 1
    assert server.answers()
