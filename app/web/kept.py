"""Pages that are the same for all visitors are made once, and again when what they show changes.

A process keeps such a page and shows it again only while what it was made from, read from the
database at each request, is still the same: processes share nothing else, and no page is ever
shown for a while only because it was right a moment ago. Only visitors whom nothing tells apart
get it: not signed in, no session, no question in the address. So nothing of anybody's own is kept
(docs/decisions/0020-pages-for-all-are-made-once.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, request, session
from flask_login import current_user

from app.extensions import now
from app.web.language import select_language

MOST = 64
"""Pages kept by a process; of more, the one that was made first goes."""

Part = Callable[[int], Any]
"""What a feature has in the database of a workshop, by its number, as values that compare."""


@dataclass(frozen=True, slots=True)
class Made:
    """A page, and the instant from which the clock alone changes it (None: never)."""

    html: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    standing: Any
    since: datetime
    made: Made

    def is_right(self, standing: Any, at: datetime) -> bool:
        until = self.made.until
        return self.standing == standing and self.since <= at and (until is None or at < until)


@dataclass(frozen=True, slots=True)
class _Shelf:
    parts: dict[str, tuple[Part, ...]]
    pages: dict[Any, _Kept]


def init_kept(app: Flask, parts: dict[str, tuple[Part, ...]]) -> None:
    """Begin with nothing kept. `parts`: of which features' parts a page (an endpoint) is made."""
    app.extensions["kept"] = _Shelf(parts, {})


def for_all(standing: Any, workshop_id: int, make: Callable[[], Made]) -> str:
    """This address's page in the visitor's language; made anew if anything is not as it was.

    `standing` holds all that the page shows apart from the parts, as values that compare.
    """
    if not _is_for_all():
        return make().html
    shelf: _Shelf = current_app.extensions["kept"]
    parts = shelf.parts[str(request.endpoint)]
    made_of = [part(workshop_id) for part in parts]
    key = (request.script_root, request.path, select_language())
    at = now()
    found = shelf.pages.get(key)
    if found is not None and found.is_right((standing, made_of), at):
        return found.made.html
    made = make()
    # What changed while the page was made may be on it: it is this visitor's alone. So is a page
    # that drew a token or the like.
    if made_of == [part(workshop_id) for part in parts] and not session:
        shelf.pages.pop(key, None)  # the newest stands last
        shelf.pages[key] = _Kept((standing, made_of), at, made)
        for first in list(shelf.pages)[:-MOST]:
            shelf.pages.pop(first, None)
    return made.html


def _is_for_all() -> bool:
    # First who it is: a cookie that remembers somebody fills the session.
    return not (current_user.is_authenticated or session or request.args or current_app.debug)
