"""The pages of the released programme."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, abort, make_response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from app.agenda.exports.calendar import agenda_calendar, personal_calendar
from app.agenda.markdown import to_html
from app.agenda.models import AgendaRelease, SignUpMode
from app.agenda.public.foyer import Screen, make_screen
from app.agenda.public.selection import Selection, rooms_of
from app.agenda.releases.access import is_open, open_content, open_release
from app.agenda.releases.content import Content, read_abouts, read_slots, read_topics
from app.agenda.releases.service import prepare
from app.agenda.timetable import Slot, Topic, make_days
from app.agenda.words import kind_labels, language_name, short_day
from app.extensions import now
from app.hyphens import softly_hyphenated
from app.web.access import Audience, audience, may_open
from app.web.downloads import CALENDAR, give
from app.web.kept import Made, for_all
from app.workshops.current import current_workshop, standing

bp = Blueprint("agenda", __name__)
bp.add_app_template_filter(to_html, "markdown")
bp.add_app_template_filter(language_name)
bp.add_app_template_filter(short_day)
bp.add_app_template_filter(softly_hyphenated)

Page = str | tuple[str, int] | BaseResponse


@dataclass(frozen=True, slots=True)
class Shown:
    """What this visitor sees: the release; as an organiser, until then, what would be one."""

    release: AgendaRelease | None
    content: Content
    topics: list[Topic]
    slots: list[Slot]


@bp.get("/<slug>/agenda")
@audience(Audience.EVERYONE)
def show() -> Page:
    """The released programme; until there is one, organisers see what would be released."""
    if not is_open(current_workshop):
        return _private()
    return for_all(standing(), current_workshop.id, _programme)


def _programme() -> Made:
    at = now()
    shown = _shown(at)
    slots = shown.slots if shown else []
    selection = Selection.read(request.args, slots)
    chosen = [slot for slot in slots if selection.has(slot)] if selection else slots
    release = shown.release if shown else None
    page = render_template(
        "agenda/show.html",
        release=release,
        released_on=_day_of(release),
        is_draft=shown is not None and release is None,
        topics=shown.topics if shown else [],
        rooms=rooms_of(slots),
        days=make_days(chosen),
        found=len(chosen),
        now_id=next((slot.id for slot in chosen if slot.is_now), None),
        selection=selection,
        kinds=kind_labels(),
    )
    return Made(page, _next_change(slots, at))


def _next_change(slots: list[Slot], at: datetime) -> datetime | None:
    """When the next session begins or ends: then another one is on."""
    moments = [moment for slot in slots for moment in (slot.starts, slot.ends)]
    # By their instants: times of one zone compare by the hands of the clock.
    coming = (moment for moment in moments if moment.timestamp() > at.timestamp())
    return min(coming, key=datetime.timestamp, default=None)


@bp.get("/<slug>/agenda/<int:session_id>")
@audience(Audience.EVERYONE)
def session(session_id: int) -> Page:
    """A session; of one that an earlier release held, that it is cancelled."""
    if not is_open(current_workshop):
        return _private()
    shown = _shown(now()) or abort(404)
    slot = next((slot for slot in shown.slots if slot.id == session_id), None)
    gone = _cancelled(shown.release, session_id) if slot is None else None
    slot = slot or gone or abort(404)
    alike = [s for s in shown.slots if slot.topic and s.topic and s.topic.id == slot.topic.id]
    page = render_template(
        "agenda/session_page.html",
        slot=slot,
        release=shown.release,
        is_cancelled=gone is not None,
        seats=_seats(shown.content, slot),
        about=read_abouts(shown.content),
        previous=next((s for s in reversed(alike) if s.starts < slot.starts), None),
        next=next((s for s in alike if s.starts > slot.starts), None),
        kinds=kind_labels(),
    )
    return (page, 410) if gone else page


@bp.get("/<slug>/agenda/<int:session_id>.ics")
@audience(Audience.EVERYONE)
def session_calendar(session_id: int) -> Response:
    """A session for calendars; one that was cancelled takes itself out again."""
    content = open_content(current_workshop) or abort(404)
    if all(e["id"] != session_id for part in ("sessions", "cancelled") for e in content[part]):
        abort(404)
    file = personal_calendar(current_workshop, content, {session_id})
    return give(file, CALENDAR, f"{current_workshop.slug}-{session_id}.ics")


@bp.get("/<slug>/agenda.ics")
@audience(Audience.EVERYONE)
def calendar() -> Response:
    """The released programme for calendars."""
    content = open_content(current_workshop) or abort(404)
    file = agenda_calendar(current_workshop, content)
    return give(file, CALENDAR, f"{current_workshop.slug}.ics")


@bp.get("/<slug>/agenda/now")
@audience(Audience.EVERYONE)
def foyer() -> Page:
    """A screen at the venue: what is on now, and what comes next."""
    if not is_open(current_workshop):
        return _private()
    at = _moment()
    screen, room = _foyer(at)
    return render_template(
        "agenda/foyer.html",
        screen=screen,
        room=room,
        at=at.astimezone(current_workshop.zone),
        minutes=screen.minutes_to_change(at) if screen else None,
        is_fixed="at" in request.args,
        theme="light" if request.args.get("theme") == "light" else "dark",
    )


@bp.get("/<slug>/agenda/now/part")
@audience(Audience.EVERYONE)
def foyer_part() -> Page:
    """What changes on that screen, for its module."""
    if not is_open(current_workshop):
        return _private()
    screen, room = _foyer(_moment())
    response = make_response(render_template("agenda/_foyer.html", screen=screen, room=room))
    response.add_etag()
    return response.make_conditional(request)


def _foyer(at: datetime) -> tuple[Screen | None, str | None]:
    """The screen, None without a programme, and the name of the room if it shows one only."""
    shown = _shown(at)
    if shown is None or not shown.slots:
        return None, None
    room_id = Selection.read(request.args, shown.slots).room
    return make_screen(shown.slots, at, room_id), dict(rooms_of(shown.slots)).get(room_id or 0)


def _moment() -> datetime:
    """Now; for organisers the moment that the address names, to try a screen out."""
    try:
        at = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        return now()
    if not 2000 <= at.year <= 2100 or not may_open("editor.grid"):
        return now()
    return at if at.tzinfo else at.replace(tzinfo=current_workshop.zone)


def _private() -> Page:
    return render_template("agenda/private.html"), 403


def _shown(at: datetime) -> Shown | None:
    release = open_release(current_workshop)
    if release is not None:
        return _read(release, release.content, at)
    if not may_open("editor.grid"):
        return None
    return _read(None, prepare(current_workshop).content, at)


def _read(release: AgendaRelease | None, content: Content, at: datetime) -> Shown:
    slots = read_slots(content, content["sessions"], current_workshop.zone, at)
    return Shown(release, content, read_topics(content), slots)


def _day_of(release: AgendaRelease | None) -> date | None:
    return release.released_at.astimezone(current_workshop.zone).date() if release else None


def _cancelled(release: AgendaRelease | None, session_id: int) -> Slot | None:
    if release is None:
        return None
    entries = [entry for entry in release.content["cancelled"] if entry["id"] == session_id]
    slots = read_slots(release.content, entries, current_workshop.zone, now())
    return next(iter(slots), None)


def _seats(content: Content, slot: Slot) -> int | None:
    """How many may take part, where people sign up."""
    if slot.sign_up is SignUpMode.NONE:
        return slot.seats
    rooms = {room["id"]: room["seats"] for room in content["rooms"]}
    return slot.seats or rooms.get(slot.room_id)
