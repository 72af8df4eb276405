"""What may be uploaded: each kind of file is known by what is in it, not by its name alone.

Files are given out as downloads only, yet people open them on their PCs. So nothing is taken that
acts by itself: no macros, no embedded programs, no scripts in a PDF.
"""

import enum
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError

from app.refusals import Refused
from app.speakers import pdf_check
from app.speakers.office_parts import PartError, content_types, is_carrier, reaches_out
from app.speakers.pdf_check import Finding

LONGEST_NAME = 120
MOST_ENTRIES = 5000
LARGEST_UNPACKED = 300 * 1024 * 1024
LARGEST_PICTURE = 100_000_000  # pixels
_CHUNK = 1024 * 1024
_LOOKED_INTO = frozenset({"[content_types].xml", "mimetype", "meta-inf/manifest.xml"})
_LARGEST_LIST = _CHUNK  # bytes of such a part
_OFFICE = "application/vnd.openxmlformats-officedocument.presentationml"
_ODP = "application/vnd.oasis.opendocument.presentation"


class FileRefused(Refused):
    """The file is of no kind that is taken, is damaged, or acts by itself."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


class Kind(enum.Enum):
    """The kinds that are taken: content type and what names end with."""

    PDF = ("application/pdf", (".pdf",))
    PPTX = (f"{_OFFICE}.presentation", (".pptx",))
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
    _CHECKS[kind](content)
    return Checked(name, kind.content_type, hashlib.sha256(content).hexdigest(), content)


def clean_name(filename: str) -> str:
    """The file's own name: no folders, no characters that disguise or break anything."""
    own = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    kept = "".join(" " if c in '<>:"|?*' else c for c in own if unicodedata.category(c)[0] != "C")
    stem, dot, ending = " ".join(kept.split()).rstrip(". ").rpartition(".")
    stem = stem[: LONGEST_NAME - len(dot + ending)].strip(". ")
    stem = stem or _("Slides")
    return f"{stem}{dot}{ending}"[:LONGEST_NAME]


def _check_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise _not_as_named()
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        try:
            done = subprocess.run(  # noqa: S603 - our own program, with a name of our own
                [sys.executable, "-I", str(Path(pdf_check.__file__)), file.name],
                capture_output=True,
                timeout=2 * pdf_check.SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _damaged() from None
    match done.returncode:
        case Finding.HARMLESS:
            return
        case Finding.ENCRYPTED:
            raise FileRefused(_("This PDF is protected by a password. Save it without."))
        case Finding.ACTIVE:
            raise FileRefused(
                _("This PDF contains scripts or other files. Print it as a PDF anew.")
            )
        case _:
            raise _damaged()


def _check_pptx(content: bytes) -> None:
    names, parts = _unpack(content)
    try:
        types = content_types(parts.get("[content_types].xml", b""))
        reaching = any(reaches_out(part) for n, part in parts.items() if n.endswith(".rels"))
    except PartError:
        raise _not_as_named() from None
    if "ppt/presentation.xml" not in names or not any(
        f"{_OFFICE}.presentation" in t for t in types
    ):
        raise _not_as_named()
    carriers = ("vbaproject.bin", ".docm", ".xlsm", ".xlsb", ".pptm", ".exe")
    if any("macroenabled" in t or "vbaproject" in t for t in types):
        raise _has_macros()
    if _holds(names, carriers, "activex/"):
        raise _has_macros()
    if any(re.search(r"embeddings/[^/]*\.bin$", name) for name in names):
        raise _has_objects()
    if reaching:
        raise FileRefused(_("This file refers to other files or programs. Save it as a PDF."))


def _check_odp(content: bytes) -> None:
    names, parts = _unpack(content)
    if parts.get("mimetype", b"").strip() != _ODP.encode() or "content.xml" not in names:
        raise _not_as_named()
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        raise FileRefused(_("This file is protected by a password. Save it without."))
    if _holds(names, (".exe",), "basic/", "scripts/"):
        raise _has_macros()


def _check_picture(content: bytes, wanted: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
                if picture.format != wanted or picture.width * picture.height > LARGEST_PICTURE:
                    raise _not_as_named()
                picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning):
        raise _not_as_named() from None
    except Image.DecompressionBombError:
        raise _too_large_unpacked() from None


def _unpack(content: bytes) -> tuple[set[str], dict[str, bytes]]:
    """The names in a zip archive in lower case, and the parts that are looked into.

    Every part is read once, and thrown away, because the sizes that an archive names may lie.
    """
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > left:
                raise _too_large_unpacked()
            names = {entry.filename.lower() for entry in entries}
            if len(names) < len(entries) or any(_is_odd(entry) for entry in entries):
                raise _damaged()
            for entry in entries:
                left -= _read_part(archive, entry, left, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise _not_as_named() from None
    return names, parts


def _read_part(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    left: int,
    parts: dict[str, bytes],
) -> int:
    """Read a part to its end; how many bytes it has."""
    size, name = 0, entry.filename.lower()
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if size == 0 and is_carrier(chunk):
                raise _has_objects()
            if name in _LOOKED_INTO or name.endswith(".rels"):
                parts[name] = parts.get(name, b"") + chunk
                if len(parts[name]) > _LARGEST_LIST:
                    raise _damaged()
            size += len(chunk)
            if size > left:
                raise _too_large_unpacked()
    return size


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    """Whether no office program writes such an entry: locked, packed otherwise, or outside."""
    packed = entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return bool(entry.flag_bits & 1) or packed or _leads_out(entry.filename)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _holds(names: set[str], endings: tuple[str, ...], *folders: str) -> bool:
    return any(n.endswith(endings) or any(f"/{f}" in f"/{n}" for f in folders) for n in names)


def _not_as_named() -> FileRefused:
    return FileRefused(_("What is in this file does not fit its name. Save it anew."))


def _damaged() -> FileRefused:
    return FileRefused(_("This file is damaged. Save it anew."))


def _has_macros() -> FileRefused:
    return FileRefused(_("This file contains macros. Save it without, or as a PDF."))


def _has_objects() -> FileRefused:
    return FileRefused(_("This file contains embedded objects. Save it as a PDF."))


def _too_large_unpacked() -> FileRefused:
    return FileRefused(_("This file becomes too large when it is opened. Save it as a PDF."))


_CHECKS: dict[Kind, Callable[[bytes], None]] = {
    Kind.PDF: _check_pdf,
    Kind.PPTX: _check_pptx,
    Kind.ODP: _check_odp,
    Kind.PNG: lambda content: _check_picture(content, "PNG"),
    Kind.JPEG: lambda content: _check_picture(content, "JPEG"),
}
