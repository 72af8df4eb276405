"""Looks into a PDF: `python pdf_check.py <file>`. Run as a process of its own.

A hostile file may take all the memory or time there is; here it gets only so much of both. The
exit status says what was found, as in `Finding`. Imports nothing of the application: it starts
anew for each file.
"""

import enum
import resource
import sys

MEMORY = 1024 * 1024 * 1024
SECONDS = 20
# Actions that run code, open files or send data; and what brings files or forms with code.
# Other PDFs are opened from a share with the reader's log-in, so that counts as well.
ACTIVE = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute"}
    | {"/GoToR", "/GoToE"}
)
CARRIERS = frozenset({"/JS", "/XFA", "/EmbeddedFiles", "/RichMediaContent", "/EF"})
DEEPEST = 50


class Finding(enum.IntEnum):
    """What the exit status means."""

    HARMLESS = 0
    DAMAGED = 10
    ENCRYPTED = 11
    ACTIVE = 12


def look(path: str) -> Finding:
    """What the file is."""
    import pikepdf

    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                return Finding.ENCRYPTED
            if len(pdf.pages) == 0:
                return Finding.DAMAGED
            if any(_is_active(thing, 0) for thing in pdf.objects):
                return Finding.ACTIVE
    except pikepdf.PasswordError:
        return Finding.ENCRYPTED
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return Finding.DAMAGED
    return Finding.HARMLESS


def _is_active(thing: object, depth: int) -> bool:
    """Whether an object or one written within it does anything by itself."""
    import pikepdf

    if depth > DEEPEST:
        return True  # no program nests so deeply
    if isinstance(thing, pikepdf.Array):
        return any(_is_active(part, depth + 1) for part in _direct(thing))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    keys = set(thing.keys())
    if isinstance(thing, pikepdf.Stream) and "/F" in keys:
        return True  # what it holds lies in another file
    if keys & CARRIERS or ("/S" in keys and str(thing.get("/S")) in ACTIVE):
        return True
    return any(_is_active(thing.get(key), depth + 1) for key in keys if _nests(thing.get(key)))


def _direct(array: object) -> list[object]:
    return [part for part in array if _nests(part)]  # type: ignore[attr-defined]


def _nests(part: object) -> bool:
    """Others are in the list of objects themselves, or hold nothing."""
    import pikepdf

    return isinstance(part, pikepdf.Object) and not part.is_indirect


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.exit(look(sys.argv[1]))
