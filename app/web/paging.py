"""A long list, one page at a time."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is shown: from 1 to `pages`, with `size` entries each."""

    page: int
    pages: int
    size: int

    @property
    def offset(self) -> int:
        """How many entries stand on the pages before."""
        return (self.page - 1) * self.size


def turn_to(page: int, *, total: int, size: int) -> Paging:
    """The page that was asked for, or of those that there are the nearest."""
    pages = max(1, math.ceil(total / size))
    return Paging(min(max(1, page), pages), pages, size)
