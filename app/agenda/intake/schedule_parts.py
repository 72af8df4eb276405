"""What stands in a `schedule.xml`, as plain texts: run by `app.limited`, so nothing heavy here.

The file is hostile until shown otherwise: no document type, no entities, a bound on everything.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST_EVENTS = 800
"""As many are looked at; twice as many as a programme may have."""

MOST_PERSONS = 500
LONGEST = 12_000
"""Characters of a text, with its tags."""

# Neither goes over the next '<', so that they take time with the length alone.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>")
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_PLAIN = ("title", "date", "start", "duration", "room", "track", "type", "language")
_MARKED_UP = ("subtitle", "abstract", "description")


def read_events(content: bytes) -> dict[str, Any] | None:
    """The generator's name and all events; None if this is no schedule.

    An event has its plain and marked-up texts by the names of their elements, `id`, `day` and
    `in_room` (what the elements around it say), `persons` as pairs of key and name, and `cut`.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        return None
    if root.tag != "schedule":
        return None
    generator = root.find("generator")
    name = generator.get("name", "") if generator is not None else ""
    return {"generator": name[:100], "events": [*islice(_events(root), MOST_EVENTS)]}


def _events(root: Element) -> Iterator[dict[str, Any]]:
    for day in root.iterfind("day"):
        for room in day.iterfind("room"):
            for event in room.iterfind("event"):
                yield {
                    **{name: (event.findtext(name) or "")[:LONGEST] for name in _PLAIN},
                    **{name: _text(event, name) for name in _MARKED_UP},
                    "cut": any(len(event.findtext(name) or "") > LONGEST for name in _MARKED_UP),
                    "id": event.get("id", "?")[:20],
                    "day": day.get("date", "")[:40],
                    "in_room": room.get("name", "")[:LONGEST],
                    "persons": [*islice(_persons(event), MOST_PERSONS)],
                }


def _persons(event: Element) -> Iterator[tuple[str, str]]:
    """What the file knows each person by, and the name: text, or an element of its own."""
    for person in event.iterfind("persons/person"):
        key = next(filter(None, map(person.get, ("guid", "id", "code"))), "")
        name = person.findtext("name") or "".join(person.itertext())
        if name.strip():
            yield key[:100], name[:LONGEST]


def _text(event: Element, name: str) -> str:
    return _without_tags((event.findtext(name) or "")[:LONGEST])


def _without_tags(text: str) -> str:
    """The text of what is written in HTML, as some programmes are; anything else as it is."""
    if not re.search(r"</[a-z]+[0-9]?>|<br", text):
        return text
    words = unescape(_TAG.sub(_line_ends, _DECLARATION.sub("", text)))
    lines = (line.strip() for line in words.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _line_ends(tag: re.Match[str]) -> str:
    """Paragraphs and entries of lists stand on lines of their own."""
    name = tag[2].lower()
    if name in {"p", "div", "ul", "ol"}:
        return "\n\n"
    return "" if tag[1] else {"br": "\n", "li": "\n- "}.get(name, "")
