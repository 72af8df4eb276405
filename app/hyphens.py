"""Where German words may be divided, by the patterns of LibreOffice's dictionary (pyphen)."""

import functools
import itertools
import re
from typing import Any

_LONG_WORD = re.compile(r"\w{9,}")
_FEWEST = 2
_SOFT_HYPHEN = "\u00ad"


def places(word: str) -> list[int]:
    """The numbers of letters before which the word may be divided."""
    return list(_patterns().positions(word))


@functools.lru_cache(maxsize=2000)
def softly_hyphenated(text: str) -> str:
    """`text` with soft hyphens in its long words, for screens whose browser knows no patterns."""
    return _LONG_WORD.sub(_divide, text)


def _divide(found: re.Match[str]) -> str:
    word = found[0]
    cuts = [0]
    for place in places(word):
        if place - cuts[-1] >= _FEWEST:  # the patterns would also leave a single letter
            cuts.append(place)
    cuts.append(len(word))
    return _SOFT_HYPHEN.join(word[a:b] for a, b in itertools.pairwise(cuts))


@functools.cache
def _patterns() -> Any:
    import pyphen

    return pyphen.Pyphen(lang="de_DE")
