"""Addresses of static files carry a hash of their content, so browsers may keep them."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app


def init_assets(app: Flask) -> None:
    """Add the hash to every address made for a static file."""
    app.url_defaults(_add_version)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = _version(str(current_app.static_folder), values["filename"])


@lru_cache(maxsize=512)
def _version(folder: str, filename: str) -> str | None:
    path = Path(folder) / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None
