"""The closed circle at the desk: approvals, and seats held for addresses nobody has proved."""

from flask import abort, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.accounts.rights import Right
from app.desk.blueprint import bp
from app.desk.forms import DeclineForm
from app.desk.queries import list_pending
from app.extensions import db
from app.registration import circle
from app.registration.holds import SHORTEST_HOURS, Hold, list_holds
from app.registration.models import Registration, Status
from app.registration.queries import find_registration, list_registrations
from app.registration.seats import release
from app.web.access import needs
from app.web.commands import Page, answer, done, tell, to
from app.web.forms import Form
from app.workshops.current import current_workshop


@bp.get("/<slug>/desk/approvals")
@needs(Right.DECIDE_ADMISSION)
def approvals() -> str:
    """Everybody who waits for the organisers' decision, the longest first."""
    return render_template("desk/approvals.html", pending=list_pending(current_workshop.id))


@bp.post("/<slug>/desk/approvals/<int:registration_id>/approve")
@needs(Right.DECIDE_ADMISSION)
def approve(registration_id: int) -> Response:
    """Let somebody in: one click. Cancelling takes it back."""
    registration = _get(registration_id)
    if not tell(lambda: circle.approve(registration)):
        return to("desk.participant", registration_id=registration_id)
    name = registration.full_name
    if registration.is_seated:
        flash(_("%(name)s is approved and has a seat.", name=name), "success")
    else:
        flash(_("%(name)s is approved and on the waiting list.", name=name), "success")
    return to("desk.approvals")


@bp.route("/<slug>/desk/approvals/<int:registration_id>/decline", methods=["GET", "POST"])
@needs(Right.DECIDE_ADMISSION)
def decline(registration_id: int) -> Page:
    """Do not let somebody in, with a reason if one likes."""
    registration = _get(registration_id)
    form = DeclineForm()
    if not form.is_submitted() and registration.status is not Status.PENDING:
        return to("desk.participant", registration_id=registration_id)
    if form.validate_on_submit():
        name = registration.full_name
        if done(form, lambda: circle.decline(registration, form.reason.data or "")):
            flash(_("%(name)s was declined.", name=name), "success")
            return to("desk.approvals")
    return answer("desk/decline.html", form, registration=registration)


@bp.route("/<slug>/desk/holds", methods=["GET", "POST"])
@needs(Right.DECIDE_ADMISSION)
def holds() -> Page:
    """Who holds a seat without having proved the address; giving back what is ticked."""
    form = Form()
    if form.validate_on_submit():
        ids = [hold.registration_id for hold in list_holds(current_workshop) if _is_meant(hold)]
        chosen = list_registrations(current_workshop.id, ids)
        released = release(current_workshop, chosen)
        db.session.commit()
        if released:
            text = ngettext(
                "%(num)s seat is free again.", "%(num)s seats are free again.", released
            )
            flash(text, "success")
        else:
            flash(_("Nothing was ticked that still holds a seat."), "info")
        return to("desk.holds")
    return answer(
        "desk/holds.html",
        form,
        holds=list_holds(current_workshop),
        shortest=min(SHORTEST_HOURS, current_workshop.hold_hours),
    )


def _is_meant(hold: Hold) -> bool:
    """Which seats were asked back: all, those of a domain, or the ticked ones."""
    if "all" in request.form:
        return True
    if "domain" in request.form:
        return hold.domain == request.form["domain"]
    return str(hold.registration_id) in request.form.getlist("ids")


def _get(registration_id: int) -> Registration:
    return find_registration(current_workshop.id, registration_id) or abort(404)
