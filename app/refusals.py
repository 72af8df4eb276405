"""What the domain says when a rule forbids something. Pages show it; it is never a bug."""

import re

_NEXT_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Refused(Exception):  # noqa: N818 - refusals are facts, not errors
    """A rule forbids the command. `field` names the form field that it concerns, if any.

    `str(refusal)` is a sentence for the person in front of the page, already translated.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    @property
    def code(self) -> str:
        """What programs know it by: 'seats_taken' is `SeatsTaken`."""
        return _NEXT_WORD.sub("_", type(self).__name__).lower()

    @property
    def status(self) -> int:
        """The HTTP status: 422 for what was typed, 409 for what does not go at present.

        A form that is shown again has 422 in either case.
        """
        return 422 if self.field else 409


class ChangedMeanwhile(Refused):
    """Somebody else has saved a newer version of it since the page was opened."""


class DeletedMeanwhile(ChangedMeanwhile):
    """Somebody else has deleted it."""
