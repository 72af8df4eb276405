from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Role
from app.agenda.models import Track
from app.extensions import db, limiter, now
from app.outbox.models import Message
from app.workshops.models import Workshop
from tests import factories
from tests.counting import counted_queries
from tests.pages import Visitor


def test_home_without_workshops_says_so(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert page.texts(".empty__title") == ["Noch ist kein Workshop geplant"]
    assert page.texts(".empty a") == ["Als Organisationsteam anmelden"]


@pytest.mark.parametrize(
    ("role", "offers"),
    [(Role.ADMINISTRATOR, ["Ersten Workshop anlegen"]), (Role.ORGANISER, [])],
)
def test_home_without_workshops_lets_administrators_create_one(
    sign_in: Callable[..., Visitor], role: Role, offers: list[str]
) -> None:
    assert sign_in(role).get("/").texts(".empty a") == offers


def test_home_goes_on_to_the_only_workshop(visitor: Visitor, workshop: Workshop) -> None:
    assert visitor.get("/").path == f"/{workshop.slug}/"


def test_home_lists_workshops_the_latest_first(visitor: Visitor, workshop: Workshop) -> None:
    start = workshop.starts_on + timedelta(days=365)
    factories.make_workshop(title="Der nächste", starts_on=start, ends_on=start)
    db.session.commit()
    assert visitor.get("/").texts(".card h2") == ["Der nächste", workshop.title]


@pytest.mark.parametrize(("role", "place"), [(Role.ORGANISER, ""), (Role.STAFF, "badges")])
def test_home_shows_staff_where_they_work(
    sign_in: Callable[..., Visitor], workshop: Workshop, role: Role, place: str
) -> None:
    factories.make_workshop(title="Nicht meiner")
    db.session.commit()
    page = sign_in(role, workshop).get("/")
    links = [a.get("href") for a in page.all(".card a") if "/desk/" in a.get("href")]
    assert links == [f"/{workshop.slug}/desk/{place}"]


def test_show_tells_what_when_and_where(visitor: Visitor, workshop: Workshop) -> None:
    workshop.summary = "Die Teams tauschen sich aus. Gastgeber ist Sachsen."
    workshop.venue, workshop.address = "Alte Börse", "Naschmarkt 1"
    workshop.travel = "Vom Hauptbahnhof zu Fuß.\n\nParkplätze gibt es nicht."
    db.session.commit()
    page = visitor.get(f"/{workshop.slug}/")
    assert page.text(".lead") == workshop.summary
    assert page.texts(".facts dd")[1:] == ["Alte Börse Naschmarkt 1 Leipzig", "Polizei Sachsen"]
    assert page.texts(".prose p") == ["Vom Hauptbahnhof zu Fuß.", "Parkplätze gibt es nicht."]
    assert page.texts("main .kern-btn--primary") == ["Jetzt anmelden"]


@pytest.mark.parametrize(
    ("settings", "words", "buttons"),
    [
        ({"seats_taken": 9}, "Noch 1 Platz", ["Jetzt anmelden"]),
        ({"seats_taken": 8}, "Noch 2 Plätze", ["Jetzt anmelden"]),
        ({"seats_taken": 10}, "Alle Plätze sind vergeben", ["Auf die Warteliste setzen"]),
        ({"seats_taken": 10, "has_waiting_list": False}, "Alle Plätze sind vergeben", []),
        ({"registration_opens_at": None}, "Die Anmeldung ist noch nicht geöffnet", []),
        ({"registration_opens_at": now() + timedelta(1)}, "Die Anmeldung ist noch nicht", []),
        ({"registration_closes_at": now()}, "Die Anmeldung ist geschlossen", []),
        ({"agenda_released_at": now()}, "Noch 10 Plätze", ["Jetzt anmelden"]),
        (
            {"registration_closes_at": now(), "agenda_released_at": now()},
            "Die Anmeldung ist geschlossen",
            ["Zum Programm"],
        ),
    ],
)
@pytest.mark.usefixtures("ctx")
def test_show_tells_the_state_of_registration_with_one_button(
    visitor: Visitor, settings: dict[str, Any], words: str, buttons: list[str]
) -> None:
    workshop = factories.make_workshop(**settings)
    db.session.commit()
    page = visitor.get(f"/{workshop.slug}/")
    assert page.text(".door").startswith(words)
    assert page.texts("main .kern-btn--primary") == buttons


def test_topics_lead_into_the_agenda_once_it_is_released(
    visitor: Visitor, workshop: Workshop
) -> None:
    for position, name in enumerate(["Katastrophenfall", "Bewegtbild"]):
        db.session.add(Track(workshop_id=workshop.id, name=name, position=-position))
    db.session.commit()
    page = visitor.get(f"/{workshop.slug}/")
    assert page.texts(".card h3") == ["Bewegtbild", "Katastrophenfall"]
    assert page.all(".card h3 a") == []
    workshop.agenda_released_at = now()
    db.session.commit()
    page = visitor.get(f"/{workshop.slug}/")
    assert [a.get("href") for a in page.all(".card h3 a")] == [
        f"/{workshop.slug}/agenda?track={topic.id}" for topic in workshop.topics
    ]
    workshop.agenda_is_private = True
    db.session.commit()
    assert visitor.get(f"/{workshop.slug}/").all(".card h3 a") == []


@pytest.mark.parametrize(("path", "most"), [("", 3), ("privacy", 1), ("imprint", 1)])
def test_public_pages_ask_the_database_little(
    visitor: Visitor, workshop: Workshop, path: str, most: int
) -> None:
    url = f"/{workshop.slug}/{path}"
    visitor.get(url)
    with counted_queries() as queries:
        visitor.get(url)
    assert len(queries) <= most


@pytest.mark.parametrize("path", ["", "privacy", "accessibility", "imprint", "report-barrier"])
def test_public_pages_exist_in_both_languages_and_only_for_workshops(
    visitor: Visitor, workshop: Workshop, path: str
) -> None:
    visitor.get(f"/{workshop.slug}/{path}")
    visitor.get(f"/keiner/{path}", status=404)
    page = visitor.get(f"/{workshop.slug}/{path}?language=en")
    assert page.one("html").get("lang") == "en"


def test_privacy_is_assembled_from_the_settings(visitor: Visitor, workshop: Workshop) -> None:
    workshop.controller = "Polizeiverwaltungsamt\nDresden"
    workshop.data_protection_officer = "datenschutz@example.org"
    workshop.legal_basis = "§ 3 SächsDSDG"
    workshop.supervisory_authority = "Sächsische Datenschutz- und Transparenzbeauftragte"
    workshop.delete_gate_days, workshop.delete_needs_days = 1, 21
    workshop.delete_contact_months = 9
    db.session.commit()
    page = visitor.get(f"/{workshop.slug}/privacy")
    assert page.texts(".prose p") == [
        "Polizeiverwaltungsamt Dresden",
        "datenschutz@example.org",
        "Sächsische Datenschutz- und Transparenzbeauftragte",
    ]
    bases = page.texts("td:nth-child(3)")
    assert bases.count("§ 3 SächsDSDG") == 4
    periods = [t for t in page.texts("td:nth-child(2)") if t.startswith("nach")]
    assert periods == ["nach 1 Tag", "nach 21 Tagen", *["nach 9 Monaten"] * 3]


def test_privacy_speaks_only_of_what_is_asked(visitor: Visitor, workshop: Workshop) -> None:
    everything = visitor.get(f"/{workshop.slug}/privacy").text()
    workshop.asks_catering = workshop.asks_accommodation = workshop.asks_travel = False
    db.session.commit()
    little = visitor.get(f"/{workshop.slug}/privacy").text()
    for words in ("Verpflegung und Barrierefreiheit", "das Hotel", "das Catering", "Übernachtung"):
        assert words in everything
        assert words not in little


def test_accessibility_statement_names_the_check_and_the_enforcement_body(
    visitor: Visitor, workshop: Workshop
) -> None:
    assert "steht noch aus" in visitor.get(f"/{workshop.slug}/accessibility").text()
    workshop.accessibility_checked_on = workshop.starts_on.replace(day=3, month=2, year=2026)
    workshop.enforcement_body = "Durchsetzungsstelle Sachsen"
    db.session.commit()
    page = visitor.get(f"/{workshop.slug}/accessibility")
    assert "zuletzt am 3. Februar 2026" in page.text()
    assert page.texts(".prose p") == ["Durchsetzungsstelle Sachsen"]


def test_a_barrier_is_reported_by_mail(
    visitor: Visitor, workshop: Workshop, mails: Callable[[], list[Message]]
) -> None:
    page = visitor.get(f"/{workshop.slug}/report-barrier")
    page = visitor.submit(
        page,
        {
            "description": "Der Knopf <b>fehlt</b>.",
            "where": "Anmeldung, Seite 2",
            "email": "lea@example.org",
        },
    )
    assert page.texts("h1") == ["Vielen Dank für Ihre Meldung"]
    (mail,) = mails()
    assert (mail.recipient, mail.reply_to) == (workshop.contact_email, "lea@example.org")
    assert "Der Knopf <b>fehlt</b>." in mail.text
    assert "Der Knopf &lt;b&gt;fehlt&lt;/b&gt;." in mail.html
    assert "Anmeldung, Seite 2" in mail.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("description", "", "Beschreiben Sie"),
        ("description", " \n ", "Beschreiben Sie"),
        ("description", "x" * 3001, "höchstens 3000 Zeichen"),
        ("description", "a\x00b", "Zeile 1, Zeichen 2 lässt sich nicht darstellen"),
        ("where", "x" * 301, "höchstens 300 Zeichen"),
        ("email", "lea", "vollständige E-Mail-Adresse"),
        ("email", "lea@example.org\nBcc: x@example.org", "vollständige E-Mail-Adresse"),
    ],
)
def test_a_bad_report_is_refused_at_its_field_and_nothing_is_lost(
    *,
    visitor: Visitor,
    workshop: Workshop,
    mails: Callable[[], list[Message]],
    field: str,
    value: str,
    message: str,
) -> None:
    page = visitor.get(f"/{workshop.slug}/report-barrier")
    typed = {"description": "Es geht nicht.", "where": "Hier", "email": "", field: value}
    page = visitor.submit(page, typed, status=422)
    assert list(page.errors()) == [field]
    assert message in page.errors()[field]
    kept = page.form_values()
    assert all(kept[name] == [typed[name]] for name in typed if name != field)
    assert mails() == []


def test_without_a_contact_the_report_is_kept_on_the_page(
    visitor: Visitor, workshop: Workshop
) -> None:
    workshop.contact_email = ""
    db.session.commit()
    page = visitor.get(f"/{workshop.slug}/report-barrier")
    page = visitor.submit(page, {"description": "Es geht nicht."}, status=422)
    assert "noch keine Adresse" in page.text(".error-summary")
    assert page.form_values()["description"] == ["Es geht nicht."]


def test_reports_are_limited_per_client(
    app: Flask, visitor: Visitor, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_LINK", "2 per hour")
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    page = visitor.get(f"/{workshop.slug}/report-barrier")
    for _attempt in range(2):
        visitor.submit(page, {"description": "Es geht nicht."})
    page = visitor.submit(page, {"description": "Es geht nicht."}, status=429)
    assert page.texts("h1") == ["Zu viele Versuche"]
    limiter.reset()
