"""One person at the desk: all that is known, and what can be done."""

from collections.abc import Callable

from flask import abort, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.journal import list_entries
from app.accounts.rights import Right
from app.badges.labels import PRINT_STATES
from app.badges.queries import print_states
from app.desk.blueprint import bp
from app.desk.forms import AddForm, EditForm
from app.desk.journal import lines
from app.desk.mail_routes import MARKS, OUTCOMES
from app.desk.queries import list_mails_to
from app.extensions import db
from app.refusals import Refused
from app.registration import service
from app.registration.answers import GivenAnswer, answers
from app.registration.details import printed_texts
from app.registration.form_data import data_for_new, data_from, details_from
from app.registration.forms import DetailsForm
from app.registration.labels import ARRIVALS, CONSENTS, DIETS, ROLES, SALUTATIONS
from app.registration.models import Registration, Status
from app.registration.queries import find_registration, waiting_position
from app.registration.steps import STEPS
from app.web.access import needs
from app.web.commands import Page, answer, done, to
from app.web.forms import Form
from app.workshops.current import current_workshop


@bp.get("/<slug>/desk/participants/<int:registration_id>")
@needs(Right.SEE_PARTICIPANTS)
def participant(registration_id: int) -> str:
    """One person, in the order of questions asked on the phone."""
    return _show(_get(registration_id))


@bp.route("/<slug>/desk/participants/new", methods=["GET", "POST"])
@needs(Right.CHANGE_PARTICIPANTS)
def add_participant() -> Page:
    """Register somebody who wrote or called."""
    form = AddForm(current_workshop, data=data_for_new(current_workshop))
    if form.validate_on_submit() and (
        added := done(
            form,
            lambda: service.add_by_desk(
                current_workshop,
                details_from(form),
                on_waiting_list=form.place.data == "waiting",
                notify=form.notify.data,
            ),
        )
    ):
        flash(_("%(name)s was added.", name=added.result.full_name), "success")
        return _back(added.result)
    return answer("desk/add_participant.html", form, form_steps=STEPS)


@bp.route("/<slug>/desk/participants/<int:registration_id>/edit", methods=["GET", "POST"])
@needs(Right.CHANGE_PARTICIPANTS)
def edit_participant(registration_id: int) -> Page:
    """Change what is known; an address counts at once."""
    registration = _get(registration_id)
    form = EditForm(
        current_workshop,
        data={**data_from(registration), "internal_note": registration.internal_note},
    )
    differing: list[GivenAnswer] = []
    if form.validate_on_submit() and done(
        form,
        lambda: service.change_by_desk(
            registration,
            details_from(form),
            version=form.version.data,
            internal_note=form.internal_note.data or "",
        ),
    ):
        flash(_("The changes were saved."), "success")
        return _back(registration)
    if form.is_overtaken:
        differing = _stored_otherwise(registration, form)
        # Whoever saves again has seen them.
        form.version.raw_data = [str(registration.version)]
    return answer(
        "desk/edit_participant.html",
        form,
        form_steps=STEPS,
        registration=registration,
        differing=differing,
    )


@bp.post("/<slug>/desk/participants/<int:registration_id>/confirm")
@needs(Right.CHANGE_PARTICIPANTS)
def confirm_participant(registration_id: int) -> Page:
    """Vouch for an address that its owner has not confirmed."""
    return _act(registration_id, service.confirm_by_desk, _("The registration is confirmed."))


@bp.post("/<slug>/desk/participants/<int:registration_id>/seat")
@needs(Right.CHANGE_PARTICIPANTS)
def seat_participant(registration_id: int) -> Page:
    """Give a seat out of turn, or again."""
    return _act(registration_id, service.seat_by_desk, _("The person has a seat now."))


@bp.post("/<slug>/desk/participants/<int:registration_id>/send-link")
@needs(Right.CHANGE_PARTICIPANTS)
def send_link(registration_id: int) -> Page:
    """Mail the personal link again."""
    said = _("The personal link is on its way.")
    return _act(registration_id, service.send_link_by_desk, said)


@bp.route("/<slug>/desk/participants/<int:registration_id>/cancel", methods=["GET", "POST"])
@needs(Right.CHANGE_PARTICIPANTS)
def cancel_participant(registration_id: int) -> Page:
    """Cancel for somebody, after asking."""
    registration = _get(registration_id)
    if not registration.is_current:
        return _back(registration)
    form = Form()
    if form.validate_on_submit():
        service.cancel(registration, by_desk=True)
        db.session.commit()
        flash(_("The registration is cancelled."), "success")
        return _back(registration)
    return render_template("desk/cancel_participant.html", form=form, registration=registration)


def _get(registration_id: int) -> Registration:
    return find_registration(current_workshop.id, registration_id) or abort(404)


def _back(registration: Registration) -> Response:
    return to("desk.participant", registration_id=registration.id)


def _act(registration_id: int, command: Callable[[Registration], None], said: str) -> Page:
    registration = _get(registration_id)
    try:
        command(registration)
    except Refused as refusal:
        db.session.rollback()
        return _show(registration, refusal.message), 422
    db.session.commit()
    flash(said, "success")
    return _back(registration)


def _show(registration: Registration, refusal: str = "") -> str:
    waits = registration.status is Status.WAITING
    return render_template(
        "desk/participant.html",
        registration=registration,
        printed=printed_texts(registration),
        refusal=refusal,
        position=waiting_position(registration) if waits else None,
        mails=list_mails_to(registration),
        mail_outcomes=OUTCOMES,
        mail_marks=MARKS,
        journal=lines(
            list_entries(subject="registration", subject_id=registration.id, limit=50),
            current_workshop.zone,
        ),
        salutations=SALUTATIONS,
        roles=ROLES,
        arrivals=ARRIVALS,
        diets=DIETS,
        consent_names=CONSENTS,
        badge_state=print_states(current_workshop, [registration.id]).get(registration.id),
        badge_words=PRINT_STATES,
    )


def _stored_otherwise(registration: Registration, typed: DetailsForm) -> list[GivenAnswer]:
    """What is stored by now and differs from what was typed."""
    stored = DetailsForm(current_workshop, formdata=None, data=data_from(registration))
    stored.offer_roles(tuple(ROLES))
    said = {a.question: a.lines for step in STEPS for a in answers(typed, step)}
    now_stored = [a for step in STEPS for a in answers(stored, step)]
    return [a for a in now_stored if said.get(a.question) != a.lines]
