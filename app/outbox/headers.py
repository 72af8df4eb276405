"""Headers of mails, encoded and folded by ourselves.

Python's `email` package loses spaces where it folds a line between two encoded words, and quotes
around names where it folds an address. So headers are written here, once, and the package is told
to leave them as they are: the same octets go to a mail server and into a file.

Everything is ASCII: RFC 2047 for texts and names, RFC 2231 for names of files.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from email.message import Message
from email.policy import Compat32
from urllib.parse import quote

LINE = 76
"""Characters in a line that holds an encoded word (RFC 2047, 2)."""

LONGEST_WORD = 75
"""Characters of an encoded word, with all that belongs to it (the same place)."""

FOLD = "\r\n "

# Nothing in it needs encoding, and no reader takes a part of it for an encoded word.
_PLAIN = re.compile(r"(?!.*=\?)(?!.*  )[!-~](?:[ -~]*[!-~])?")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_PLAIN_FILENAME = re.compile(r"[A-Za-z0-9!#$&+^_`{}~. -]{1,60}")
# The only ASCII characters that may stand for themselves in an encoded word of a name (5, 3).
_UNENCODED = re.compile(r"[A-Za-z0-9!*+/-]")
# White space and controls are one blank. The others would, to a reader that decodes a name first
# and looks for addresses afterwards, begin another recipient.
_NOT_IN_NAMES = re.compile(r"[\x00-\x20\x7f-\x9f<>@,;:\"\\]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_WORDS = re.compile(r"[^ ]+ ?| ")
_BREAKS = re.compile(r"\r\n(?! )|\r(?!\n)|(?<!\r)\n")


class AsWritten(Compat32):
    """Writes headers with the folds that they have; refuses a line that ends where none may."""

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        """Keep the value as it is. Raises ValueError for what would begin another header."""
        if _BREAKS.search(value):
            raise ValueError(f"{name} holds the end of a line")
        return name, value

    def fold(self, name: str, value: str) -> str:
        """The header as it travels."""
        return f"{name}: {value}\r\n"

    def fold_binary(self, name: str, value: str) -> bytes:
        """The same as octets; UnicodeEncodeError (a ValueError) if it is not ASCII."""
        return self.fold(name, value).encode("ascii")


WRITTEN = AsWritten(linesep="\r\n", mangle_from_=False)


def encode_text(text: str, *, name: str) -> str:
    """A header's text, such as a subject. Raises ValueError for control characters."""
    if _CONTROLS.search(text):
        raise ValueError(f"{name} holds a control character")
    begun = len(f"{name}: ")
    if not text or (_PLAIN.fullmatch(text) and begun + len(text) <= LINE):
        return text
    return FOLD.join(_encoded_words(text, begun))


def encode_address(display_name: str, address: str, *, name: str) -> str:
    """`display name <address>`. What could be taken for another recipient is left out."""
    shown = _NOT_IN_NAMES.sub(" ", display_name).strip()
    begun = len(f"{name}: ")
    if not shown:
        return address
    if not _PLAIN.fullmatch(shown) or begun + len(shown) + 2 > LINE:
        shown = FOLD.join(_encoded_words(shown, begun))
    elif not _ATOMS.fullmatch(shown):
        shown = f'"{shown}"'
    last = len(shown) + begun if FOLD not in shown else len(shown.rpartition(FOLD)[2]) + 1
    return f"{shown}{' ' if last + len(address) + 3 <= LINE else FOLD}<{address}>"


def add_filename(part: Message, filename: str) -> None:
    """Make the part an attachment of this name."""
    if _CONTROLS.search(filename):
        raise ValueError("the file's name holds a control character")
    if _PLAIN_FILENAME.fullmatch(filename):
        parameters = [f'filename="{filename}"']
    else:
        first, *more = _packed(filename, lambda char: quote(char, safe=""), lambda: 50)
        if more:
            parameters = [f"filename*0*=utf-8''{first}"]
            parameters += [f"filename*{n}*={piece}" for n, piece in enumerate(more, 1)]
        else:
            parameters = [f"filename*=utf-8''{first}"]
    part["Content-Disposition"] = f";{FOLD}".join(["attachment", *parameters])


def _encoded_words(text: str, begun: int) -> Iterator[str]:
    """Encoded words of whole letters; the blanks between two of them are no part of the text.

    Quoted-printable where that is not longer: people who look at the source can read it.
    `begun` is how much of the first line is taken.
    """
    octets = text.encode()  # UnicodeEncodeError is a ValueError
    in_base64 = len("".join(map(_quoted, text))) > len(octets) * 4 / 3
    taken = [begun]

    def room() -> int:
        frame = len("=?utf-8?q??=")
        left = min(LONGEST_WORD, LINE - (taken.pop() if taken else 1)) - frame
        return left // 4 * 3 if in_base64 else left

    if in_base64:
        for piece in _packed(text, lambda char: char, room, lambda char: len(char.encode())):
            yield f"=?utf-8?b?{b64encode(piece.encode()).decode()}?="
    else:
        for piece in _packed(text, _quoted, room):
            yield f"=?utf-8?q?{piece}?="


def _quoted(char: str) -> str:
    if char == " ":
        return "_"
    if _UNENCODED.fullmatch(char):
        return char
    return "".join(f"={octet:02X}" for octet in char.encode())


def _packed(
    text: str,
    write: Callable[[str], str],
    room: Callable[[], int],
    size: Callable[[str], int] = len,
) -> Iterator[str]:
    """The letters of a text as `write` writes them, in pieces; `room` is asked for each piece.

    A piece ends with a word where that is possible: some readers show the fold in a name as one
    more blank, which then does no harm.
    """
    piece, left = "", room()
    for word in _WORDS.findall(text):
        letters = [write(char) for char in word]
        if piece and sum(map(size, letters)) > left:
            yield piece
            piece, left = "", room()
        for letter in letters:
            if piece and size(letter) > left:
                yield piece
                piece, left = "", room()
            piece, left = piece + letter, left - size(letter)
    yield piece
