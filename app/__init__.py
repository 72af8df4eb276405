"""Tagungsbüro: registration, agenda, badges and lists for closed government workshops."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(overrides: dict[str, Any] | None = None) -> "Flask":
    """The application with its settings; `overrides` win over the environment.

    It is put together in `app.factory`, imported here because the press is of this package,
    too, and needs neither Flask nor the database.
    """
    from app.factory import build

    return build(overrides)
