"""Lengths of sessions in elapsed time, for clock times that stand on another day than before."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.agenda.draft.service import end_day


def instants(
    day: date, starts: time, ends: time, zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """Start and end in UTC; None if clocks go forward over one of them, which then is no time."""
    found = [
        datetime.combine(on, clock, zone).astimezone(UTC)
        for on, clock in ((day, starts), (end_day(day, ends), ends))
    ]
    if any(
        at.astimezone(zone).time() != clock for at, clock in zip(found, (starts, ends), strict=True)
    ):
        return None
    return found[0], found[1]


def length(day: date | None, starts: time, ends: time, zone: ZoneInfo) -> timedelta:
    """How long it lasts, also over a change of the clock; without a day as the clock says."""
    found = instants(day, starts, ends, zone) if day else None
    if found:
        return found[1] - found[0]
    first = datetime.combine(date.min, starts)
    return datetime.combine(end_day(date.min, ends), ends) - first


def end_after(day: date, starts: time, lasts: timedelta, zone: ZoneInfo) -> time | None:
    """The clock time at the end, 00:00 for midnight; None if that is on a later day."""
    first = datetime.combine(day, starts, zone).astimezone(UTC)
    last = (first + lasts).astimezone(zone)
    return last.time() if last.date() == day or end_day(day, last.time()) == last.date() else None
