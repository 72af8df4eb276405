"""The answer to a proposal: a text that organisers edit before it goes."""

from dataclasses import dataclass

from flask_babel import force_locale, format_decimal
from flask_babel import gettext as _

from app.contributions.models import Proposal, ProposalState
from app.outbox.compose import LANGUAGE, compose
from app.outbox.service import queue_mail
from app.registration.links import personal_link


@dataclass(frozen=True)
class ProposalLetter:
    """What goes out, as organisers typed it: no markup but lists ('- ') and empty lines."""

    subject: str
    body: str


def suggest(proposal: Proposal, state: ProposalState) -> ProposalLetter:
    """The letter as it is offered for editing, in the language of mails."""
    with force_locale(LANGUAGE):
        paragraphs = [_("Hello %(name)s,", name=proposal.registration.titled_name)]
        if state is ProposalState.ACCEPTED:
            subject = _("Your proposal is accepted")
            paragraphs += [
                _(
                    "we are glad to take your proposal “%(title)s” into the agenda. Thank you."
                    " Day, time and room follow with the agenda.",
                    title=proposal.title,
                ),
                _("Please tell us early if you cannot come."),
            ]
        else:
            subject = _("Your proposal cannot be included")
            paragraphs += [
                _(
                    "we cannot include your proposal “%(title)s” this time: there were more"
                    " proposals than the agenda has room for. Thank you for the work that you"
                    " put into it.",
                    title=proposal.title,
                ),
                _("We look forward to seeing you, and to your experience in the discussions."),
            ]
        return ProposalLetter(subject, "\n\n".join(paragraphs))


def answer(proposal: Proposal, letter: ProposalLetter) -> None:
    """Queue the letter to whoever proposed it, with the link to their proposals."""
    registration = proposal.registration
    workshop = registration.workshop
    mail = compose(
        "contributions/mail/answer",
        workshop=workshop,
        subject=letter.subject,
        body=letter.body,
    )
    queue_mail(
        recipient=registration.email,
        recipient_name=registration.full_name,
        reply_to=workshop.contact_email,
        workshop_id=workshop.id,
        link=personal_link(workshop, registration.id, page="/contributions"),
        **mail._asdict(),
    )


def one_decimal(value: float) -> str:
    """'4,3'."""
    return str(format_decimal(value, format="0.0"))
