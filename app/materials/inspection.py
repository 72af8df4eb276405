"""What may be uploaded: each kind of file is known by what is in it, not by its name alone.

Files are given out as downloads only, yet people open them on their PCs. So nothing is taken that
acts by itself: no macros, no embedded programs, no scripts in a PDF.
"""

import enum
import hashlib
import re
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import limited
from app.materials.file_checks import check
from app.materials.pdf_check import Finding
from app.refusals import Refused

LONGEST_NAME = 120
_OFFICE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_ODP = "application/vnd.oasis.opendocument.presentation"
LIMITS = limited.ChildLimits(computing=20)


class FileRefused(Refused):
    """The file is of no kind that is taken, is damaged, or acts by itself."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


class Kind(enum.Enum):
    """The kinds that are taken: content type and what names end with."""

    PDF = ("application/pdf", (".pdf",))
    PPTX = (_OFFICE, (".pptx",))
    ODP = (_ODP, (".odp",))
    PNG = ("image/png", (".png",))
    JPEG = ("image/jpeg", (".jpg", ".jpeg"))

    @property
    def content_type(self) -> str:
        """How it is given out, whatever the browser called it."""
        return str(self.value[0])

    @property
    def endings(self) -> tuple[str, ...]:
        """What names of this kind end with."""
        return tuple(self.value[1])


ACCEPTED = ",".join(ending for kind in Kind for ending in kind.endings)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked into and may be kept."""

    filename: str
    content_type: str
    sha256: str
    content: bytes


def inspect(filename: str, content: bytes) -> Checked:
    """Look into a file. Raises `FileRefused` with what to do instead."""
    name = clean_name(filename)
    kind = next((k for k in Kind if name.lower().endswith(k.endings)), None)
    if kind is None:
        raise FileRefused(_("Choose a PDF, PPTX, ODP, PNG or JPG file."))
    if not content:
        raise FileRefused(_("This file is empty. Choose another."))
    _look_into(content, kind)
    return Checked(name, kind.content_type, hashlib.sha256(content).hexdigest(), content)


def clean_name(filename: str) -> str:
    """The file's own name: no folders, no characters that disguise or break anything."""
    own = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    kept = "".join(" " if c in '<>:"|?*' else c for c in own if unicodedata.category(c)[0] != "C")
    stem, dot, ending = " ".join(kept.split()).rstrip(". ").rpartition(".")
    stem = stem[: LONGEST_NAME - len(dot + ending)].strip(". ")
    stem = stem or _("Slides")
    return f"{stem}{dot}{ending}"[:LONGEST_NAME]


def _look_into(content: bytes, kind: Kind) -> None:
    try:
        finding = Finding(limited.run(check, content, kind.name, limits=LIMITS))
    except limited.TooMuchWork:
        finding = Finding.DAMAGED if kind is Kind.PDF else Finding.TOO_LARGE
    if finding is Finding.ENCRYPTED and kind is Kind.PDF:
        raise FileRefused(_("This PDF is protected by a password. Save it without."))
    if finding is not Finding.HARMLESS:
        raise FileRefused(str(_SENTENCES[finding]))


_SENTENCES = {
    Finding.NOT_AS_NAMED: _l("What is in this file does not fit its name. Save it anew."),
    Finding.DAMAGED: _l("This file is damaged. Save it anew."),
    Finding.ENCRYPTED: _l("This file is protected by a password. Save it without."),
    Finding.ACTIVE: _l("This PDF contains scripts or other files. Print it as a PDF anew."),
    Finding.MACROS: _l("This file contains macros. Save it without, or as a PDF."),
    Finding.OBJECTS: _l("This file contains embedded objects. Save it as a PDF."),
    Finding.REACHES_OUT: _l("This file refers to other files or programs. Save it as a PDF."),
    Finding.TOO_LARGE: _l("This file becomes too large when it is opened. Save it as a PDF."),
}
