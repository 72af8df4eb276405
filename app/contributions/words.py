"""The words for where a proposal stands."""

from flask_babel import lazy_gettext as _l

from app.contributions.models import ProposalState

STATES = {
    ProposalState.SUBMITTED: _l("Submitted"),
    ProposalState.ACCEPTED: _l("Accepted"),
    ProposalState.DECLINED: _l("Not included"),
    ProposalState.WITHDRAWN: _l("Withdrawn"),
}
MARKS = {
    ProposalState.SUBMITTED: "info",
    ProposalState.ACCEPTED: "success",
    ProposalState.DECLINED: "plain",
    ProposalState.WITHDRAWN: "plain",
}
