"""What is in a sent file: looked into by a process of its own (`app.limited`).

A hostile file may take all the memory or time there is, so this runs where both are limited, and
imports nothing of the application but what looks into parts of files.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image, UnidentifiedImageError

from app.materials.office_parts import PartError, content_types, is_carrier, reaches_out
from app.materials.pdf_check import Finding, look

MOST_ENTRIES = 5000
LARGEST_UNPACKED = 300 * 1024 * 1024
LARGEST_PICTURE = 100_000_000  # pixels
_CHUNK = 1024 * 1024
_LOOKED_INTO = frozenset({"[content_types].xml", "mimetype", "meta-inf/manifest.xml"})
_LARGEST_LIST = _CHUNK  # bytes of such a part
_OFFICE = "application/vnd.openxmlformats-officedocument.presentationml"
_ODP = "application/vnd.oasis.opendocument.presentation"


class _Found(Exception):  # noqa: N818 - named after what happened
    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def check(content: bytes, kind: str) -> str:
    """What a file of this kind is, as a `Finding`; kinds are named as in `inspection.Kind`."""
    try:
        _CHECKS[kind](content)
    except _Found as found:
        return found.finding
    return Finding.HARMLESS


def _check_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise _Found(Finding.NOT_AS_NAMED)
    if (finding := look(content)) is not Finding.HARMLESS:
        raise _Found(finding)


def _check_pptx(content: bytes) -> None:
    names, parts = _unpack(content)
    try:
        types = content_types(parts.get("[content_types].xml", b""))
        reaching = any(reaches_out(part) for n, part in parts.items() if n.endswith(".rels"))
    except PartError:
        raise _Found(Finding.NOT_AS_NAMED) from None
    if "ppt/presentation.xml" not in names or not any(
        f"{_OFFICE}.presentation" in t for t in types
    ):
        raise _Found(Finding.NOT_AS_NAMED)
    carriers = ("vbaproject.bin", ".docm", ".xlsm", ".xlsb", ".pptm", ".exe")
    if any("macroenabled" in t or "vbaproject" in t for t in types):
        raise _Found(Finding.MACROS)
    if _holds(names, carriers, "activex/"):
        raise _Found(Finding.MACROS)
    if any(re.search(r"embeddings/[^/]*\.bin$", name) for name in names):
        raise _Found(Finding.OBJECTS)
    if reaching:
        raise _Found(Finding.REACHES_OUT)


def _check_odp(content: bytes) -> None:
    names, parts = _unpack(content)
    if parts.get("mimetype", b"").strip() != _ODP.encode() or "content.xml" not in names:
        raise _Found(Finding.NOT_AS_NAMED)
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        raise _Found(Finding.ENCRYPTED)
    if _holds(names, (".exe",), "basic/", "scripts/"):
        raise _Found(Finding.MACROS)


def _check_picture(content: bytes, wanted: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
                if picture.format != wanted or picture.width * picture.height > LARGEST_PICTURE:
                    raise _Found(Finding.NOT_AS_NAMED)
                picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning):
        raise _Found(Finding.NOT_AS_NAMED) from None
    except Image.DecompressionBombError:
        raise _Found(Finding.TOO_LARGE) from None


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
                raise _Found(Finding.TOO_LARGE)
            names = {entry.filename.lower() for entry in entries}
            if len(names) < len(entries) or any(_is_odd(entry) for entry in entries):
                raise _Found(Finding.DAMAGED)
            for entry in entries:
                left -= _read_part(archive, entry, left, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise _Found(Finding.NOT_AS_NAMED) from None
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
                raise _Found(Finding.OBJECTS)
            if name in _LOOKED_INTO or name.endswith(".rels"):
                parts[name] = parts.get(name, b"") + chunk
                if len(parts[name]) > _LARGEST_LIST:
                    raise _Found(Finding.DAMAGED)
            size += len(chunk)
            if size > left:
                raise _Found(Finding.TOO_LARGE)
    return size


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    """Whether no office program writes such an entry: locked, packed otherwise, or outside."""
    packed = entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return bool(entry.flag_bits & 1) or packed or _leads_out(entry.filename)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _holds(names: set[str], endings: tuple[str, ...], *folders: str) -> bool:
    return any(n.endswith(endings) or any(f"/{f}" in f"/{n}" for f in folders) for n in names)


_CHECKS: dict[str, Callable[[bytes], None]] = {
    "PDF": _check_pdf,
    "PPTX": _check_pptx,
    "ODP": _check_odp,
    "PNG": lambda content: _check_picture(content, "PNG"),
    "JPEG": lambda content: _check_picture(content, "JPEG"),
}
