"""Papers are drawn by the press of an application."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def _in_application(application: Flask) -> Iterator[None]:
    """The context in which papers are asked for; the press stays warm from test to test."""
    with application.app_context():
        yield
