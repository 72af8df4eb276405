"""The plan as an answer: a whole page, or for a script only the part that changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.agenda.draft.undo import StepRefused, leave_out, steps
from app.agenda.models import AgendaSession, SessionRole
from app.agenda.timetable import Day
from app.agenda.words import KINDS
from app.editor.checks import by_session, find_checks
from app.editor.draft import AgendaDraft, read_draft
from app.editor.facts import gather
from app.editor.grid import make_grid
from app.extensions import db, now
from app.refusals import Refused
from app.web.commands import Page, to
from app.web.language import weekday
from app.workshops.current import current_workshop
from app.workshops.models import Workshop

# More days than these are written short, so that they stand in one row.
MOST_IN_FULL = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What the plan answers to an action. `session_id`: the card that gets the focus."""

    text: str
    session_id: int | None = None
    is_refusal: bool = False


def wants_part() -> bool:
    """Whether a script asks, which puts the answer into the page that is open."""
    return "HX-Request" in request.headers


def act(
    command: Callable[[], int | None],
    words: Callable[[AgendaDraft, int | None], str],
    *,
    refused: Callable[[Refused], Page] | None = None,
) -> Page:
    """Run a command on the draft, commit, and show what became of it.

    `command` returns the session that it was about; `words` says what was done; `refused` makes
    the page that shows a refusal, where another one than the plan suits.
    """
    try:
        session_id = command()
    except Refused as refusal:
        db.session.rollback()
        if isinstance(refusal, StepRefused):
            leave_out(current_workshop, current_user.id, refusal)
            db.session.commit()
        if refused is not None and not wants_part():
            return refused(refusal)
        return refuse(refusal)
    db.session.commit()
    # From here on the request only reads: nobody has to wait for it.
    db.session.connection(execution_options={"only_reads": True})
    draft = read_draft(current_workshop)
    text = words(draft, session_id)
    slot = draft.slots.get(session_id)
    on = slot.starts.date() if slot else asked_day()
    if wants_part():
        return show_plan(on, Said(text, session_id), draft=draft)
    flash(text, "success")
    return way_back(on, session_id)


def refuse(refusal: Refused) -> Page:
    """Say why not, above the plan as it is now."""
    if not wants_part():
        flash(refusal.message, "warning")
        return way_back(asked_day())
    said = Said(refusal.message, is_refusal=True)
    return show_plan(asked_day(), said, status=refusal.status)


def way_back(on: date | None = None, session_id: int | None = None) -> BaseResponse:
    """On to where the editor came from: the list, else the plan of that day."""
    anchor = f"session-{session_id}" if session_id else None
    if request.values.get("from") == "list":
        return to("editor.sessions", _anchor=anchor)
    day = on.isoformat() if on else None
    return to("editor.grid", day=day, _anchor=anchor)


def show_plan(
    on: date | None = None,
    said: Said | None = None,
    *,
    draft: AgendaDraft | None = None,
    status: int = 200,
) -> Page:
    """The plan of a day: of that one, else of today, else of the first."""
    draft = draft or read_draft(current_workshop)
    day = _choose_day(draft.days, on, current_workshop)
    facts = gather(current_workshop)
    checks = find_checks(draft, facts)
    page = render_template(
        "editor/_plan.html" if wants_part() else "editor/grid.html",
        draft=draft,
        day_label=weekday if len(draft.days) <= MOST_IN_FULL else _short_weekday,
        grid=make_grid(day.on, day.slots, draft.rooms),
        steps=steps(current_workshop, current_user.id),
        kinds={kind: str(label) for kind, label in KINDS.items()},
        said=said,
        booked=facts.booked,
        hints=by_session(checks),
        checks=checks,
    )
    return page, status


def asked_day() -> date | None:
    """The day on the screen: `on` in forms, `day` in addresses."""
    wanted: Any = request.form.get("on") or request.args.get("day") or ""
    try:
        return date.fromisoformat(wanted)
    except ValueError:
        return None


def _short_weekday(on: date) -> str:
    return str(format_date(on, _("EEE, d MMM")))


def _choose_day(days: tuple[Day, ...], wanted: date | None, workshop: Workshop) -> Day:
    by_date = {day.on: day for day in days}
    today = now().astimezone(workshop.zone).date()
    for on in (wanted, today, workshop.starts_on):
        if on in by_date:
            return by_date[on]
    return days[0]


def place_in_words(draft: AgendaDraft, session_id: int | None) -> str:
    """'„Lage im Netz“: Freitag, 4. Dezember, 09:00–10:00, Großer Saal'."""
    slot = draft.slots.get(session_id)
    if slot is None:
        return str(_("“%(title)s” lies in the tray.", title=draft.title(session_id)))
    words: str = _(
        "“%(title)s”: %(day)s, %(starts)s–%(ends)s, %(room)s",
        title=slot.title,
        day=weekday(slot.starts.date()),
        starts=f"{slot.starts:%H:%M}",
        ends=f"{slot.ends:%H:%M}",
        room=slot.room or _("All rooms"),
    )
    return words


def people_in_words(session: AgendaSession) -> str:
    """'Jana Tischendorf, Ole Brandt; Moderation: Ute Müller'; empty without people."""
    speakers, chair = (
        ", ".join(p.speaker.name for p in session.people if p.role is role)
        for role in (SessionRole.SPEAKER, SessionRole.CHAIR)
    )
    chair = _("Chair: %(names)s", names=chair) if chair else ""
    return "; ".join(filter(None, (speakers, chair)))
