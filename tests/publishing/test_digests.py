"""Who is told of a release, once each, and what stands in the mail and its calendar file."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app.agenda.draft.people import set_people
from app.agenda.draft.service import delete_session
from app.agenda.models import SessionPerson, SessionRole, Speaker
from app.extensions import db
from app.outbox.models import Message
from app.outbox.service import draw_link
from app.publishing.service import publish
from app.workshops.models import Workshop
from tests.agenda.programme import add_session
from tests.counting import counted_queries
from tests.pages import Visitor

Mails = Callable[[], list[Message]]


def entries(mail: Message) -> dict[str, tuple[str, int, str]]:
    """Summary → UID, sequence, status of the entries in the attached file."""
    (file,) = mail.attachments
    calendar = Calendar.from_ical(file.content)
    assert isinstance(calendar, Calendar)
    assert calendar["method"] == "PUBLISH"
    assert file.content_type.endswith("method=PUBLISH")
    return {
        str(e["summary"]): (str(e["uid"]), e.sequence, str(e["status"])) for e in calendar.events
    }


def confirmed() -> set[str]:
    rows = db.session.execute(
        sa.select(Speaker.name)
        .join(SessionPerson, SessionPerson.speaker_id == Speaker.id)
        .where(SessionPerson.confirmed_at.is_not(None))
    )
    return {row.name for row in rows}


def test_each_gets_one_mail_with_all_that_concerns_them(
    workshop: Workshop, agenda: SimpleNamespace, mails: Mails
) -> None:
    before = len(mails())
    agenda.talk.starts_at += timedelta(minutes=30)
    agenda.talk.ends_at += timedelta(minutes=30)
    agenda.talk.room_id = agenda.elster.id
    delete_session(workshop, agenda.group.id, version=agenda.group.version)

    published = publish(workshop, "Wegen der Technik.")
    db.session.commit()

    told = {mail.recipient: mail for mail in mails()[before:]}
    assert published.mails == len(mails()) - before == 4
    assert set(told) == {
        "karla@polizei.example.org",
        "zaneta@polizei.example.org",
        "joerg@polizei.example.org",
        "OELCER@lka.example.org",
    }
    karla, joerg = told["karla@polizei.example.org"], told["joerg@polizei.example.org"]
    assert karla.subject == "Polizei & Social Media: Änderungen im Programm"
    assert karla.recipient_name == "Karla Großmann"
    for part in (
        "Guten Tag Karla Großmann,",
        "Wegen der Technik.",
        "„Lage im Netz“\nSie haben sich diesen Punkt gemerkt\n",
        " 09:00, Plenarsaal nach ",
        " 09:30, Elster\n",
        "09:30–10:30 Uhr, Elster",
        "„Kurzformate“\nSie haben einen Platz\n\n- Entfällt: ",
        "Mein Programm öffnen",
    ):
        assert part in karla.text
    assert "Wegen der Technik." in karla.html
    assert entries(karla) == {
        "Lage im Netz": (agenda.talk.uid, 1, "CONFIRMED"),
        "Kurzformate": (agenda.group.uid, 1, "CANCELLED"),
    }
    assert set(entries(told["zaneta@polizei.example.org"])) == {"Kurzformate"}
    # Who speaks hears of it as a speaker only, though the session is also noted.
    assert "Sie tragen vor" in joerg.text
    assert "gemerkt" not in joerg.text
    assert "Termin bestätigen" in joerg.text
    assert (joerg.link_purpose, joerg.link_path) == (
        "registration",
        f"/{workshop.slug}/speaker/{{token}}",
    )
    assert told["OELCER@lka.example.org"].link_purpose == "speaker"
    assert (karla.link_subject_id, karla.link_path) == (
        agenda.Karla.id,
        f"/{workshop.slug}/registration/{{token}}/agenda",
    )
    assert confirmed() == set(), "a slot that is elsewhere is confirmed anew"


def test_the_links_open_the_pages_that_they_name(
    workshop: Workshop, agenda: SimpleNamespace, mails: Mails, visitor: Visitor
) -> None:
    before = len(mails())
    agenda.talk.title = "Neue Lage im Netz"
    publish(workshop)
    headings = {}
    for mail in mails()[before:]:
        assert mail.link_purpose and mail.link_subject_id and mail.link_path  # noqa: PT018
        token = draw_link(mail.link_purpose, mail.link_subject_id, expires_at=mail.link_expires_at)
        page = visitor.get(mail.link_path.format(token=token))
        assert "Neue Lage im Netz" in page.text()
        headings[mail.recipient] = page.text("h1")
    assert headings["karla@polizei.example.org"] == "Mein Programm"
    assert len(headings) == 3


def test_a_first_release_tells_those_who_speak_and_nobody_else(
    workshop: Workshop, mails: Mails
) -> None:
    add_session(workshop, "Lage im Netz", speakers="Nil Ölçer\nOhne Adresse", chair="Nil Ölçer")
    db.session.query(Speaker).filter_by(name="Nil Ölçer").one().email = "n@lka.example.org"
    publish(workshop)
    (mail,) = mails()
    assert mail.subject == "Polizei & Social Media: Ihr Programmpunkt"
    assert "das Programm ist veröffentlicht." in mail.text
    assert "Sie tragen vor" in mail.text
    assert ", 09:00–10:00 Uhr" in mail.text
    assert [entry[1:] for entry in entries(mail).values()] == [(0, "CONFIRMED")]


def test_who_joins_and_who_leaves(
    workshop: Workshop, agenda: SimpleNamespace, mails: Mails
) -> None:
    before = len(mails())
    agenda.talk.title = "Lage & Netz <neu>"
    set_people(agenda.talk, SessionRole.CHAIR, "Zoë Neu")
    db.session.query(Speaker).filter_by(name="Zoë Neu").one().email = "zoe@example.org"
    publish(workshop)
    told = {mail.recipient: mail for mail in mails()[before:]}
    assert set(told) == {
        "karla@polizei.example.org",
        "joerg@polizei.example.org",
        "OELCER@lka.example.org",
        "zoe@example.org",
    }
    leaving, joining = told["OELCER@lka.example.org"], told["zoe@example.org"]
    assert "„Lage & Netz <neu>“\nSie sind hier nicht mehr eingeplant" in leaving.text
    assert "Lage &amp; Netz &lt;neu&gt;" in leaving.html
    assert entries(leaving) == {"Lage & Netz <neu>": (agenda.talk.uid, 1, "CANCELLED")}
    assert "Sie sind hier neu eingeplant" in joining.text
    assert "Termin bestätigen" in joining.text
    assert "Moderation: Zoë Neu statt Nil Ölçer, LKA" in told["karla@polizei.example.org"].text
    assert "Termin bestätigen" not in told["joerg@polizei.example.org"].text
    assert confirmed() == {"Jörg Weiß"}, "neither time nor room has changed"


@pytest.mark.parametrize("notify", [True, False])
def test_no_mail_for_a_corrected_text_or_without_the_wish(
    workshop: Workshop, agenda: SimpleNamespace, mails: Mails, notify: bool
) -> None:
    before = len(mails())
    agenda.talk.abstract = "Ohne Tippfehler."
    if not notify:
        agenda.talk.room_id = None
    assert publish(workshop, notify=notify).mails == 0
    assert len(mails()) == before
    assert bool(confirmed()) is notify


def test_a_session_that_comes_back_counts_on(
    workshop: Workshop, agenda: SimpleNamespace, mails: Mails
) -> None:
    place = agenda.talk.starts_at, agenda.talk.ends_at
    agenda.talk.starts_at = agenda.talk.ends_at = None
    publish(workshop)
    assert confirmed() == {"Jörg Weiß", "Nil Ölçer"}
    agenda.talk.starts_at, agenda.talk.ends_at = place
    publish(workshop)
    assert confirmed() == set()
    karla = [m for m in mails() if m.recipient == "karla@polizei.example.org"]
    assert [entries(mail)["Lage im Netz"][1:] for mail in karla] == [
        (1, "CANCELLED"),
        (2, "CONFIRMED"),
    ]
    assert "- Neu: " in karla[1].text


def test_questions_to_the_database_do_not_grow_with_people(
    workshop: Workshop, agenda: SimpleNamespace
) -> None:
    counts = []
    for count in (1, 8):
        for number in range(count):
            add_session(workshop, f"Sitzung {count}-{number}", speakers=f"Gast {number}")
        for speaker in db.session.query(Speaker).filter_by(email="", registration_id=None):
            speaker.email = f"gast{speaker.id}@example.org"
        agenda.talk.title += "!"
        db.session.commit()
        db.session.expire_all()
        with counted_queries() as queries:
            publish(workshop)
        counts.append(len(queries))
        db.session.commit()
    assert counts[0] == counts[1] <= 20
