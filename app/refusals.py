"""What the domain says when a rule forbids something. Pages show it; it is never a bug."""

import re

_NEXT_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Refused(Exception):  # noqa: N818 - refusals are facts, not errors
    """A rule forbids the command. `field` names the form field that it concerns, if any.

    `str(refusal)` is a sentence for the person in front of the page, already translated.
    """

    status = 422
    """The HTTP status for programs; a form that is shown again has 422 in any case."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    @property
    def code(self) -> str:
        """What programs know it by: 'seats_taken' is `SeatsTaken`."""
        return _NEXT_WORD.sub("_", type(self).__name__).lower()


class ChangedMeanwhile(Refused):
    """Somebody else has saved a newer version of it since the page was opened."""

    status = 409


class DeletedMeanwhile(ChangedMeanwhile):
    """Somebody else has deleted it."""
