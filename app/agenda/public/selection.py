"""What narrows the agenda's page down: one topic, one room."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.agenda.timetable import Slot


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen topic and room; None is no choice."""

    track: int | None = None
    room: int | None = None

    @classmethod
    def read(cls, args: Mapping[str, str], slots: list[Slot]) -> "Selection":
        """What an address asks for. Numbers that no session has count as no choice."""
        tracks = {slot.topic.id for slot in slots if slot.topic}
        rooms = {slot.room_id for slot in slots}
        return cls(_one_of(args.get("track"), tracks), _one_of(args.get("room"), rooms))

    def __bool__(self) -> bool:
        return self.track is not None or self.room is not None

    def has(self, slot: Slot) -> bool:
        """Whether the session is shown."""
        return (
            self.track is None or (slot.topic is not None and slot.topic.id == self.track)
        ) and (self.room is None or slot.room_id == self.room)

    def with_track(self, track: int | None) -> dict[str, int]:
        """The address's words for another topic, or none, in the same room."""
        return _words(track, self.room)

    def with_room(self, room: int | None) -> dict[str, int]:
        """The address's words for another room, or none, on the same topic."""
        return _words(self.track, room)


def rooms_of(slots: list[Slot]) -> list[tuple[int, str]]:
    """Number and name of the rooms that are used, in their order."""
    used = {(slot.room_position, slot.room_id, slot.room) for slot in slots if slot.room_id}
    return [(room_id, name) for _position, room_id, name in sorted(used)]


def _one_of(typed: str | None, known: set[int] | set[int | None]) -> int | None:
    number = int(typed) if typed and typed.isdecimal() and len(typed) < 10 else None
    return number if number in known else None


def _words(track: int | None, room: int | None) -> dict[str, int]:
    return {name: value for name, value in (("track", track), ("room", room)) if value is not None}
