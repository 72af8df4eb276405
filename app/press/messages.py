"""What goes over the press's sockets: JSON with pieces of bytes beside it, never pickles.

A message is 12 bytes that say how long its two parts are, the JSON, and the bytes one after the
other. Where bytes belong, the JSON says `{"$": [first, length]}`.
"""

import json
import socket
import struct
from typing import Any

LARGEST = 512 * 1024 * 1024
"""Bytes of the longest message that is read; papers have some hundred kilobytes."""

_LENGTHS = struct.Struct("!IQ")
_HERE = "$"


class Closed(Exception):  # noqa: N818 - it is a fact, not a fault
    """The other side has gone, or says what nobody understands."""


def pack(value: Any) -> bytes:
    """A message from what JSON knows and bytes. Tuples become lists."""
    pieces: list[bytes] = []
    text = json.dumps(_without_bytes(value, pieces, [0]), ensure_ascii=False).encode()
    data = b"".join(pieces)
    return b"".join((_LENGTHS.pack(len(text), len(data)), text, data))


def unpack(message: bytes) -> Any:
    """What `pack` was given."""
    length, _rest = _LENGTHS.unpack_from(message)
    text, data = message[_LENGTHS.size :][:length], message[_LENGTHS.size + length :]
    return json.loads(text, object_hook=lambda found: _with_bytes(found, data))


def receive(connection: socket.socket) -> bytes:
    """The next message. Raises `Closed` if there is none, `TimeoutError` as the socket does."""
    head = _read(connection, _LENGTHS.size)
    length = sum(_LENGTHS.unpack(head))
    if length > LARGEST:
        raise Closed
    return head + _read(connection, length)


def _read(connection: socket.socket, length: int) -> bytes:
    read = bytearray(length)
    view, done = memoryview(read), 0
    while done < length:
        try:
            count = connection.recv_into(view[done:])
        except ConnectionError:
            raise Closed from None
        if not count:
            raise Closed
        done += count
    return bytes(read)


def _without_bytes(value: Any, pieces: list[bytes], end: list[int]) -> Any:
    if isinstance(value, bytes):
        pieces.append(value)
        end[0] += len(value)
        return {_HERE: [end[0] - len(value), len(value)]}
    if isinstance(value, dict):
        if _HERE in value:
            raise ValueError("this name stands for bytes")
        return {name: _without_bytes(part, pieces, end) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_bytes(part, pieces, end) for part in value]
    return value


def _with_bytes(found: dict[str, Any], data: bytes) -> Any:
    if _HERE not in found:
        return found
    first, length = found[_HERE]
    return data[first : first + length]
