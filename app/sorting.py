"""The order of German names, and how they are found.

Source: DIN 5007 part 1 (words one by one, a blank before any letter) and its variant 2 for lists
of names (ä = ae, ö = oe, ü = ue, ß = ss). Surname prefixes follow IFLA's "Names of Persons" for
Germany: a preposition, alone or with an article ('von', 'von der', 'zu'), stands behind the
first name, and so does a title of nobility before it ('Freiherr von'); an article or a
contraction of both ('Zum', 'Vom', 'Am', 'La') stays in front. Half rings, primes and other signs
between letters (U+02B9, 02BA, 02BC, 02BE, 02BF, 02C8, 02CC) do not count: ʿAlī stands at Ali.

Names are found by that order's form, by the search form of DIN 91379:2022-08 (ø = oe, å = aa) and
by bare letters.
"""

import itertools
import unicodedata
from collections.abc import Iterator, Sequence

# Letters that no mark can be taken off, and those whose mark counts.
_LETTERS = (
    {"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "o", "å": "a", "ł": "l", "đ": "d"}
    | {"ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ĳ": "ij", "ĸ": "k", "ƈ": "c"}
    | {"ə": "e", "ɨ": "i", "ʒ": "z", "ǥ": "g"}
)
_MARKED = {
    ("a", "\u0308"): "ä",
    ("o", "\u0308"): "ö",
    ("u", "\u0308"): "ü",
    ("a", "\u030a"): "å",
}
# What else people write for a letter: without its mark, or as the norm's search form has it.
_ALSO = {"ä": "a", "ö": "o", "ü": "u", "ø": "oe", "å": "aa", "ə": "a"}
# Accents without a letter, which would be taken apart into a blank and a mark.
_ACCENTS = dict.fromkeys(map(ord, "¨¯´¸˘˙˚˛˜˝"))
_MOST_FORMS = 16  # of a word; one with more such letters is found by its first forms
_PREPOSITIONS = frozenset({"von", "zu", "auf", "aus", "an", "in", "bei", "unter", "vor"})
_NOBILITY = frozenset(
    {"baron", "baronin", "edle", "edler", "freifrau", "freiherr", "freiin", "fuerst", "fuerstin"}
    | {"graefin", "graf", "herzog", "herzogin", "prinz", "prinzessin", "ritter"}
)
_ARTICLES = frozenset({"der", "dem", "den", "und", "zu", "zur", "zum"})
# Sorts below every other character, so that 'Müller, Zoe' precedes 'Müller-Beck, Anna'.
_BETWEEN = "  "


def name_sort_key(last_name: str, first_name: str = "") -> str:
    """Text whose code-point order is the order of names in a German list.

    Compare it byte by byte (PostgreSQL: `COLLATE "C"`). Case, accents, apostrophes and
    punctuation do not count; hyphens count as blanks. Letters of other scripts follow z.
    """
    words = sort_key(last_name).split()
    prefix = _prefix_length(words)
    parts = [" ".join(words[prefix:]), sort_key(first_name), " ".join(words[:prefix])]
    return _BETWEEN.join(parts).rstrip()


def sort_key(text: str) -> str:
    """`text` with all that does not count for its order taken away: 'Łódź-Süd' is 'lodz sued'."""
    return " ".join(map(_plain, _words(text)))


def search_text(*parts: str) -> str:
    """What is kept to be searched: each word in every form in which people may type it.

    'Sørensen' is 'sorensen soerensen'. A word that was typed is found where its `search_words`
    are part of this text.
    """
    words = _words(" ".join(filter(None, parts)))
    return " ".join(dict.fromkeys(itertools.chain.from_iterable(map(_forms, words))))


def search_words(typed: str) -> list[str]:
    """The words that have to be in a `search_text`."""
    return sort_key(typed).split()


def _words(text: str) -> Iterator[list[str]]:
    """Words as lists of letters in lower case, without the marks that do not count."""
    word: list[str] = []
    for char in unicodedata.normalize("NFKD", text.translate(_ACCENTS)).casefold():
        category = unicodedata.category(char)
        if word and (word[-1], char) in _MARKED:
            word[-1] = _MARKED[word[-1], char]
        elif category[0] in "LN" and not _is_sign(char):
            word.append(char)
        elif category in {"Pd", "Zs", "Cc"}:
            if word:
                yield word
            word = []
    if word:
        yield word


def _is_sign(char: str) -> bool:
    """Whether it is a letter by name only: half rings, primes, apostrophes."""
    return "\u02b0" <= char <= "\u02ff"


def _plain(word: Sequence[str]) -> str:
    return "".join(_LETTERS.get(letter, letter) for letter in word)


def _forms(word: Sequence[str]) -> Iterator[str]:
    choices = (
        (_LETTERS.get(letter, letter), *([_ALSO[letter]] if letter in _ALSO else ()))
        for letter in word
    )
    return map("".join, itertools.islice(itertools.product(*choices), _MOST_FORMS))


def _prefix_length(words: list[str]) -> int:
    """How many words in front of a surname stand behind the first name; never all of them."""
    count = 1 if words and words[0] in _NOBILITY else 0
    if len(words) < count + 2 or words[count] not in _PREPOSITIONS:
        return 0
    count += 1
    while count < len(words) - 1 and words[count] in _ARTICLES:
        count += 1
    return count
