"""What parts of an office file may do when somebody opens it on their PC."""

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

# How embedded objects, VBA projects and Windows programs begin, whatever their part is called.
_CARRIERS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ")
_LINKS = frozenset({"http", "https", "mailto"})
# What is reached only when somebody clicks on it; all else is fetched on opening.
_CLICKED = ("/hyperlink", "/video", "/audio", "/media")


class PartError(Exception):
    """The part is no XML, or nests or refers in a way that none of these files need."""


def is_carrier(beginning: bytes) -> bool:
    """Whether a part that begins so holds an embedded object, macros or a program."""
    return beginning.startswith(_CARRIERS)


def content_types(part: bytes) -> set[str]:
    """All types that `[Content_Types].xml` names, in lower case. Raises `PartError`."""
    return {entry.get("ContentType", "").lower() for entry in _parse(part)}


def reaches_out(part: bytes) -> bool:
    """Whether relationships (`*.rels`) lead to other files, programs or servers unasked.

    A picture on a foreign server is fetched on opening, from a share with the reader's log-in;
    a link may start a program, even when the pointer only passes over it. Raises `PartError`.
    """
    return any(
        entry.get("TargetMode", "").lower() == "external" and not _is_link(entry)
        for entry in _parse(part)
    )


def _is_link(entry: Element) -> bool:
    try:
        scheme = urlsplit(entry.get("Target", "").strip()).scheme.lower()
    except ValueError:
        return False
    return scheme in _LINKS and entry.get("Type", "").lower().endswith(_CLICKED)


def _parse(part: bytes) -> Element:
    try:
        root: Element = fromstring(part, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise PartError from None
    return root
