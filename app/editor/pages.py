"""The draft of the agenda as a plan and as a list."""

from flask import render_template, request
from flask_login import current_user

from app.accounts.rights import Right
from app.agenda.draft.undo import steps
from app.agenda.timetable import Slot
from app.agenda.words import KINDS
from app.editor.blueprint import bp
from app.editor.checks import Check, by_session, find_checks
from app.editor.draft import Unplaced, read_draft
from app.editor.facts import gather
from app.editor.view import asked_day, show_plan
from app.web.access import needs
from app.web.commands import Page
from app.workshops.current import current_workshop

# What the filters call 'none'.
NONE = "none"


@bp.get("/<slug>/desk/agenda")
@needs(Right.EDIT_AGENDA)
def grid() -> Page:
    """A day as a plan, beside it the tray and what is to be checked."""
    return show_plan(asked_day())


@bp.get("/<slug>/desk/agenda/list")
@needs(Right.EDIT_AGENDA)
def sessions() -> Page:
    """The draft as a list by day and time, the tray at its end; narrowed down, if asked."""
    draft = read_draft(current_workshop)
    checks = find_checks(draft, gather(current_workshop))
    check = next((c for c in checks if c.kind == request.args.get("check")), None)
    return render_template(
        "editor/sessions.html",
        draft=draft,
        days=[(day.on, [s for s in day.slots if _is_wanted(s, check)]) for day in draft.days],
        tray=[unplaced for unplaced in draft.tray if _is_wanted(unplaced, check)],
        is_filtered=any(request.args.get(name) for name in ("room", "topic", "check")),
        steps=steps(current_workshop, current_user.id),
        kinds=KINDS,
        checks=checks,
        hints=by_session(checks),
    )


def _is_wanted(entry: Slot | Unplaced, check: Check | None) -> bool:
    if check is not None and entry.id not in check.session_ids:
        return False
    room_id = entry.room_id if isinstance(entry, Slot) else entry.session.room_id
    topic_id = entry.topic.id if entry.topic else None
    chosen = ((request.args.get("room"), room_id), (request.args.get("topic"), topic_id))
    return all(not wanted or wanted == str(value or NONE) for wanted, value in chosen)
