"""Lists of people for those who need little of them: the counter, the gate, the hotel."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from flask_babel import format_date
from flask_babel import gettext as _

from app.documents.lists import ListColumn, ListField, ListGroup, ListTable, column
from app.documents.participant_list import name_fields
from app.web.language import weekday

SIGNED = 10.0  # mm, the height of a row in which somebody signs


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs on a day."""

    last_name: str
    first_name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class GateGuest:
    """Whom the gate lets in; without a plate whoever comes on foot, or has not told it."""

    last_name: str
    first_name: str
    organisation: str
    vehicle_plate: str


@dataclass(frozen=True, slots=True)
class HotelGuest:
    """Who needs a room from one day until another."""

    last_name: str
    first_name: str
    room_from: date
    room_until: date

    @property
    def nights(self) -> list[date]:
        """The evenings of the nights."""
        count = (self.room_until - self.room_from).days
        return [self.room_from + timedelta(days=n) for n in range(count)]


@dataclass(frozen=True, slots=True)
class Night:
    """How many rooms are needed from an evening on."""

    on: date
    rooms: int


def signature_table(on: date, signers: Sequence[Signer]) -> ListTable:
    """Name, organisation, room to sign; the day stands in the head, and so on each page."""
    day = format_date(on, _("d MMM"))
    return ListTable(
        name=format_date(on, "EEE d. MMM"),
        columns=(
            ListColumn("name", _("Name"), name_fields(), width=32),
            column("organisation", _("Organisation"), attrgetter("organisation"), width=33),
            column("signature", _("Signature on %(day)s", day=day), lambda _signer: ""),
        ),
        groups=(ListGroup("", tuple(signers)),),
        title=weekday(on),
        empty=_("Nobody takes part on this day."),
        row_height=SIGNED,
        starts_page=True,
    )


def gate_table(guests: Sequence[GateGuest]) -> ListTable:
    """Name, organisation, plate and nothing else."""
    plate = attrgetter("vehicle_plate")
    return ListTable(
        name=_("Gate"),
        columns=(
            ListColumn("name", _("Name"), name_fields(), width=36),
            column("organisation", _("Organisation"), attrgetter("organisation")),
            column("plate", _("Licence plate"), plate, width=24, is_strong=True),
        ),
        groups=(ListGroup("", tuple(guests)),),
        is_marked=has_plate,
    )


def has_plate(guest: GateGuest) -> bool:
    """Whether somebody comes by a car that the gate knows."""
    return guest.vehicle_plate != ""


def hotel_tables(guests: Sequence[HotelGuest]) -> tuple[ListTable, ListTable]:
    """Who stays from when until when, and how many rooms each night takes."""
    stays = ListTable(
        name=_("Guests"),
        columns=(
            ListColumn("name", _("Name"), name_fields(), width=34),
            column("from", _("Arrival"), attrgetter("room_from")),
            column("until", _("Departure"), attrgetter("room_until")),
            column("nights", _("Nights"), lambda g: len(g.nights), width=12, is_number=True),
        ),
        groups=(ListGroup("", tuple(guests)),),
    )
    return stays, _nights_table(guests)


def _nights_table(guests: Sequence[HotelGuest]) -> ListTable:
    """Each night from the first to the last, also one without a room between them."""
    rooms = Counter(night for guest in guests for night in guest.nights)
    span = (max(rooms) - min(rooms)).days + 1 if rooms else 0
    nights = [min(rooms) + timedelta(days=n) for n in range(span)]
    evening_and_morning = (
        ListField(_("Night from"), attrgetter("on")),
        ListField(_("Night to"), lambda night: night.on + timedelta(days=1), joint=" – "),
    )
    return ListTable(
        name=_("Rooms per night"),
        columns=(
            ListColumn("night", _("Night"), evening_and_morning, width=54),
            column("rooms", _("Hotel rooms"), attrgetter("rooms"), is_strong=True),
        ),
        groups=(ListGroup("", tuple(Night(on, rooms[on]) for on in nights)),),
        title=_("Rooms per night"),
    )
