"""The order of German names.

Source: DIN 5007 part 1 (words one by one, a blank before any letter) and its variant 2 for lists
of names (ä = ae, ö = oe, ü = ue, ß = ss). Surname prefixes follow IFLA's "Names of Persons" for
Germany: a preposition, alone or with an article ('von', 'von der', 'zu'), stands behind the
first name, and so does a title of nobility before it ('Freiherr von'); an article or a
contraction of both ('Zum', 'Vom', 'Am', 'La') stays in front.
"""

import unicodedata

_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
    | {"ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ĳ": "ij"}
)
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
    folded = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    counted = []
    for char in unicodedata.normalize("NFKD", folded):
        category = unicodedata.category(char)
        if category[0] in "LN":
            counted.append(char)
        elif category in {"Pd", "Zs", "Cc"}:
            counted.append(" ")
    return " ".join("".join(counted).split())


def _prefix_length(words: list[str]) -> int:
    """How many words in front of a surname stand behind the first name; never all of them."""
    count = 1 if words and words[0] in _NOBILITY else 0
    if len(words) < count + 2 or words[count] not in _PREPOSITIONS:
        return 0
    count += 1
    while count < len(words) - 1 and words[count] in _ARTICLES:
        count += 1
    return count
