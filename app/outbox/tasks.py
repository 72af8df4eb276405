"""Jobs that send mail, and the call that wakes the worker once mail is committed."""

import logging

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.jobs import every_minute, job
from app.outbox.delivery import deliver_due
from app.outbox.service import QUEUED

log = logging.getLogger(__name__)


@job
def deliver() -> None:
    """Send what is due. Two at once do no harm: each mail is claimed by one of them."""
    if deliver_due():
        deliver()


@every_minute
def deliver_waiting() -> None:
    """Find what is due again, and what a lost call left lying."""
    deliver()


@event.listens_for(Session, "after_commit")
def _wake_worker(session: Session) -> None:
    """Have mail sent that the transaction queued. The worker also looks by itself."""
    if session.in_nested_transaction() or not session.info.pop(QUEUED, False):
        return
    try:
        deliver()
    except Exception as error:  # the mail is safe in the database, whatever ails the queue
        log.warning("worker not woken: %s", type(error).__name__)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(QUEUED, None)
