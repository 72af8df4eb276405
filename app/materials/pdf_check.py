"""Looks into a PDF. Imports nothing of the application: it runs in a process of its own."""

import enum
import io

# Actions that run code, open files or send data; and what brings files or forms with code.
# Other PDFs are opened from a share with the reader's log-in, so that counts as well.
ACTIVE = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute"}
    | {"/GoToR", "/GoToE"}
)
CARRIERS = frozenset({"/JS", "/XFA", "/EmbeddedFiles", "/RichMediaContent", "/EF"})
DEEPEST = 50


class Finding(enum.StrEnum):
    """What a sent file is."""

    HARMLESS = "harmless"
    NOT_AS_NAMED = "not as named"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    MACROS = "macros"
    OBJECTS = "objects"
    REACHES_OUT = "reaches out"
    TOO_LARGE = "too large"


def look(content: bytes) -> Finding:
    """What the PDF is."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
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
