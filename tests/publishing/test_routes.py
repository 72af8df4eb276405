"""The releases' pages at the desk, and the changes for everybody."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from lxml import etree

from app.accounts.models import Role
from app.agenda.models import AgendaSession
from app.agenda.releases.service import find_release, shown_content
from app.extensions import db
from app.outbox.models import Message
from app.publishing.service import publish
from app.workshops.models import Workshop
from tests.agenda.programme import add_session
from tests.counting import counted_queries
from tests.pages import Visitor

Mails = Callable[[], list[Message]]


def desk(workshop: Workshop) -> str:
    return f"/{workshop.slug}/desk/agenda"


def test_preview_then_release_with_comment_and_mails(
    workshop: Workshop, agenda: SimpleNamespace, organiser: Visitor, mails: Mails
) -> None:
    before = len(mails())
    agenda.talk.starts_at += timedelta(minutes=30)
    agenda.talk.ends_at += timedelta(minutes=30)
    agenda.group.abstract = "Nur der Text."
    page = organiser.get(f"{desk(workshop)}/releases/new")
    assert page.texts("h1") == ["Fassung 2 veröffentlichen"]
    assert page.texts(".changes__title") == ["Lage im Netz", "Kurzformate"]
    assert "auf" in page.texts(".changes__lines li")[0]
    assert page.texts(".changes__reach dt") == ["Vortragende", "Moderation", "Gemerkt"]
    assert page.texts(".changes__reach dd") == [
        "Jörg Weiß",
        "Nil Ölçer",
        "Karla Großmann, Jörg Weiß",
    ]
    assert "Kein Anlass für eine E-Mail" in page.text()
    assert "3 Personen sind betroffen." in page.text()

    page = organiser.submit(page, {"comment": "Wegen der Technik."})
    assert page.path.endswith("/releases")
    assert "Fassung 2 ist veröffentlicht. 3 E-Mails sind auf dem Weg." in page.text()
    assert page.texts("tbody td:nth-child(4)") == ["2", "Erste Fassung"]
    assert "Erika Beispiel" in page.text("tbody tr:first-child")
    assert len(mails()) == before + 3

    page = organiser.get(f"{desk(workshop)}/releases/new")
    assert page.all("main form") == []
    assert "Seit der letzten Fassung hat sich nichts geändert." in page.text()


def test_a_stale_preview_is_shown_anew_and_nothing_typed_is_lost(
    workshop: Workshop, agenda: SimpleNamespace, organiser: Visitor, mails: Mails
) -> None:
    agenda.talk.title = "Erste Änderung"
    page = organiser.get(f"{desk(workshop)}/releases/new")
    agenda.talk.title = "Zweite Änderung"
    db.session.commit()
    page = organiser.submit(page, {"comment": "Mein Text", "notify": None}, status=422)
    assert "Der Entwurf hat sich inzwischen geändert." in page.text(".error-summary")
    assert page.texts(".changes__title") == ["Zweite Änderung"]
    assert page.form_values()["comment"] == ["Mein Text"]
    assert "notify" not in page.form_values()
    before = len(mails())
    page = organiser.submit(page)
    assert "Fassung 2 ist veröffentlicht." in page.text()
    assert len(mails()) == before

    organiser.submit(organiser.get(f"{desk(workshop)}/withdraw"), form="main form")
    page = organiser.get(f"{desk(workshop)}/releases/new")
    page = organiser.submit(page, {"comment": "x" * 1001}, status=422)
    assert page.errors() == {"comment": "Verwenden Sie höchstens 1000 Zeichen."}


def test_an_earlier_release_is_read_and_restored(
    workshop: Workshop, agenda: SimpleNamespace, organiser: Visitor
) -> None:
    agenda.talk.title = "Anders"
    publish(workshop, "Neue Fassung")
    page = organiser.get(f"{desk(workshop)}/releases/1")
    assert "Lage im Netz" in page.text()
    assert "Anders" not in page.text()
    page = organiser.get(f"{desk(workshop)}/releases/2")
    assert page.texts(".changes__lines li") == ["Bisheriger Titel: „Lage im Netz“"]

    extra = add_session(workshop, "Dazugekommen")
    page = organiser.get(f"{desk(workshop)}/releases/1/restore")
    assert "Kommt in die Ablage" in page.text()
    agenda.group.title = "Inzwischen"
    page = organiser.submit(page, status=422)
    assert "Inzwischen" in page.text()
    page = organiser.submit(page)
    assert "Der Entwurf ist wieder Fassung 1." in page.text()
    db.session.expire_all()
    assert db.session.get_one(AgendaSession, extra.id).starts_at is None
    assert agenda.talk.title == "Lage im Netz"
    content = shown_content(workshop)
    assert content is not None
    assert content["sessions"][0]["title"] == "Anders"
    page = organiser.get(f"{desk(workshop)}/releases/1/restore")
    assert page.all("main form") == []


def test_everybody_reads_what_changed(
    workshop: Workshop, agenda: SimpleNamespace, visitor: Visitor, organiser: Visitor
) -> None:
    agenda.talk.starts_at = agenda.talk.ends_at = None
    publish(workshop, "Leider <b>krank</b>.")
    page = visitor.get(f"/{workshop.slug}/agenda/changes")
    assert page.texts("h2") == ["Fassung 2", "Fassung 1"]
    assert "Leider <b>krank</b>." in page.text()
    assert "Entfällt: " in page.text(".changes__lines")
    assert "Erste Fassung des Programms." in page.text()
    for secret in ("Großmann", "Betrifft", "Gemerkt"):
        assert secret not in page.text()
    link = f"/{workshop.slug}/agenda/changes"
    assert visitor.get(f"/{workshop.slug}/agenda").all(f"a[href='{link}']")

    feed = visitor.client.get(f"{link}.atom")
    assert feed.mimetype == "application/atom+xml"
    root = etree.fromstring(feed.data)
    atom = "{http://www.w3.org/2005/Atom}"
    assert [e.text for e in root.iter(f"{atom}id")] == [
        f"http://localhost{link}",
        f"http://localhost{link}#release-2",
        f"http://localhost{link}#release-1",
    ]
    content = root.find(f"{atom}entry/{atom}content")
    assert (content.get("type"), len(content)) == ("xhtml", 1)
    told = ["|".join(p.itertext()) for p in content.iter("{http://www.w3.org/1999/xhtml}p")]
    assert told[0] == "Leider <b>krank</b>."
    assert told[1].startswith("Lage im Netz|Entfällt: ")

    workshop.agenda_is_private = True
    visitor.get(link, status=403)
    visitor.get(f"{link}.atom", status=404)
    organiser.get(link)
    workshop.agenda_is_private = False
    organiser.submit(organiser.get(f"{desk(workshop)}/withdraw"))
    assert "Das Programm wird noch erarbeitet" in visitor.get(link).text()
    assert "Zurückgezogen" in organiser.get(f"{desk(workshop)}/releases").text()
    page = organiser.get(f"{desk(workshop)}/releases/new")
    assert "Alle sehen das Programm wieder." in page.text()


def test_before_the_first_release(workshop: Workshop, organiser: Visitor, visitor: Visitor) -> None:
    page = organiser.get(f"{desk(workshop)}/releases/new")
    assert "Noch hat kein Programmpunkt eine Zeit" in page.text()
    assert "Noch ist nichts veröffentlicht" in organiser.get(f"{desk(workshop)}/releases").text()
    visitor.get(f"/{workshop.slug}/agenda/changes")
    add_session(workshop, "Lage im Netz", speakers="Ohne Adresse")
    page = organiser.get(f"{desk(workshop)}/releases/new")
    assert "Das Programm hat einen Programmpunkt." in page.text()
    assert "Ohne Adresse" in page.text(".alert")
    page = organiser.submit(page)
    assert "Fassung 1 ist veröffentlicht." in page.text()
    for path in ("releases/2", "releases/2/restore"):
        organiser.get(f"{desk(workshop)}/{path}", status=404)


@pytest.mark.parametrize("role", [Role.STAFF, None])
def test_only_organisers_release(
    workshop: Workshop,
    agenda: SimpleNamespace,
    sign_in: Callable[..., Visitor],
    visitor: Visitor,
    role: Role | None,
) -> None:
    someone = sign_in(role, workshop) if role else visitor
    for path in ("releases", "releases/new", "releases/1", "releases/1/restore", "withdraw"):
        response = someone.client.get(f"{desk(workshop)}/{path}")
        assert response.status_code == (403 if role else 302), path
    assert find_release(workshop, 2) is None


def test_questions_to_the_database_do_not_grow(
    workshop: Workshop, agenda: SimpleNamespace, organiser: Visitor
) -> None:
    paths = (f"{desk(workshop)}/releases", f"{desk(workshop)}/releases/new")
    counts: list[list[int]] = []
    for count in (1, 9):
        for number in range(count):
            add_session(workshop, f"Sitzung {count}-{number}", speakers=f"Gast {number}")
        publish(workshop)
        agenda.talk.title += "!"
        counts.append([])
        for path in paths:
            with counted_queries() as queries:
                organiser.get(path)
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20


def test_open_warnings_stand_before_the_button_and_hold_nobody_up(
    workshop: Workshop, organiser: Visitor
) -> None:
    for title in ("Erste", "Zweite"):
        add_session(workshop, title, room_id=None, abstract="…")
    page = organiser.get(f"{desk(workshop)}/releases/new")
    assert page.texts("#check-no_room a") == ["Erste", "Zweite"]
    order = [element.tag for element in page.all(".checks, main form[method=post]")]
    assert order == ["section", "form"]
    organiser.submit(page, {"comment": "Trotzdem"}, form="main form")
    assert find_release(workshop, 1) is not None
