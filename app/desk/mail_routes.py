"""The mails of a workshop at the desk: what waits, went out or failed, and sending it again.

The pages stand here and not in the outbox, which lies below workshops and accounts.
"""

from flask import Blueprint, abort, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.journal import record
from app.accounts.rights import Right
from app.extensions import db
from app.outbox.models import Message, Outcome, Problem
from app.outbox.queries import count_messages, find_message, list_copies, list_messages
from app.outbox.service import LINK_MARK, CannotSend, send_again, send_now
from app.web.access import needs
from app.web.commands import to
from app.web.texts import clean_line
from app.workshops.current import current_workshop

bp = Blueprint("outbox", __name__)

OUTCOMES = {
    Outcome.WAITING: _l("Waiting"),
    Outcome.SENDING: _l("Being sent"),
    Outcome.SENT: _l("Sent"),
    Outcome.KEPT: _l("Kept as a file"),
    Outcome.FAILED: _l("Failed"),
    Outcome.WITHDRAWN: _l("Withdrawn"),
}
MARKS = {
    Outcome.WAITING: "info",
    Outcome.SENDING: "info",
    Outcome.SENT: "success",
    Outcome.KEPT: "plain",
    Outcome.FAILED: "danger",
    Outcome.WITHDRAWN: "plain",
}
PROBLEMS = {
    Problem.SERVER: _l("The mail server of this site cannot be used at present."),
    Problem.POSTPONED: _l("The recipient’s mail server asks to try again later."),
    Problem.REFUSED: _l("The recipient’s mail server refuses this e-mail. Check the address."),
    Problem.ADDRESS: _l("No e-mail can be sent to this address. Check how it is written."),
    Problem.LINK_EXPIRED: _l("The personal link in this e-mail expired before it could be sent."),
}


@bp.get("/<slug>/desk/mail")
@needs(Right.HANDLE_MAIL)
def messages() -> str:
    """The list, newest first; by state, and searched by recipient."""
    wanted = request.args.get("state", "")
    outcome = Outcome(wanted) if wanted in set(Outcome) else None
    search = clean_line(request.args.get("q")) or ""
    found = list_messages(
        current_workshop.id,
        outcome=outcome,
        search=search,
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "outbox/messages.html",
        found=found,
        counts=count_messages(current_workshop.id, search=search),
        outcome=outcome,
        search=search,
        outcomes=OUTCOMES,
        marks=MARKS,
    )


@bp.get("/<slug>/desk/mail/<int:message_id>")
@needs(Right.HANDLE_MAIL)
def message(message_id: int) -> str:
    """One mail as it goes out, and what became of it."""
    return _show(_get(message_id))


@bp.post("/<slug>/desk/mail/<int:message_id>/send-now")
@needs(Right.HANDLE_MAIL)
def send_message_now(message_id: int) -> Response | tuple[str, int]:
    """Try a waiting or failed mail at once."""
    chosen = _get(message_id)
    try:
        send_now(chosen)
    except CannotSend as refusal:
        return _show(chosen, refusal.message), 422
    record("mail.sent_now", subject="mail", subject_id=chosen.id, workshop_id=current_workshop.id)
    db.session.commit()
    flash(_("The e-mail is being sent."), "success")
    return to("outbox.message", message_id=chosen.id)


@bp.post("/<slug>/desk/mail/<int:message_id>/send-again")
@needs(Right.HANDLE_MAIL)
def send_message_again(message_id: int) -> Response | tuple[str, int]:
    """Send a copy of a mail that went out."""
    chosen = _get(message_id)
    try:
        copy = send_again(chosen)
    except CannotSend as refusal:
        return _show(chosen, refusal.message), 422
    record("mail.sent_again", subject="mail", subject_id=copy.id, workshop_id=current_workshop.id)
    db.session.commit()
    flash(_("A copy of the e-mail is being sent."), "success")
    return to("outbox.message", message_id=copy.id)


def _get(message_id: int) -> Message:
    return find_message(current_workshop.id, message_id) or abort(404)


def _show(chosen: Message, refusal: str | None = None) -> str:
    return render_template(
        "outbox/message.html",
        message=chosen,
        copies=list_copies(chosen),
        text=chosen.text.replace(LINK_MARK, "[" + _("personal link") + "]"),
        refusal=refusal,
        outcomes=OUTCOMES,
        marks=MARKS,
        problems=PROBLEMS,
    )
