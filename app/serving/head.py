"""The head of a request, read just far enough to know where the request ends.

Gunicorn's own parser reads it again, strictly, and has the last word on what it means. So nothing
is decided here that could be understood differently there: a head whose length is not beyond
doubt is passed on without a body, and the connection is closed after the answer.
"""

from dataclasses import dataclass

END = b"\r\n\r\n"
_MOST_DIGITS = 12  # a terabyte; int() of thousands of digits takes its time


@dataclass(frozen=True)
class Head:
    """What has to be known before the body has come."""

    method: str
    path: str
    length: int | None
    """How many bytes follow the head; None: it does not say so clearly."""
    is_chunked: bool
    """The body's length is told piece by piece, or in another way than by a number."""
    waits: bool
    """The client sends the body only after it was told to go on (RFC 9110, 10.1.1)."""


def read_head(block: bytes) -> Head:
    """The head that a block of bytes up to its empty line holds. Never fails."""
    first, *lines = block.decode("latin-1").split("\r\n")
    method, _, target = first.partition(" ")
    lengths, is_chunked, waits = [], False, False
    for line in lines:
        name, _, value = line.partition(":")
        match name.strip().lower():
            case "content-length":
                lengths.append(value.strip(" \t"))
            case "transfer-encoding":
                is_chunked = True
            case "expect":
                waits = value.strip().lower() == "100-continue"
    return Head(method, target.partition("?")[0], _length(lengths), is_chunked, waits)


def _length(told: list[str]) -> int | None:
    if not told:
        return 0
    one = told[0]
    if len(told) > 1 or not (one.isascii() and one.isdigit()) or len(one) > _MOST_DIGITS:
        return None
    return int(one)
