"""What belongs to no workshop and ends all the same: mails about accounts, links, sign-ins."""

from datetime import datetime, timedelta

from flask import current_app

from app.accounts.models import SignIn
from app.agenda.intake.plans import KEPT
from app.agenda.models import AgendaImport
from app.outbox.forgetting import delete_mails
from app.outbox.models import MailLink, Message
from app.privacy.rows import delete_rows
from app.registration.drafts import LIFETIME
from app.registration.models import Draft


def delete_overdue_of_installation(at: datetime) -> dict[str, int]:
    """Delete what is due then; how many rows of what. Flushes."""
    mails_until = at - timedelta(days=current_app.config["ACCOUNT_MAIL_DAYS"])
    sign_ins_until = at - timedelta(hours=current_app.config["SESSION_HOURS"])
    deleted = {
        "mails": delete_mails(Message.workshop_id.is_(None), Message.created_at < mails_until),
        "links": delete_rows(MailLink, MailLink.expires_at <= at),
        "sign-ins": delete_rows(SignIn, SignIn.created_at <= sign_ins_until),
        "drafts": delete_rows(Draft, Draft.updated_at < at - LIFETIME),
        "imports": delete_rows(AgendaImport, AgendaImport.created_at < at - KEPT),
    }
    return {what: count for what, count in deleted.items() if count}
