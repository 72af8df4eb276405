"""Pages to withdraw the consent to later invitations, without the personal link."""

from flask import abort, make_response, render_template
from werkzeug.wrappers import Response

from app.extensions import db
from app.outbox.service import find_link_subject
from app.registration import invitations
from app.registration.blueprint import bp
from app.registration.forms import LinkForm
from app.registration.models import Registration
from app.web.access import Audience, audience
from app.web.commands import Page, answer, to
from app.web.forms import Form
from app.web.limits import count_request, limited
from app.web.timing import same_time
from app.workshops.current import current_workshop


@bp.route("/<slug>/registration/withdraw-invitations", methods=["GET", "POST"])
@audience(Audience.EVERYONE)
@limited("RATELIMIT_LINK")
def request_withdrawal() -> Page:
    """Have a link mailed that withdraws. The answer is the same for every address."""
    form = LinkForm()
    if form.validate_on_submit():
        with same_time():
            invitations.request_withdrawal(current_workshop, form.email.data)
            db.session.commit()
        count_request()
        return to("registration.withdrawal_link_sent")
    return answer("registration/request_withdrawal.html", form)


@bp.get("/<slug>/registration/withdraw-invitations/sent")
@audience(Audience.EVERYONE)
def withdrawal_link_sent() -> str:
    """Says what was done, and nothing about whose addresses are kept."""
    return render_template("registration/withdrawal_link_sent.html")


@bp.get("/<slug>/registration/withdraw-invitations/done")
@audience(Audience.EVERYONE)
def withdrawn() -> str:
    """The consent is withdrawn."""
    return render_template("registration/withdrawn.html")


@bp.route("/<slug>/registration/withdraw-invitations/<token>", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def withdraw_invitations(token: str) -> str | Response:
    """What was agreed to, and the button that ends it. Looking never acts."""
    subject_id = find_link_subject(invitations.LINK_PURPOSE, token)
    # By the number alone: the consent may have been given at another workshop of this site.
    registration = db.session.get(Registration, subject_id) if subject_id else None
    if registration is None:
        page = render_template("registration/request_withdrawal.html", form=LinkForm(formdata=None))
        abort(make_response(page, 404))
    form = Form()
    if form.validate_on_submit():
        invitations.withdraw_all(registration)
        db.session.commit()
        return to("registration.withdrawn")
    return render_template(
        "registration/withdraw_invitations.html",
        form=form,
        email=registration.email,
        agreed=invitations.list_agreed(registration.email),
    )
