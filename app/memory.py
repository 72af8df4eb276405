"""Memory is given back: what one request needed once, a process shall not hold for ever."""

import contextlib
import ctypes

# mallopt(3). Each thread would get an arena of its own, which keeps the most that it ever
# needed: 64 MB for a log-in, more for a large list.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_KILOBYTE = 1024


def keep_memory_small() -> None:
    """Let all threads share one arena, and return large pieces at once. Before any thread starts.

    Setting the threshold also stops the C library from raising it after each large piece.
    """
    with contextlib.suppress(AttributeError):  # a C library other than GNU's
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, 256 * _KILOBYTE)
        mallopt(_M_TRIM_THRESHOLD, 512 * _KILOBYTE)
