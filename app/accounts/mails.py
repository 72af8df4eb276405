"""Mails about accounts."""

from app.accounts.models import Account
from app.outbox.compose import compose
from app.outbox.service import SecretLink, queue_mail


def queue_invitation(account: Account, link: SecretLink) -> None:
    """Somebody was given an account and sets a password."""
    _queue("accounts/mail/invitation", account, link)


def queue_password_link(account: Account, link: SecretLink) -> None:
    """Somebody has forgotten the password, or says so."""
    _queue("accounts/mail/password_link", account, link)


def queue_password_changed(account: Account) -> None:
    """Whoever did not do this learns of it."""
    _queue("accounts/mail/password_changed", account)


def _queue(template: str, account: Account, link: SecretLink | None = None) -> None:
    queue_mail(
        recipient=account.email,
        recipient_name=account.name,
        link=link,
        **compose(template, account=account)._asdict(),
    )
