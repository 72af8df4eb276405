"""Text as the site keeps it, the same whether it is typed, pasted or read from a file.

Word, PowerPoint and Outlook put characters into what is copied out of them that no font draws and
no keyboard types, and mean something by them: an entry of a list, the end of a line. That becomes
what was meant. What means nothing is named with its place (`find_undisplayable`).

What comes out of `clean_line` and `clean_text` goes through them unchanged, so that whatever an
import has taken can be saved from a form.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from app.web.lengths import MOST_MARKS, has_heap_of_marks

_SPACE = re.compile(r"\s+")
# The end of a line in PowerPoint (U+000B), in Word's and InDesign's exports, and in old texts.
_LINE_ENDS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028]")
_PARAGRAPH_END = "\u2029"
# Marks that turn the direction of the text after them: they could disguise what follows. And what
# has no width: places to break a word or not to, byte order marks, soft hyphens. None is seen, all
# would keep a search from finding the word. Joiners stay: emoji and some scripts need them.
_UNSEEN = dict.fromkeys(
    map(
        ord,
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        "\u00ad\u180e\u200b\u2060\ufeff",
    )
)
# Letters of the fonts Symbol and Wingdings, which Word keeps as private characters: its bullets
# and what its autocorrection makes of arrows and smileys.
_PRIVATE = {
    ord(private): meant
    for private, meant in {
        "\uf0b7": "•",
        "\uf0a7": "•",
        "\uf0a8": "•",
        "\uf0d8": "•",
        "\uf0fc": "•",
        "\uf076": "•",
        "\uf06e": "•",
        "\uf0be": "–",
        "\uf02d": "–",
        "\uf0e0": "→",
        "\uf0df": "←",
        "\uf0f3": "↔",
        "\uf04a": "☺",
        "\uf04c": "☹",
    }.items()
}
_BULLETS = "•‣▪▫◦●○■□·"
# An entry of a list, as Markdown writes it: a bullet with a space, or any mark with a tab.
_BULLET = re.compile(rf"^([ \t]*)(?:[{_BULLETS}][ \t\u00a0\u202f]|[-*–o§][\t])[ \t\u00a0]*", re.M)
_INDENT = re.compile(r"^[ \t]+", re.M)
_TABS = re.compile(r"\t[ \t]*")
_FORBIDDEN = frozenset({"Cc", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Undisplayable:
    """A character that no font draws, and where it stands; lines and columns count from 1."""

    character: str
    line: int
    column: int

    @property
    def name(self) -> str:
        """'U+0007', with its name in Unicode where it has one."""
        return " ".join(
            filter(None, (f"U+{ord(self.character):04X}", unicodedata.name(self.character, "")))
        )


def clean_line(value: str | None) -> str | None:
    """One line: composed (NFC), white space folded, without what is not seen."""
    if value is None or has_heap_of_marks(value):
        return value  # composing it would take long; `find_undisplayable` names it
    text = value.translate(_UNSEEN).translate(_PRIVATE)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def clean_text(value: str | None) -> str | None:
    """Several lines: composed (NFC), newlines, Markdown's lists and indents, without tabs."""
    if value is None or has_heap_of_marks(value):
        return value  # composing it would take long; `find_undisplayable` names it
    text = value.translate(_UNSEEN).translate(_PRIVATE)
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = _BULLET.sub(r"\1- ", text.replace(_PARAGRAPH_END, "\n\n").strip())
    text = _INDENT.sub(lambda found: found[0].replace("\t", "    "), text)
    return _TABS.sub(" ", text)


def find_undisplayable(text: str) -> Undisplayable | None:
    """The first character of a cleaned text that cannot be displayed.

    That is a control character, a private or unassigned one, or one mark too many on a letter.
    """
    at = next(_undisplayable(text), None)
    if at is None:
        return None
    line = text.count("\n", 0, at) + 1
    return Undisplayable(text[at], line, at - (text.rfind("\n", 0, at) + 1) + 1)


def without_undisplayable(text: str) -> str:
    """A cleaned text without all that `find_undisplayable` would name."""
    dropped = set(_undisplayable(text))
    return "".join(char for at, char in enumerate(text) if at not in dropped)


def _undisplayable(text: str) -> Iterator[int]:
    """The places of such characters."""
    marks = 0
    for at, char in enumerate(text):
        marks = marks + 1 if unicodedata.combining(char) else 0
        is_forbidden = char != "\n" and unicodedata.category(char) in _FORBIDDEN
        if is_forbidden or marks > MOST_MARKS:
            yield at
