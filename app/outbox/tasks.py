"""Jobs that send mail."""


def wake() -> None:
    """Ask the worker to send what waits."""
