"""The short word that names a workshop in addresses."""

import re

from flask_babel import gettext as _

from app.refusals import Refused

# Words that are addresses of their own and so cannot name a workshop.
RESERVED_SLUGS = frozenset(
    (
        *("account", "api", "c", "forgot-password", "healthz", "login", "logout"),
        *("readyz", "reset-password", "static", "workshops"),
    )
)
_KEBAB = re.compile(r"(?!-)(?:[a-z0-9]|-(?=[a-z0-9]))+")


class SlugNotAllowed(Refused):
    """The word cannot be used as an address."""


def is_slug(word: str) -> bool:
    """Whether the word has a slug's form: kebab-case, at most 60 long."""
    return len(word) <= 60 and _KEBAB.fullmatch(word) is not None


def check_slug(slug: str) -> None:
    """Raise `SlugNotAllowed` unless the slug is in kebab-case, at most 60 long, not reserved."""
    if not is_slug(slug):
        raise SlugNotAllowed(
            _("Use small letters, digits and single hyphens, for example 'leipzig'."), field="slug"
        )
    if slug in RESERVED_SLUGS:
        raise SlugNotAllowed(
            _("This word is used by the site itself. Choose another."), field="slug"
        )
