"""The pages of the released programme."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.agenda import releases
from app.agenda.access import is_open, open_content
from app.agenda.calendar import agenda_calendar
from app.agenda.forms import KINDS, VersionedForm
from app.agenda.markdown import to_html
from app.agenda.queries import get_agenda
from app.agenda.releases import find_released_agenda
from app.extensions import db
from app.web.access import Audience, audience, may_open
from app.workshops.current import current_workshop

bp = Blueprint("agenda", __name__)
bp.add_app_template_filter(to_html, "markdown")

Page = str | tuple[str, int] | BaseResponse


@bp.get("/<slug>/agenda")
@audience(Audience.EVERYONE)
def show() -> Page:
    """The released programme; organisers see the draft."""
    if not is_open(current_workshop):
        return render_template("agenda/private.html"), 403
    agenda = find_released_agenda(current_workshop)
    is_draft = agenda is None and may_open("editor.grid")
    if is_draft:
        agenda = get_agenda(current_workshop)
    # Translated once each, not at every session.
    kinds = {kind: str(label) for kind, label in KINDS.items()}
    return render_template("agenda/show.html", agenda=agenda, is_draft=is_draft, kinds=kinds)


@bp.get("/<slug>/agenda.ics")
@audience(Audience.EVERYONE)
def calendar() -> Response:
    """The released programme for calendars."""
    content = open_content(current_workshop) or abort(404)
    response = Response(agenda_calendar(current_workshop, content), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'inline; filename="{current_workshop.slug}.ics"'
    return response


@bp.post("/<slug>/desk/agenda/release")
@audience(Audience.ORGANISER)
def release() -> Page:
    """Show the programme to everybody."""
    try:
        releases.release(current_workshop, account_id=current_user.id)
    except releases.NothingToRelease as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
        return _to("editor.grid")
    db.session.commit()
    flash(_("The agenda is published."), "success")
    return _to("editor.grid")


@bp.route("/<slug>/desk/agenda/withdraw", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def withdraw() -> Page:
    """Ask, then show the programme to organisers only."""
    form = VersionedForm()
    if form.validate_on_submit():
        releases.withdraw(current_workshop)
        db.session.commit()
        flash(_("The agenda is withdrawn. Only the organisers see it."), "success")
        return _to("editor.grid")
    return render_template("agenda/withdraw.html", form=form)


def _to(endpoint: str) -> BaseResponse:
    return redirect(url_for(endpoint), code=303)
