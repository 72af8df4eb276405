"""The call for participants: their own proposals, behind the personal link."""

from flask import abort, flash, g, render_template
from flask_babel import gettext as _

from app.contributions import service
from app.contributions.blueprint import bp
from app.contributions.forms import ProposalForm
from app.contributions.models import Call, Proposal, ProposalState
from app.contributions.queries import (
    find_open_call,
    find_own,
    get_call,
    has_proposals,
    list_own,
)
from app.contributions.words import MARKS, STATES
from app.refusals import Refused
from app.registration.models import Registration
from app.registration.own import holder_of
from app.web.access import Audience, audience
from app.web.commands import Page, answer, done, to
from app.web.forms import Form
from app.workshops.current import current_workshop


@bp.app_template_global()
def open_call() -> Call | None:
    """For pages of features below: the present workshop's call while it is open."""
    return find_open_call(g.workshop.id)


@bp.app_template_global()
def has_contributions(registration: Registration) -> bool:
    """For pages of features below: whether this person has proposed anything."""
    return has_proposals(registration)


@bp.get("/<slug>/registration/<token>/contributions")
@audience(Audience.LINK_HOLDER)
def call(token: str) -> str:
    """What is looked for, and what this person has proposed."""
    registration = holder_of(token)
    return render_template(
        "contributions/call.html",
        token=token,
        call=get_call(current_workshop.id),
        is_open=_may_propose(registration),
        proposals=list_own(registration),
        states=STATES,
        marks=MARKS,
    )


@bp.route("/<slug>/registration/<token>/contributions/new", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def propose(token: str) -> Page:
    """Propose something."""
    registration = holder_of(token)
    form = ProposalForm(data={"speaks_self": True})
    form.offer(get_call(current_workshop.id), current_workshop)
    if not form.is_submitted() and not _may_propose(registration):
        return to("contributions.call", token=token)
    if form.validate_on_submit() and done(
        form, lambda: service.propose(registration, form.draft())
    ):
        flash(_("Thank you. Your proposal has reached the organisers."), "success")
        return to("contributions.call", token=token)
    return answer("contributions/propose.html", form, token=token, proposal=None)


@bp.route("/<slug>/registration/<token>/contributions/<int:proposal_id>", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def change(token: str, proposal_id: int) -> Page:
    """Read an own proposal; change it before the deadline."""
    registration = holder_of(token)
    proposal = find_own(registration, proposal_id) or abort(404)
    form = ProposalForm(data=ProposalForm.data_of(proposal))
    form.offer(get_call(current_workshop.id), current_workshop, proposal)
    if not form.is_submitted() and not _can_change(registration, proposal):
        return render_template(
            "contributions/own.html", token=token, proposal=proposal, states=STATES, marks=MARKS
        )
    if form.validate_on_submit():
        if done(
            form,
            lambda: service.change(registration, proposal_id, form.draft(), version=form.seen),
        ):
            flash(_("Your changes are saved."), "success")
            return to("contributions.call", token=token)
        form.accept_version(proposal.version)
    return answer("contributions/propose.html", form, token=token, proposal=proposal)


@bp.route(
    "/<slug>/registration/<token>/contributions/<int:proposal_id>/withdraw",
    methods=["GET", "POST"],
)
@audience(Audience.LINK_HOLDER)
def withdraw(token: str, proposal_id: int) -> Page:
    """Ask, then withdraw an own proposal."""
    registration = holder_of(token)
    proposal = find_own(registration, proposal_id) or abort(404)
    form = Form()
    if not form.is_submitted() and not _can_change(registration, proposal):
        return to("contributions.call", token=token)
    if form.validate_on_submit() and done(
        form, lambda: service.withdraw(registration, proposal_id)
    ):
        flash(_("Your proposal is withdrawn."), "success")
        return to("contributions.call", token=token)
    return answer("contributions/withdraw.html", form, token=token, proposal=proposal)


def _may_propose(registration: Registration) -> bool:
    try:
        service.check_open(registration)
    except Refused:
        return False
    return True


def _can_change(registration: Registration, proposal: Proposal) -> bool:
    return proposal.state is ProposalState.SUBMITTED and _may_propose(registration)
