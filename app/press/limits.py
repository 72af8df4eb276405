"""What both sides of the press know: its limits, where it is found, the usual kind of PDF."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
PDF_VARIANT = "pdf/ua-1"
SOCKET = "press.sock"
LOCK = "press.lock"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a press. Memory is what lies in RAM (RSS), in megabytes."""

    seconds: float = 120.0  # that a paper may take
    memory: int = 768  # while a paper is drawn: a list of 2,000 people takes 300
    grown: int = 150  # after a paper; above, the process is ended and another one started
    line: int = 6  # papers drawn or waiting; whoever comes then is told to come back
    patience: float = 10.0  # seconds that a paper waits for its turn

    def to_text(self) -> str:
        """For the command line of a press."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Limits":
        """What `to_text` was given."""
        return cls(**json.loads(text))


@contextmanager
def address(folder: Path) -> Iterator[str]:
    """The socket's path in this folder, however long the folder's own is (108 bytes at most)."""
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}/{SOCKET}"
    finally:
        os.close(opened)


def connect(folder: Path, seconds: float) -> socket.socket:
    """A connection to the press of this folder. Raises OSError if none listens."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(seconds)
        with address(folder) as path:
            connection.connect(path)
    except BaseException:
        connection.close()
        raise
    return connection
