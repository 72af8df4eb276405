"""Papers at public addresses: made once, one at a time, so that nobody can keep the site busy."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

KEPT = 12
"""Papers that a process keeps; some hundred kilobytes each."""

PATIENT = 2
"""Requests of a process that may make papers or wait for them; it has four threads."""


class TooMany(Exception):  # noqa: N818 - a refusal is a fact
    """Others wait for a paper already; a few seconds later it is there."""


class Shelf:
    """The papers of a process. Whoever asks for one that is there gets it at once."""

    def __init__(self, kept: int = KEPT, patient: int = PATIENT) -> None:
        self._kept = kept
        self._papers: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making = threading.Lock()
        self._patient = threading.BoundedSemaphore(patient)

    def take(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The paper of this key, made if it is not there. Raises `TooMany`."""
        found = self._papers.get(key)
        if found is not None:
            return found
        if not self._patient.acquire(blocking=False):
            raise TooMany
        try:
            with self._making:
                return self._papers.get(key) or self._make(key, make)
        finally:
            self._patient.release()

    def _make(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        made = self._papers[key] = make()
        while len(self._papers) > self._kept:
            self._papers.popitem(last=False)
        return made
