"""Pages of this feature: the form in steps, one's own registration, a consent to withdraw."""

from app.registration import own, withdrawal, wizard
from app.registration.blueprint import bp

__all__ = ["bp", "own", "withdrawal", "wizard"]
