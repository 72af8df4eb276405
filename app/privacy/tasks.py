"""Deletion runs by itself, every night."""

from app.jobs import every_night
from app.privacy.night import delete_all_overdue


@every_night
def delete_what_is_overdue() -> None:
    """What `flask retention` does by hand."""
    delete_all_overdue()
