"""Feedback: the form behind the personal link, and the results at the desk."""

from flask import Blueprint, abort, render_template
from flask_babel import format_decimal

from app.accounts.rights import Right
from app.agenda.releases.content import read_slots
from app.agenda.releases.service import shown_content
from app.agenda.timetable import Slot
from app.extensions import now
from app.feedback import service
from app.feedback.forms import RATINGS, FeedbackForm
from app.feedback.queries import LEAST, has_given, is_asked, list_results
from app.registration.models import Status
from app.registration.own import holder_of
from app.web.access import Audience, audience, needs
from app.web.commands import Page, answer, done, to
from app.workshops.current import current_workshop

bp = Blueprint("feedback", __name__)


@bp.app_template_filter("one_decimal")
def _one_decimal(value: float) -> str:
    return str(format_decimal(value, format="0.0"))


@bp.route("/<slug>/registration/<token>/agenda/<int:session_id>/feedback", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def give(token: str, session_id: int) -> Page:
    """Say something about a session, once it is over."""
    registration = holder_of(token)
    slot = _find_slot(session_id)
    if registration.status is not Status.CONFIRMED or slot is None or not is_asked(slot.kind):
        abort(404)
    form = FeedbackForm()
    if form.validate_on_submit() and done(
        form,
        lambda: service.give(
            registration,
            slot,
            rating=int(form.rating.data),
            good=form.good.data or "",
            better=form.better.data or "",
        ),
    ):
        return to("feedback.give", token=token, session_id=session_id)
    return answer(
        "feedback/give.html",
        form,
        token=token,
        slot=slot,
        is_over=slot.ends <= now(),
        is_given=has_given(registration, session_id),
    )


@bp.get("/<slug>/desk/agenda/feedback")
@needs(Right.SEE_FEEDBACK)
def results() -> str:
    """What participants said, session by session."""
    return render_template(
        "feedback/results.html",
        sessions=list_results(current_workshop),
        ratings=RATINGS,
        least=LEAST,
    )


def _find_slot(session_id: int) -> Slot | None:
    content = shown_content(current_workshop)
    if content is None:
        return None
    entries = [entry for entry in content["sessions"] if entry["id"] == session_id]
    return next(iter(read_slots(content, entries, current_workshop.zone, now())), None)
