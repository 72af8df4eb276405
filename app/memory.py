"""Memory is given back: what one request needed once, a process shall not hold for ever."""

import contextlib
import ctypes
import os
from pathlib import Path

# mallopt(3). Each thread would get an arena of its own, which keeps the most that it ever
# needed: 64 MB for a log-in, more for a large list.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_KILOBYTE = 1024
_MEGABYTE = 1024 * _KILOBYTE


def keep_memory_small() -> None:
    """Let all threads share one arena, and return large pieces at once. Before any thread starts.

    Setting the threshold also stops the C library from raising it after each large piece.
    """
    with contextlib.suppress(AttributeError):  # a C library other than GNU's
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, 256 * _KILOBYTE)
        mallopt(_M_TRIM_THRESHOLD, 512 * _KILOBYTE)


def held(process: int) -> float:
    """Megabytes of RAM that a process holds; 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
