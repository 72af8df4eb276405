"""A connection, piece by piece, without a server."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.serving.channel import IN_MEMORY, LARGEST_HEAD, Channel, Received
from app.serving.head import Head, read_head

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /x?y=1 HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
LIMIT = 1_000_000


def admit(head: Head) -> int | None:
    """As a site that takes so much and has no room for a body of 13 bytes."""
    length = head.length or 0
    return None if length == 13 else length if length <= LIMIT else 0


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[socket.socket, Channel]]:
    """The client's end of a connection, and the server's."""
    client, server = socket.socketpair()
    channel = Channel(server, admit=admit, folder=str(tmp_path))
    yield client, channel
    client.close()
    channel.close()


def test_a_request_comes_byte_by_byte(ends: tuple[socket.socket, Channel]) -> None:
    client, channel = ends
    assert channel.receive() is Received.NOTHING
    seen = []
    for byte in POST % 3 + b"abc":
        client.sendall(bytes([byte]))
        seen.append(channel.receive())

    assert seen[-4:] == [Received.HEAD, Received.PART, Received.PART, Received.WHOLE]
    assert set(seen[:-4]) == {Received.PART}
    assert channel.recv(10_000) == POST % 3 + b"abc"
    assert channel.recv(10_000) == b""


def test_requests_that_come_at_once_are_read_one_by_one(
    ends: tuple[socket.socket, Channel],
) -> None:
    client, channel = ends
    client.sendall(GET + POST % 2 + b"ab" + GET[:-1])

    assert channel.receive() is Received.WHOLE
    assert channel.recv(10_000) == GET
    assert channel.next_request() is Received.WHOLE
    assert channel.recv(10_000) == POST % 2 + b"ab"
    assert channel.next_request() is Received.PART
    idle = [channel.is_idle]
    client.sendall(b"\n")
    assert channel.receive() is Received.WHOLE
    assert channel.next_request() is Received.NOTHING
    assert [*idle, channel.is_idle] == [False, True]
    client.close()
    assert channel.receive() is Received.GONE


@pytest.mark.parametrize(
    ("sent", "arrival"),
    [
        (b"x" * (LARGEST_HEAD + 1), Received.TOO_LARGE),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", Received.UNMEASURED),
        (POST % 13, Received.NO_ROOM),
        (POST % (LIMIT + 1), Received.WHOLE),  # the application refuses it
        (b"POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc", Received.WHOLE),  # gunicorn does
    ],
)
def test_what_is_not_taken_in_ends_the_connection(
    ends: tuple[socket.socket, Channel], sent: bytes, arrival: Received
) -> None:
    client, channel = ends
    client.sendall(sent)

    assert channel.receive() is arrival
    assert channel.must_close is (arrival is Received.WHOLE)


def test_a_large_body_lies_on_the_disk_and_a_full_disk_is_said(
    ends: tuple[socket.socket, Channel], tmp_path: Path
) -> None:
    client, channel = ends
    channel._folder = str(tmp_path / "not there")
    client.sendall(POST % (2 * IN_MEMORY))
    assert channel.receive() is Received.HEAD
    assert channel.announced == 2 * IN_MEMORY

    arrivals = []
    for _ in range(8):
        client.sendall(b"x" * (IN_MEMORY // 4))
        arrivals.append(channel.receive())
    assert Received.NO_ROOM in arrivals


def test_an_answer_that_is_not_read_is_kept(ends: tuple[socket.socket, Channel]) -> None:
    client, channel = ends
    answer = bytes(range(256)) * 20_000
    channel.sendall(answer[:100])
    channel.sendall(answer[100:])
    assert channel.kept > 1_000_000
    assert not channel.flush()

    client.setblocking(False)
    got = b""
    while len(got) < len(answer):
        got += client.recv(len(answer))
        channel.flush()
    assert got == answer
    assert channel.kept == 0
    assert channel.flush()


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        ("", 0),
        ("Content-Length: 5", 5),
        ("content-length:\t5 ", 5),
        ("Content-Length: 5\r\nContent-Length: 5", None),
        ("Content-Length: 5, 5", None),
        ("Content-Length: -5", None),
        ("Content-Length: 0x5", None),
        ("Content-Length: \u00b2", None),
        ("Content-Length: " + "9" * 13, None),
        ("Content-Length:", None),
        ("X-Content-Length: 5", 0),
    ],
)
def test_the_length_counts_only_if_it_is_beyond_doubt(lines: str, length: int | None) -> None:
    head = read_head(f"POST /a?b HTTP/1.1\r\n{lines}\r\n\r\n".encode("latin-1"))

    assert head.length == length
    assert (head.method, head.path) == ("POST", "/a")
