"""The process that draws: `python -m app.press.drawer FD SECONDS`, started by its keeper alone.

It says how much memory it holds, gets a job, gives back the result, tidies up, and says it again.
A kernel's alarm ends it should it take too long when its keeper has gone.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

from app.memory import held
from app.press.messages import Closed, pack, receive, unpack

JOBS = {
    "draw": "app.press.drawing",
    "fold": "app.press.imposition",
    "impose": "app.press.imposition",
}
"""What may be asked for: a function's name and its module. Arguments are JSON and bytes."""

_GRACE = 5
"""Seconds after which the kernel ends what the keeper should have ended."""


def serve(connection: socket.socket, seconds: float) -> None:
    """Draw until the keeper closes the connection."""
    from app.press.drawing import warm_up

    warm_up()
    gc.collect()
    gc.freeze()
    with contextlib.suppress(Closed, OSError):  # the keeper has gone
        while True:
            connection.sendall(pack({"memory": held(os.getpid())}))
            request = unpack(receive(connection))
            signal.alarm(int(seconds) + _GRACE)
            connection.sendall(pack(_answer(request)))
            signal.alarm(0)
            del request
            _tidy_up()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    name = request["job"]
    try:
        work: Callable[..., Any] = getattr(importlib.import_module(JOBS[name]), name)
        return {"state": "done", "result": work(**request["arguments"])}
    except Exception as error:
        print(_without_values(name, error), file=sys.stderr, flush=True)  # noqa: T201 - the log
        return {"state": "failed", "error": type(error).__name__}


def _without_values(job: str, error: Exception) -> str:
    """Where it happened and what kind of error it is; its text may hold names of people."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "\n".join(f"  {f.filename}:{f.lineno} in {f.name}" for f in frames)
    return f"press: {job} failed with {type(error).__name__}\n{where}"


def _tidy_up() -> None:
    gc.collect()
    with contextlib.suppress(AttributeError):  # a C library other than GNU's
        ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as keeper:
        serve(keeper, float(sys.argv[2]))
