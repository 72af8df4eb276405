"""The octets of a mail: the same for a mail server and for a file, and safe for any relay."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.outbox.delivery import deliver_due
from app.outbox.letters import write_letter
from app.outbox.models import Message, MessageState
from app.outbox.service import File, queue_mail
from tests.mail_server import MailServer
from tests.outbox.letters import make_due, queue
from tests.outbox.readers import filename_of, headers_of, read_by_perl

Mails = Callable[[], list[Message]]
TITLE = "Frühjahrstagung Öffentlichkeitsarbeit"
LONG = "Ein Absatz ohne Ende, für Größe und Übermaß; 🎥 " * 200
CALENDAR = File(
    filename="Öffentlichkeitsarbeit für alle, Teil 2; die Übung mit einem sehr langen Namen.ics",
    content_type="text/calendar; charset=utf-8; method=PUBLISH",
    content=f"BEGIN:VCALENDAR\r\nDESCRIPTION:{LONG}\r\nEND:VCALENDAR\r\n".encode(),
)


def queue_large() -> Message:
    return queue(
        subject=f"{TITLE}: Sie haben einen Platz in „Für Öffentlichkeitsarbeit geübt“",
        recipient_name="Prof. Dr. Żaneta Łuczak-Größe von der Lühe-Müller-Öffentlichkeitsfreund",
        sender_name=f"{TITLE} (2027)",
        reply_to="kontakt@polizei-köln.example",
        text=f"{LONG}\n.\nFrom hier an\n-- \nGruß",
        html=f"<p>{LONG}</p>",
        attachments=(CALENDAR,),
    )


def without_boundaries(letter: bytes) -> bytes:
    return re.sub(rb"=+\d+==", b"boundary", letter)


def test_a_file_holds_what_a_server_would_be_given(
    ctx: Flask, mail_server: MailServer, mail_settings: Callable[..., None], mails: Mails
) -> None:
    queue_large()
    deliver_due()
    (message,) = mails()
    message.state, message.sent_at = MessageState.WAITING, None
    make_due(message)
    mail_settings(MAIL_SERVER=None)
    deliver_due()

    folder = Path(ctx.config["INSTANCE_DIR"]) / "mail"
    file = folder / f"{message.message_id.strip('<>').split('@')[0]}.eml"
    (sent,) = mail_server.as_sent
    assert without_boundaries(file.read_bytes()) == without_boundaries(sent)


def test_no_relay_has_to_touch_a_letter(mail_server: MailServer, mails: Mails) -> None:
    queue_large()

    deliver_due()

    (letter,) = mail_server.as_sent
    assert letter.isascii()
    assert b"\n" not in letter.replace(b"\r\n", b"")
    # Postfix breaks lines at 998 octets, also inside of a letter.
    assert max(map(len, letter.split(b"\r\n"))) <= 100
    (read,) = mail_server.arrived
    text, html, calendar = (part for part in read.walk() if not part.is_multipart())
    assert text.get_content().replace("\r\n", "\n") == mails()[0].text
    assert html.get_content().strip() == mails()[0].html
    assert calendar.get_payload(decode=True) == CALENDAR.content


def test_other_programs_read_headers_as_they_were_meant(mail_server: MailServer) -> None:
    queue_large()

    deliver_due()

    headers = headers_of(mail_server.as_sent[0])
    subject, to, sender = read_by_perl([headers[name] for name in ("subject", "to", "from")])
    assert subject == f"{TITLE}: Sie haben einen Platz in „Für Öffentlichkeitsarbeit geübt“"
    assert to == (
        "Prof. Dr. Żaneta Łuczak-Größe von der Lühe-Müller-Öffentlichkeitsfreund <kim@example.org>"
    )
    assert sender == f"{TITLE} (2027) <tagungsbuero@localhost>"
    assert headers["reply-to"] == "kontakt@xn--polizei-kln-zfb.example"
    assert mail_server.senders == ["tagungsbuero@localhost"]
    disposition = re.search(
        rb"\r\nContent-Disposition: ([^\r]*(\r\n [^\r]*)*)", mail_server.as_sent[0]
    )
    assert disposition is not None
    assert filename_of(disposition[1].decode()) == CALENDAR.filename


def test_the_language_stands_on_the_mail_and_on_its_texts(mail_server: MailServer) -> None:
    queue_large()

    deliver_due()

    (letter,) = mail_server.arrived
    assert letter["Content-Language"] == "de"
    languages = {
        part.get_content_type(): part["Content-Language"]
        for part in letter.walk()
        if not part.is_multipart()
    }
    assert languages == {"text/plain": "de", "text/html": "de", "text/calendar": None}


def test_a_mail_without_a_name_of_its_own_has_the_installations(ctx: Flask) -> None:
    message = queue_mail(recipient="kim@example.org", subject="-", text="-", html="-")

    letter = write_letter(message, sender="Tagungsbüro <tagung@example.org>", link=None)

    (sender,) = read_by_perl([headers_of(letter.as_bytes())["from"]])
    assert sender == "Tagungsbüro <tagung@example.org>"


@pytest.mark.parametrize(
    "sender", ["", "niemand", "tagung@", "tägung@example.org", "a b@example.org", "x@-"]
)
def test_an_address_that_no_mail_can_come_from_is_refused_at_the_start(
    make_app: Callable[..., Flask], tmp_path: Path, sender: str
) -> None:
    with pytest.raises(ValueError, match="MAIL_DEFAULT_SENDER"):
        make_app(INSTANCE_DIR=tmp_path, DATABASE_URL="sqlite://", MAIL_DEFAULT_SENDER=sender)
