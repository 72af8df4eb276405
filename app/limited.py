"""Runs one function of ours on a hostile file in a process of its own, with a limit on its work.

A file of a few hundred kilobytes may ask for minutes of computing or for all memory: packed parts
that grow a thousandfold, a million empty rows, cells merged over a whole sheet. No check beforehand
finds them all, and a thread cannot be stopped. So the function runs in a child that the system
ends when it has used too much; the web process waits, and says so.

The child is started afresh, not forked, and loads the function's module without the application
(`app/__init__.py` alone takes two seconds): such modules import only what reads files, no models
and no translations. The function takes the file's bytes and gives back what JSON can hold.
"""

import importlib
import json
import os
import resource
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

MEGABYTE = 1024 * 1024
_OUT_OF_MEMORY = 75
_PACKAGE = Path(__file__).parent
# As many at once for each web process; who comes later waits.
AT_ONCE = 2
_PLACES = threading.BoundedSemaphore(AT_ONCE)


class TooMuchWork(Exception):  # noqa: N818 - named after what happened
    """The function needed more time or memory than it was given, or died of the file."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may use: seconds of computing and of waiting, bytes of memory."""

    computing: int = 10
    waiting: int = 60
    memory: int = 1024 * MEGABYTE


def run(
    function: Callable[..., Any], content: bytes, *words: str, limits: ChildLimits | None = None
) -> Any:
    """What `function(content, *words)` gives back, run in a child. Raises `TooMuchWork`.

    A mistake of ours in the function is a `RuntimeError` that names the line, not the data.
    """
    limits = limits or ChildLimits()
    command = [
        *(sys.executable, "-I", __file__),
        *(function.__module__, function.__qualname__, *words),
    ]
    given = {"LIMITS": f"{limits.computing} {limits.memory}", "LANG": "C.UTF-8"}
    if not _PLACES.acquire(timeout=limits.waiting):
        raise TooMuchWork
    try:
        done = subprocess.run(  # noqa: S603 - our own program and names of our own
            command,
            input=content,
            capture_output=True,
            timeout=limits.waiting,
            check=False,
            env=given,
        )
    except subprocess.TimeoutExpired:
        raise TooMuchWork from None
    finally:
        _PLACES.release()
    if done.returncode < 0 or done.returncode == _OUT_OF_MEMORY:
        raise TooMuchWork
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return json.loads(done.stdout)


def _main(module: str, name: str, *words: str) -> int:
    """What the child does."""
    sys.path.insert(0, str(_PACKAGE.parent))
    bare = sys.modules[_PACKAGE.name] = ModuleType(_PACKAGE.name)
    bare.__path__ = [str(_PACKAGE)]
    function = getattr(importlib.import_module(module), name)
    content = sys.stdin.buffer.read()
    _limit(*map(int, os.environ["LIMITS"].split()))
    try:
        answer = json.dumps(function(content, *words))
    except MemoryError:
        return _OUT_OF_MEMORY
    except Exception as error:
        lines = "".join(traceback.format_tb(error.__traceback__))
        sys.stderr.write(f"{type(error).__name__}\n{lines}")
        return 1
    sys.stdout.write(answer)
    return 0


def _limit(computing: int, memory: int) -> None:
    """From now on: so many seconds more, so many bytes, no core file, behind all who wait."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + computing
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
