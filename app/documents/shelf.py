"""Papers at public addresses: each made once, and few wait for it, so no crowd stops the site."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from app.press.asking import PressBusy

KEPT = 12
"""Papers that a process keeps; some hundred kilobytes each."""

PATIENT = 2
"""Requests of a process that may make papers or wait for them; it has more threads than that."""

PATIENCE = 3.0
"""Seconds that a request waits for a paper which another one makes."""


class Shelf:
    """The papers of a process. Whoever asks for one that is there gets it at once."""

    def __init__(
        self, kept: int = KEPT, patient: int = PATIENT, patience: float = PATIENCE
    ) -> None:
        self._kept = kept
        self._patience = patience
        self._papers: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making = threading.Lock()
        self._patient = threading.BoundedSemaphore(patient)

    def take(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The paper of this key, made if it is not there. Raises `PressBusy`."""
        found = self._papers.get(key)
        if found is not None:
            return found
        if not self._patient.acquire(blocking=False):
            raise PressBusy
        try:
            if not self._making.acquire(timeout=self._patience):
                raise PressBusy
            try:
                return self._papers.get(key) or self._make(key, make)
            finally:
                self._making.release()
        finally:
            self._patient.release()

    def _make(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        made = self._papers[key] = make()
        while len(self._papers) > self._kept:
            self._papers.popitem(last=False)
        return made
