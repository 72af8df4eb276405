"""The desk's view: seats, lists, and the distribution by wishes."""

from collections import Counter
from collections.abc import Callable

from flask import abort, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.rights import Right
from app.agenda.models import SignUpMode
from app.agenda.timetable import Slot
from app.extensions import db
from app.refusals import Refused
from app.registration.models import Registration
from app.registration.queries import find_registration
from app.signup import by_desk, distribution
from app.signup.assignment import FIRST, SECOND
from app.signup.blueprint import bp
from app.signup.forms import AddPersonForm, DistributeForm
from app.signup.models import SignUpState
from app.signup.programme import Programme, find_programme
from app.signup.queries import list_confirmed, list_entries, list_wishes, sign_up_counts
from app.web.access import needs
from app.web.commands import Page, answer, done, to
from app.workshops.current import current_workshop


@bp.get("/<slug>/desk/agenda/sign-ups")
@needs(Right.MANAGE_SIGN_UPS)
def index() -> str:
    """Every session with sign-up: seats, who has one, who waits or wishes."""
    programme = find_programme(current_workshop)
    slots = programme.slots.values() if programme else ()
    wishes = list_wishes(current_workshop.id).values()
    return render_template(
        "signup/index.html",
        programme=programme,
        slots=[slot for slot in slots if slot.sign_up is not SignUpMode.NONE],
        counts=sign_up_counts(current_workshop.id),
        choices=Counter(choice for of in wishes for choice in of.items()),
        wishing={
            block.key: sum(not block.session_ids.isdisjoint(of) for of in wishes)
            for block in (programme.blocks if programme else ())
        },
        first=FIRST,
        second=SECOND,
    )


@bp.route("/<slug>/desk/agenda/sign-ups/<int:session_id>", methods=["GET", "POST"])
@needs(Right.MANAGE_SIGN_UPS)
def entries(session_id: int) -> Page:
    """Who is on a session's list; somebody can be added."""
    programme, slot = _get_slot(session_id)
    form = AddPersonForm(list_confirmed(current_workshop.id))
    if form.validate_on_submit():
        person = _get_person(form.person.data)
        if added := done(form, lambda: by_desk.add_by_desk(person, session_id)):
            if added.result is SignUpState.SEATED:
                return _back(session_id, _("The person has a seat and is told by e-mail."))
            return _back(session_id, _("All seats are taken: the person is on the waiting list."))
    page = _show_entries(programme, slot, form)
    return (page, 422) if form.is_submitted() else page


@bp.post("/<slug>/desk/agenda/sign-ups/<int:session_id>/advance/<int:registration_id>")
@needs(Right.MANAGE_SIGN_UPS)
def advance(session_id: int, registration_id: int) -> Page:
    """Put somebody who waits at the head of the line."""
    said = _("The person is next in line.")
    return _act(session_id, registration_id, by_desk.advance_by_desk, said)


@bp.post("/<slug>/desk/agenda/sign-ups/<int:session_id>/remove/<int:registration_id>")
@needs(Right.MANAGE_SIGN_UPS)
def remove(session_id: int, registration_id: int) -> Page:
    """Take somebody off the list."""
    said = _("The person is off the list and is told by e-mail.")
    return _act(session_id, registration_id, by_desk.remove_by_desk, said)


@bp.route("/<slug>/desk/agenda/sign-ups/distribution", methods=["GET", "POST"])
@needs(Right.MANAGE_SIGN_UPS)
def distribute() -> Page:
    """Look at what a distribution of the chosen blocks would do, then do it."""
    keys = set(request.args.getlist("block", type=int))
    form = DistributeForm()
    if form.validate_on_submit():
        seen, account_id = form.seen.data or "", current_user.id

        def give() -> int:
            made = distribution.distribute(current_workshop, keys, seen=seen, account_id=account_id)
            return int(made.figures["people"])

        if told := done(form, give):
            flash(_("The seats are distributed."), "success")
            flash(
                ngettext(
                    "%(num)s result goes out by mail.",
                    "%(num)s results go out by mail.",
                    told.result,
                )
            )
            return to("signup.index")
    try:
        plan = distribution.make_plan(current_workshop, keys)
    except Refused as refusal:
        return _nothing(refusal)
    form.seen.raw_data, form.seen.data = None, plan.seen
    return answer("signup/distribute.html", form, plan=plan, first=FIRST, second=SECOND)


def _act(
    session_id: int,
    registration_id: int,
    command: Callable[[Registration, int], None],
    said: str,
) -> Page:
    programme, slot = _get_slot(session_id)
    registration = _get_person(registration_id)
    try:
        command(registration, session_id)
    except Refused as refusal:
        db.session.rollback()
        form = AddPersonForm(list_confirmed(current_workshop.id), formdata=None)
        return _show_entries(programme, slot, form, refusal.message), 422
    db.session.commit()
    return _back(session_id, said)


def _show_entries(
    programme: Programme, slot: Slot, form: AddPersonForm, refusal: str | None = None
) -> str:
    listed = list_entries(slot.id)
    return render_template(
        "signup/entries.html",
        slot=slot,
        seats=programme.seats[slot.id],
        takes_wishes=programme.takes_wishes(slot),
        seated=[entry for entry in listed if entry.state is SignUpState.SEATED],
        waiting=[entry for entry in listed if entry.state is SignUpState.WAITING],
        form=form,
        refusal=refusal,
    )


def _get_slot(session_id: int) -> tuple[Programme, Slot]:
    programme = find_programme(current_workshop) or abort(404)
    slot = programme.slots.get(session_id)
    if slot is None or slot.sign_up is SignUpMode.NONE:
        abort(404)
    return programme, slot


def _get_person(registration_id: int) -> Registration:
    return find_registration(current_workshop.id, registration_id) or abort(404)


def _back(session_id: int, message: str) -> Response:
    flash(message, "success")
    return to("signup.entries", session_id=session_id)


def _nothing(refusal: Refused) -> Response:
    db.session.rollback()
    flash(refusal.message, "warning")
    return to("signup.index")
