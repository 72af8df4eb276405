"""A queued mail as the message that travels (RFC 5322)."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from html import escape

from app.outbox.models import Attachment, Message
from app.outbox.service import LINK_MARK

# Stricter than RFC 5322: quoted local parts only ever come from somebody who tries something.
_LOCAL_PART = re.compile(r"[^\s\x00-\x1f\x7f@,<>()\[\]:;\"\\]+")
# Python's email package loses the quotes around them when it folds a long line, and what stands
# behind a comma would become another recipient.
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


def write_letter(message: Message, *, sender: str, link: str | None) -> EmailMessage:
    """The mail with its secret link in place.

    Raises ValueError where the stored values would not make a correct header.
    """
    letter = EmailMessage(policy=SMTP)
    letter["From"] = _address(*parseaddr(sender))
    letter["To"] = _address(message.recipient_name, message.recipient)
    if message.reply_to:
        letter["Reply-To"] = _address("", message.reply_to)
    letter["Subject"] = message.subject
    letter["Date"] = message.created_at
    letter["Message-ID"] = message.message_id
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers, please
    letter["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # the same for Exchange (MS-OXCMAIL)
    letter["Content-Language"] = "de"
    link = link or LINK_MARK
    letter.set_content(message.text.replace(LINK_MARK, link), cte="quoted-printable")
    letter.add_alternative(
        message.html.replace(LINK_MARK, escape(link)), subtype="html", cte="quoted-printable"
    )
    for attachment in message.attachments:
        _attach(letter, attachment)
    return letter


def envelope_address(address: str) -> str:
    """The address as mail servers understand it: an international domain in ASCII (IDNA).

    Raises ValueError if it is no address.
    """
    local, _, domain = address.rpartition("@")
    domain = domain.encode("idna").decode()  # UnicodeError is a ValueError
    if not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ValueError("not an e-mail address")
    return f"{local}@{domain}"


def _address(name: str, address: str) -> Address:
    local, _, domain = envelope_address(address).rpartition("@")
    shown = " ".join(_SPECIALS.sub(" ", name).split())
    return Address(display_name=shown, username=local, domain=domain)


def _attach(letter: EmailMessage, attachment: Attachment) -> None:
    parsed = EmailMessage()
    parsed["Content-Type"] = attachment.content_type
    kind = parsed["Content-Type"]
    letter.add_attachment(
        attachment.content,
        maintype=kind.maintype,
        subtype=kind.subtype,
        filename=attachment.filename,
        params=dict(kind.params),
    )
