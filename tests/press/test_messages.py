"""What goes over the press's sockets comes out as it went in."""

import socket
import struct
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.press.messages import LARGEST, Closed, pack, receive, unpack

NAMES = st.text().filter(lambda name: name != "$")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda parts: st.lists(parts) | st.dictionaries(NAMES, parts),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_packed_comes_out(value: Any) -> None:
    assert unpack(pack(value)) == value


def test_a_message_arrives_in_pieces_and_the_next_one_is_another() -> None:
    ours, theirs = socket.socketpair()
    large = pack({"a": b"\0\xff" * 500_000})

    def send() -> None:
        with ours:
            ours.sendall(large + pack(["next"]))

    sending = threading.Thread(target=send)
    sending.start()
    with theirs:
        assert receive(theirs) == large
        assert unpack(receive(theirs)) == ["next"]
        with pytest.raises(Closed):
            receive(theirs)
    sending.join()


def test_half_a_message_and_a_huge_one_are_none() -> None:
    for sent in (pack("half")[:-1], struct.pack("!IQ", 1, LARGEST)):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.sendall(sent)
            ours.shutdown(socket.SHUT_WR)
            with pytest.raises(Closed):
                receive(theirs)


def test_a_name_that_stands_for_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="stands for bytes"):
        pack({"$": [0, 1]})
