"""What the domain says when a rule forbids something. Pages show it; it is never a bug."""


class Refused(Exception):  # noqa: N818 - refusals are facts, not errors
    """A rule forbids the command. `field` names the form field that it concerns, if any.

    `str(refusal)` is a sentence for the person in front of the page, already translated.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
