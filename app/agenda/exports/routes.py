"""The shown release for other programs: JSON, frab's XML, a calendar for each topic."""

import json

from flask import Blueprint, abort
from flask_babel import force_locale
from werkzeug.wrappers import Response as BaseResponse

from app.agenda.exports.agenda_json import agenda_json
from app.agenda.exports.calendar import agenda_calendar
from app.agenda.exports.frab import schedule_xml
from app.agenda.models import AgendaRelease
from app.agenda.releases import access
from app.web.access import Audience, audience
from app.web.downloads import CALENDAR, give_unless_known
from app.workshops.current import current_workshop

bp = Blueprint("exports", __name__)


@bp.get("/<slug>/agenda.json")
@audience(Audience.EVERYONE)
def as_json() -> BaseResponse:
    """The release as JSON, described in docs/formats.md."""
    body = json.dumps(agenda_json(current_workshop, open_release()), ensure_ascii=False, indent=1)
    return give_unless_known(body.encode(), "application/json", f"{current_workshop.slug}.json")


@bp.get("/<slug>/agenda.xml")
@audience(Audience.EVERYONE)
def as_xml() -> BaseResponse:
    """The release as frab-compatible `schedule.xml`."""
    with force_locale("de"):  # like the titles
        body = schedule_xml(current_workshop, open_release())
    return give_unless_known(body, "application/xml", f"{current_workshop.slug}.xml")


@bp.get("/<slug>/agenda/topics/<int:track_id>.ics")
@audience(Audience.EVERYONE)
def topic_calendar(track_id: int) -> BaseResponse:
    """The sessions of one topic for calendars."""
    content = open_release().content
    if all(topic["id"] != track_id for topic in content["topics"]):
        abort(404)
    body = agenda_calendar(current_workshop, content, track_id=track_id)
    return give_unless_known(body, CALENDAR, f"{current_workshop.slug}-{track_id}.ics")


def open_release() -> AgendaRelease:
    """The release that this visitor may see; answers 404 while there is none."""
    return access.open_release(current_workshop) or abort(404)
