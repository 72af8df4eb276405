"""How work grows with its input: the same on a slow machine, and on one that does other things."""

import time
from collections.abc import Callable


def growth(work: Callable[[int], object], size: int, times: int = 2, runs: int = 5) -> float:
    """How many times the processor time work of `times` × `size` takes: 2 is linear, 4 square.

    The least of several runs counts, since nothing makes a run faster than it is.
    """
    work(size)  # imports, caches
    small, large = (min(_seconds(work, n) for _run in range(runs)) for n in (size, size * times))
    return large / small


def _seconds(work: Callable[[int], object], size: int) -> float:
    began = time.thread_time()
    work(size)
    return time.thread_time() - began
