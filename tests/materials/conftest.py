"""A session with people who may send files: those of the tests about speakers."""

from tests.speakers.conftest import cast

__all__ = ["cast"]
