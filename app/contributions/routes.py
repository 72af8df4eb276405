"""The pages of the call for contributions."""

from app.contributions import desk, own
from app.contributions.blueprint import bp

__all__ = ["bp", "desk", "own"]
