"""The proposals at the desk: the call, the list, the discussion and the answer."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.rights import Right
from app.contributions import decisions, mails, service
from app.contributions.blueprint import bp
from app.contributions.forms import CallForm, CommentForm, DecisionForm, ScoreForm
from app.contributions.models import Proposal, ProposalState
from app.contributions.queries import find_proposal, get_call, list_proposals, scores_of
from app.contributions.words import MARKS, STATES
from app.extensions import db, now
from app.registration.labels import STATUSES
from app.web.access import needs
from app.web.commands import Page, answer, done, to
from app.workshops.current import current_workshop

_PROPOSAL = "/<slug>/desk/agenda/contributions/<int:proposal_id>"


@bp.get("/<slug>/desk/agenda/contributions")
@needs(Right.MANAGE_CONTRIBUTIONS)
def index() -> str:
    """The call's state, and all proposals."""
    call = get_call(current_workshop.id)
    lines = list_proposals(current_workshop.id, current_user.id)
    return render_template(
        "contributions/index.html",
        call=call,
        is_open=call.is_open(now()),
        lines=lines,
        unscored=sum(line.lacks_own_score for line in lines),
        states=STATES,
        statuses=STATUSES,
        marks=MARKS,
        one_decimal=mails.one_decimal,
    )


@bp.route("/<slug>/desk/agenda/contributions/call", methods=["GET", "POST"])
@needs(Right.MANAGE_CONTRIBUTIONS)
def settings() -> Page:
    """Set up the call."""
    call = get_call(current_workshop.id)
    form = CallForm(data=CallForm.data_of(call, current_workshop))
    if form.validate_on_submit():
        draft = form.draft(current_workshop)
        if done(form, lambda: service.change_call(current_workshop, draft, version=form.seen)):
            flash(_("The settings were saved."), "success")
            return to("contributions.index")
        form.accept_version(get_call(current_workshop.id).version)
    return answer("contributions/settings.html", form)


@bp.get(_PROPOSAL)
@needs(Right.MANAGE_CONTRIBUTIONS)
def proposal(proposal_id: int) -> Page:
    """One proposal with its discussion."""
    return _show(_get(proposal_id))


@bp.post(f"{_PROPOSAL}/score")
@needs(Right.MANAGE_CONTRIBUTIONS)
def score(proposal_id: int) -> Page:
    """Score a proposal, or take the score back."""
    found = _get(proposal_id)
    form = ScoreForm()
    if not form.validate_on_submit():
        return _show(found, scoring=form)
    decisions.score(found, current_user.id, form.score.data)
    db.session.commit()
    flash(_("Your score is saved."), "success")
    return to("contributions.proposal", proposal_id=proposal_id)


@bp.post(f"{_PROPOSAL}/comments")
@needs(Right.MANAGE_CONTRIBUTIONS)
def comment(proposal_id: int) -> Page:
    """Say something about a proposal."""
    found = _get(proposal_id)
    form = CommentForm()
    if not form.validate_on_submit():
        return _show(found, commenting=form)
    decisions.comment(found, current_user.id, form.text.data)
    db.session.commit()
    return redirect(
        url_for("contributions.proposal", proposal_id=proposal_id, _anchor="discussion"), 303
    )


@bp.route(f"{_PROPOSAL}/<any(accept, decline):decision>", methods=["GET", "POST"])
@needs(Right.MANAGE_CONTRIBUTIONS)
def decide(proposal_id: int, decision: str) -> Page:
    """Accept or decline, with a mail that is edited before it goes, or without one."""
    found = _get(proposal_id)
    state = ProposalState.ACCEPTED if decision == "accept" else ProposalState.DECLINED
    form = DecisionForm(data={"version": found.version, **vars(mails.suggest(found, state))})
    if form.validate_on_submit() and _decided(form, proposal_id, state):
        flash(_said(state), "success")
        return to("contributions.index")
    if form.is_submitted():
        form.accept_version(found.version)
    return answer("contributions/decide.html", form, proposal=found, state=state)


def _decided(form: DecisionForm, proposal_id: int, state: ProposalState) -> bool:
    """Decide and commit; False if something is missing or refused, which the form then shows."""
    letter = None if "quiet" in request.form else form.letter()
    if form.errors:
        return False
    command = decisions.accept if state is ProposalState.ACCEPTED else decisions.decline
    decided = done(
        form,
        lambda: command(
            current_workshop,
            proposal_id,
            version=form.seen,
            account_id=current_user.id,
            letter=letter,
        ),
    )
    return decided is not None


def _said(state: ProposalState) -> str:
    if state is ProposalState.ACCEPTED:
        return str(_("The proposal is accepted and lies in the tray of the agenda."))
    return str(_("The proposal is declined."))


def _get(proposal_id: int) -> Proposal:
    return find_proposal(current_workshop.id, proposal_id) or abort(404)


def _show(
    found: Proposal,
    *,
    scoring: ScoreForm | None = None,
    commenting: CommentForm | None = None,
) -> Page:
    own = scores_of(found).get(current_user.id)
    page = render_template(
        "contributions/proposal.html",
        proposal=found,
        average=decisions.average(found),
        score_form=scoring or ScoreForm(formdata=None, data={"score": own}),
        comment_form=commenting or CommentForm(formdata=None),
        states=STATES,
        statuses=STATUSES,
        marks=MARKS,
        may_accept=found.state in {ProposalState.SUBMITTED, ProposalState.DECLINED},
        may_decline=found.state is ProposalState.SUBMITTED,
    )
    return (page, 422) if scoring or commenting else page
