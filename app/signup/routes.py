"""The pages of this feature: one's own agenda, and the desk's view of the lists."""

from app.signup import desk, own  # noqa: F401 - declare their routes
from app.signup.blueprint import bp

__all__ = ["bp"]
