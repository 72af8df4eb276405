"""A queued mail as the message that travels (RFC 5322): Flask-Mail's, with headers of our own."""

import re
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.message import Message as Part
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Any

import flask_mail

from app.outbox.compose import LANGUAGE
from app.outbox.headers import WRITTEN, add_filename, encode_address, encode_text
from app.outbox.models import Message
from app.outbox.service import LINK_MARK
from app.web.mail_addresses import ascii_domain, wire_address

HEADERS = {
    "Auto-Submitted": "auto-generated",  # RFC 3834: no automatic answers, please
    "X-Auto-Response-Suppress": "OOF, AutoReply",  # the same for Exchange (MS-OXCMAIL)
}
# Stricter than RFC 5322: quoted local parts only ever come from somebody who tries something.
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")
_CONTENT_TYPE = re.compile(r"(?P<kind>[\w.+-]+/[\w.+-]+)(?P<parameters>(; ?[\w-]+=[\w.+-]+){0,9})")
# Quoted-printable keeps lines short: a server may break one of 998 octets inside of a letter.
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP


class Letter(flask_mail.Message):
    """Flask-Mail's message to one person, all in ASCII and short lines.

    What Flask-Mail builds of it would be folded anew by Python's `email`, which loses spaces.
    """

    def __init__(
        self, *, message_id: str, sender_name: str, recipient_name: str, **values: Any
    ) -> None:
        super().__init__(**values)
        self.msgId = message_id
        self.sender_name, self.recipient_name = sender_name, recipient_name

    def _message(self) -> MIMEBase:
        text = MIMEMultipart("alternative", policy=WRITTEN)
        text.attach(_text(self.body or "", "plain"))
        text.attach(_text(self.html or "", "html"))
        letter = text
        if self.attachments:
            letter = MIMEMultipart(policy=WRITTEN)
            letter.attach(text)
            for attachment in self.attachments:
                letter.attach(_file(attachment))
        self._add_headers(letter)
        return letter

    def _add_headers(self, letter: Part) -> None:
        letter["From"] = encode_address(self.sender_name, str(self.sender), name="From")
        letter["To"] = encode_address(self.recipient_name, str(self.recipients[0]), name="To")
        if self.reply_to:
            letter["Reply-To"] = str(self.reply_to)
        letter["Subject"] = encode_text(self.subject, name="Subject")
        letter["Date"] = format_datetime(datetime.fromtimestamp(self.date or 0, UTC))
        letter["Message-ID"] = self.msgId
        letter["Content-Language"] = LANGUAGE
        for name, value in (self.extra_headers or {}).items():
            letter[name] = value


def write_letter(message: Message, *, sender: str, link: str | None) -> Letter:
    """The mail with its secret link in place.

    `sender` is the installation's, with or without a name; the mail's own name goes before it.
    Raises ValueError where the stored values would not make a correct header.
    """
    name, address = parseaddr(sender)
    link = link or LINK_MARK
    return Letter(
        message_id=message.message_id,
        sender_name=message.sender_name or name,
        sender=sender_address(address),
        recipient_name=message.recipient_name,
        recipients=[wire_address(message.recipient)],
        subject=message.subject,
        body=message.text.replace(LINK_MARK, link),
        html=message.html.replace(LINK_MARK, escape(link)),
        reply_to=wire_address(message.reply_to) if message.reply_to else None,
        date=message.created_at.timestamp(),
        attachments=[
            flask_mail.Attachment(file.filename, file.content_type, file.content)
            for file in message.attachments
        ],
        extra_headers=HEADERS,
    )


def sender_address(address: str) -> str:
    """An address that mails may come from, as mail servers are told it.

    Unlike people's it may be on a machine of the own network. Raises ValueError if it is none.
    """
    local, _at, domain = address.rpartition("@")
    if not _LOCAL_PART.fullmatch(local):
        raise ValueError("not an e-mail address")
    return f"{local}@{ascii_domain(domain)}"


def _text(text: str, subtype: str) -> MIMEText:
    part = MIMEText(text, subtype, _UTF8, policy=WRITTEN)  # type: ignore[arg-type]  # documented
    part["Content-Language"] = LANGUAGE
    return part


def _file(attachment: flask_mail.Attachment) -> Part:
    if not _CONTENT_TYPE.fullmatch(attachment.content_type):
        raise ValueError("not a content type")
    part = Part(policy=WRITTEN)
    part["Content-Type"] = attachment.content_type
    part.set_payload(attachment.data)
    encode_base64(part)
    add_filename(part, attachment.filename or "")
    return part
