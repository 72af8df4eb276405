"""One's own registration, opened by the personal link. Looking never acts: scanners open links."""

from typing import NoReturn

from flask import abort, flash, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.agenda.exports.calendar import workshop_event
from app.extensions import db
from app.qr import qr_picture
from app.refusals import Refused
from app.registration import links, service
from app.registration.answers import answers
from app.registration.blueprint import bp
from app.registration.details import printed_texts
from app.registration.form_data import data_from, details_from
from app.registration.forms import (
    ChangeForm,
    DetailsForm,
    LinkForm,
    own_roles,
)
from app.registration.labels import CONSENTS
from app.registration.models import Registration, Status
from app.registration.queries import is_speaker, waiting_position
from app.registration.steps import CONSENTS as STEP_OF_CONSENTS
from app.registration.steps import STEPS
from app.web.access import Audience, audience
from app.web.commands import Page, answer, done, tell, to
from app.web.downloads import CALENDAR, give
from app.web.forms import Form
from app.web.limits import count_request, limited, link_key
from app.web.timing import same_time
from app.workshops.current import current_workshop
from app.workshops.door import Door, find_door
from app.workshops.models import ConsentKind


@bp.get("/<slug>/registration/<token>")
@audience(Audience.LINK_HOLDER)
def own(token: str) -> str:
    """The state of the registration, what is stored, and what can be done."""
    registration = holder_of(token)
    form = DetailsForm(current_workshop, data=data_from(registration), meta={"csrf": False})
    form.offer_roles((registration.role,))
    return render_template(
        "registration/own.html",
        token=token,
        registration=registration,
        printed=printed_texts(registration),
        position=(
            waiting_position(registration) if registration.status is Status.WAITING else None
        ),
        details=[
            answer
            for step in STEPS
            if step is not STEP_OF_CONSENTS  # which stand below, each with its wording
            for answer in answers(form, step)
        ],
        consent_names=CONSENTS,
        is_speaker=is_speaker(registration.id),
        can_change=_can_change(registration),
        can_return=find_door(current_workshop) in {Door.OPEN, Door.WAITING_LIST},
    )


@bp.post("/<slug>/registration/<token>/confirm")
@audience(Audience.LINK_HOLDER)
def confirm(token: str) -> Response:
    """The address is proved by somebody who pressed the button."""
    registration = holder_of(token)
    tell(lambda: service.prove_address(registration))
    return to("registration.own", token=token)


@bp.route("/<slug>/registration/<token>/change", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
@limited("RATELIMIT_NEW_ADDRESS", link_key)  # each is sent a mail
def change(token: str) -> Page:
    """Change what one has said, until the deadline."""
    registration = holder_of(token)
    try:
        service.check_changeable(registration)
    except Refused as refusal:
        flash(refusal.message, "warning")
        return to("registration.own", token=token)
    data = data_from(registration)
    data["email"] = registration.new_email or registration.email
    form = ChangeForm(current_workshop, data=data)
    form.offer_roles(own_roles(current_workshop, registration.role))
    if not form.is_submitted():
        return _show_change(form, token)
    if form.validate():
        details, version = details_from(form), form.version.data
        if changed := done(form, lambda: service.change(registration, details, version=version)):
            if "email" in changed.result:
                count_request()
            _tell_change(registration, changed.result)
            return to("registration.own", token=token)
        # The next sending is measured against what the database holds by now.
        form.version.raw_data = [str(registration.version)]
    return _show_change(form, token), 422


@bp.route("/<slug>/registration/<token>/cancel", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def cancel(token: str) -> str | Response:
    """Cancel, after being asked once."""
    registration = holder_of(token)
    form = Form()
    if not registration.is_current:
        return to("registration.own", token=token)
    if not form.validate_on_submit():
        return render_template(
            "registration/cancel.html", form=form, token=token, registration=registration
        )
    service.cancel(registration)
    db.session.commit()
    return to("registration.own", token=token)


@bp.post("/<slug>/registration/<token>/withdraw/<any(listing, photos, needs, mailing):kind>")
@audience(Audience.LINK_HOLDER)
def withdraw(token: str, kind: str) -> Response:
    """Withdraw a consent."""
    service.withdraw(holder_of(token), ConsentKind(kind))
    db.session.commit()
    flash(_("You have withdrawn your consent."), "success")
    return to("registration.own", token=token, _anchor="consents")


@bp.get("/<slug>/registration/<token>/qr.png")
@audience(Audience.LINK_HOLDER)
def qr_code(token: str) -> Response:
    """The QR code for the entrance, once the seat is confirmed."""
    registration = _confirmed(token)
    if registration.badge_code is None:
        abort(404)
    picture = qr_picture(links.badge_address(registration))
    return make_response(picture, {"Content-Type": "image/png"})


@bp.get("/<slug>/registration/<token>/calendar.ics")
@audience(Audience.LINK_HOLDER)
def calendar(token: str) -> Response:
    """The workshop as a calendar entry."""
    _confirmed(token)
    file = workshop_event(current_workshop)
    return give(file, CALENDAR, f"{current_workshop.slug}.ics", to_save=True)


@bp.route("/<slug>/registration/new-address/<token>", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def new_address(token: str) -> Page:
    """The owner of a new address takes it over."""
    registration = _holder(token, links.NEW_ADDRESS_PURPOSE)
    form = Form()

    def take() -> str:
        service.take_new_address(registration)
        # The mailed link is not known here, so this browser goes on with one of its own.
        return links.draw_own_link(registration)

    if form.validate_on_submit() and (taken := done(form, take)):
        flash(_("Your new e-mail address is confirmed."), "success")
        return to("registration.own", token=taken.result)
    return answer("registration/new_address.html", form, registration=registration)


@bp.route("/<slug>/registration/link", methods=["GET", "POST"])
@audience(Audience.EVERYONE)
@limited("RATELIMIT_LINK")
def request_link() -> Page:
    """Have the personal link mailed. The answer is the same for every address."""
    form = LinkForm()
    if form.validate_on_submit():
        with same_time():
            service.request_link(current_workshop, form.email.data)
            db.session.commit()
        count_request()
        return to("registration.link_sent")
    return answer("registration/request_link.html", form)


@bp.get("/<slug>/registration/link/sent")
@audience(Audience.EVERYONE)
def link_sent() -> str:
    """Says what was done, and nothing about who is registered."""
    return render_template("registration/link_sent.html")


def holder_of(token: str) -> Registration:
    """The registration whose personal link this is; ends the request with a 404 page if none."""
    return _holder(token, links.LINK_PURPOSE)


def _holder(token: str, purpose: str) -> Registration:
    return links.find_holder(current_workshop, token, purpose) or _unknown_link()


def _confirmed(token: str) -> Registration:
    registration = holder_of(token)
    if registration.status is not Status.CONFIRMED:
        abort(404)
    return registration


def _unknown_link() -> NoReturn:
    page = render_template("registration/unknown_link.html", form=LinkForm(formdata=None))
    abort(make_response(page, 404))


def _show_change(form: ChangeForm, token: str) -> str:
    return render_template("registration/change.html", form=form, form_steps=STEPS, token=token)


def _can_change(registration: Registration) -> bool:
    try:
        service.check_changeable(registration)
    except Refused:
        return False
    return True


def _tell_change(registration: Registration, changed: list[str]) -> None:
    if changed:  # the page itself tells of a new address that is not confirmed yet
        flash(_("Your changes are saved."), "success")
    else:
        flash(_("You have changed nothing."), "info")
