"""Pages of this feature: the form in steps (`wizard`), and one's own registration (`own`)."""

from app.registration import own, wizard
from app.registration.blueprint import bp

__all__ = ["bp", "own", "wizard"]
