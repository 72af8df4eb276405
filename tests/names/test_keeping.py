"""Names with all letters of DIN 91379 are typed, kept, shown, mailed and exported unchanged."""

import json
import unicodedata
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar
from lxml import etree

from app.agenda.exports.agenda_json import agenda_json
from app.agenda.exports.calendar import agenda_calendar
from app.agenda.exports.frab import schedule_xml
from app.agenda.releases import service as releases
from app.extensions import db, now
from app.materials.inspection import clean_name
from app.outbox.letters import write_letter
from app.outbox.models import Attachment, Message
from app.registration.models import Registration
from app.web.forms import NoControlCharacters
from app.web.texts import clean_line, clean_text
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_session
from tests.names.letters import ALL, NAMES
from tests.pages import Visitor


def chunks(longest: int) -> list[str]:
    """All letters and signs in names of at most so many characters."""
    made = [""]
    for letter in ALL:
        text = letter.text.strip() or "x"
        if len(made[-1]) + len(text) > longest:
            made.append("")
        made[-1] += text
    return [f"A{text}b" for text in made]


@pytest.mark.parametrize("letter", ALL, ids=lambda letter: ascii(letter.text))
def test_forms_leave_each_letter_as_it_is(letter) -> None:  # type: ignore[no-untyped-def]
    name = f"A{letter.text}b"
    for clean in (clean_line, clean_text):
        assert clean(name) == name
        assert clean(unicodedata.normalize("NFD", name)) == name
    field = type("Typed", (), {"data": name})()
    NoControlCharacters()(None, field)  # raises if it refuses
    assert clean_name(f"{name}.pdf") == f"{name}.pdf"


def test_the_desk_takes_keeps_and_shows_all_letters(organiser: Visitor, workshop: Workshop) -> None:
    registration = factories.make_registration(workshop)
    db.session.commit()
    address = f"/{workshop.slug}/desk/participants/{registration.id}"
    for text in chunks(70):
        page = organiser.get(f"{address}/edit")
        page = organiser.submit(page, {"last_name": unicodedata.normalize("NFD", text)})
        assert page.all("[aria-invalid=true]") == []
        db.session.expire_all()
        assert db.session.get_one(Registration, registration.id).last_name == text
        assert text in organiser.get(address).text("h1")


@pytest.mark.parametrize("start", range(0, len(NAMES), 100))
def test_mails_name_people_as_they_are_written(workshop: Workshop, start: int) -> None:
    for name in NAMES[start : start + 100]:
        message = Message(
            recipient="a@example.org",
            recipient_name=name,
            subject=f"Für {name}",
            text=f"Guten Tag, {name}",
            html=f"<p>{name}</p>",
            message_id="<1@example.org>",
            created_at=now(),
            attachments=[
                Attachment(filename=f"{name}.pdf", content_type="application/pdf", content=b"%PDF-")
            ],
        )
        sent = write_letter(message, sender="b@example.org", link=None).as_bytes()
        read = message_from_bytes(sent, policy=policy.default)

        shown = " ".join(name.replace(",", " ").split())
        assert read["To"].addresses[0].display_name == shown
        assert read["Subject"] == f"Für {name}"
        body = read.get_body(("plain",))
        assert body is not None
        assert body.get_content().strip() == f"Guten Tag, {name}"
        assert [part.get_filename() for part in read.iter_attachments()] == [f"{name}.pdf"]


def test_exports_hold_names_as_they_are(workshop: Workshop) -> None:
    titles = chunks(150)
    for title in titles:
        add_session(workshop, title)
    releases.release(workshop)
    db.session.commit()
    release = releases.shown_release(workshop)
    assert release is not None

    events = Calendar.from_ical(agenda_calendar(workshop, release.content)).walk("VEVENT")
    assert sorted(str(event["SUMMARY"]) for event in events) == sorted(titles)
    found = etree.fromstring(schedule_xml(workshop, release)).findall(".//event/title")
    assert sorted(str(title.text) for title in found) == sorted(titles)
    told = json.dumps(agenda_json(workshop, release), ensure_ascii=False)
    assert [title for title in titles if json.dumps(title, ensure_ascii=False) not in told] == []
