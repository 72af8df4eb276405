from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry, Role
from app.extensions import db
from app.outbox.models import Message
from app.registration.models import Registration, Status
from app.workshops.models import ConsentKind, ConsentText, Organisation, OrganisationKind, Workshop
from tests import factories
from tests.factories import make_registration
from tests.pages import Page, Visitor

SECTIONS = ("", "place", "registration", "questions", "legal", "deletion")


def _open(visitor: Visitor, workshop: Workshop, section: str = "") -> Page:
    return visitor.get(f"/{workshop.slug}/desk/settings{section and '/' + section}")


def _save(
    visitor: Visitor, workshop: Workshop, section: str, data: dict[str, Any], **kwargs: Any
) -> Page:
    return visitor.submit(_open(visitor, workshop, section), data, **kwargs)


@pytest.mark.parametrize("section", SECTIONS)
def test_saving_a_section_as_it_stands_changes_nothing(
    organiser: Visitor, workshop: Workshop, section: str
) -> None:
    for name in ("registration_opens_at", "registration_closes_at", "changes_until"):
        whole = getattr(workshop, name).replace(second=0, microsecond=0)  # as people type it
        setattr(workshop, name, whole)
    db.session.commit()
    before = _columns(workshop)
    page = _save(organiser, workshop, section, {})
    assert page.texts(".kern-alert--success .kern-title") == [
        "Die Einstellungen wurden gespeichert."
    ]
    assert _columns(workshop) == before


def test_basics_place_questions_and_legal_texts_are_saved(
    organiser: Visitor, workshop: Workshop
) -> None:
    _save(organiser, workshop, "", {"title": "Neu", "summary": "Zwei Sätze.\nJa."})
    _save(organiser, workshop, "place", {"venue": "Saal", "contact_email": "a@example.org"})
    _save(organiser, workshop, "questions", {"evening_event": "Kino", "asks_travel": None})
    _save(
        organiser, workshop, "legal", {"imprint": "Wir", "accessibility_checked_on": "2026-02-03"}
    )
    _save(organiser, workshop, "deletion", {"delete_gate_days": "3"})
    db.session.refresh(workshop)
    assert (workshop.title, workshop.summary) == ("Neu", "Zwei Sätze.\nJa.")
    assert (workshop.venue, workshop.contact_email) == ("Saal", "a@example.org")
    assert (workshop.evening_event, workshop.asks_travel) == ("Kino", False)
    assert workshop.imprint == "Wir"
    assert str(workshop.accessibility_checked_on) == "2026-02-03"
    assert workshop.delete_gate_days == 3
    entries = db.session.scalars(
        sa.select(JournalEntry)
        .filter_by(action="workshop.settings_changed")
        .order_by(JournalEntry.id)
    ).all()
    assert [sorted(e.detail["fields"]) for e in entries] == [
        ["summary", "title"],
        ["contact_email", "venue"],
        ["asks_travel", "evening_event"],
        ["accessibility_checked_on", "imprint"],
        ["delete_gate_days"],
    ]


def test_times_are_typed_and_shown_in_the_workshops_zone(
    organiser: Visitor, workshop: Workshop
) -> None:
    _save(organiser, workshop, "registration", {"registration_opens_at": "2026-01-02T09:30"})
    db.session.refresh(workshop)
    assert workshop.registration_opens_at == datetime(2026, 1, 2, 8, 30, tzinfo=UTC)
    page = _open(organiser, workshop, "registration")
    assert page.form_values()["registration_opens_at"] == ["2026-01-02T09:30"]
    _save(organiser, workshop, "registration", {"registration_opens_at": "03.01.2026 10:00"})
    _save(organiser, workshop, "registration", {"registration_closes_at": ""})
    db.session.refresh(workshop)
    assert workshop.registration_opens_at == datetime(2026, 1, 3, 9, 0, tzinfo=UTC)
    assert workshop.registration_closes_at is None


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("", "title", ""),
        ("", "title", "x" * 201),
        ("", "title", "a\x00b"),
        ("", "summary", "x" * 1001),
        ("", "starts_on", ""),
        ("", "starts_on", "31.02.2026"),
        ("", "starts_on", "0001-01-01"),
        ("", "ends_on", "2020-01-01"),
        ("", "ends_on", "2099-01-01"),
        ("place", "contact_email", ""),
        ("place", "contact_email", "workshop"),
        ("place", "contact_email", "a@example.org, b@example.org"),
        ("place", "travel", "x" * 3001),
        ("registration", "seats", ""),
        ("registration", "seats", "-1"),
        ("registration", "seats", "viele"),
        ("registration", "seats", "9" * 30),
        ("registration", "hold_hours", "0"),
        ("registration", "registration_opens_at", "morgen"),
        ("registration", "registration_opens_at", "0001-01-01T00:00"),
        ("registration", "registration_closes_at", "2020-01-01T00:00"),
        ("questions", "evening_event", "x" * 201),
        ("legal", "imprint", "x" * 5001),
        ("legal", "accessibility_checked_on", "gestern"),
        ("deletion", "delete_contact_months", "1.5"),
    ],
)
def test_bad_settings_are_refused_at_their_field(
    organiser: Visitor, workshop: Workshop, section: str, field: str, value: str
) -> None:
    before = _columns(workshop)
    page = _save(organiser, workshop, section, {field: value}, status=422)
    assert list(page.errors()) == [field]
    assert page.errors()[field] != ""
    assert _columns(workshop) == before


def test_seats_go_no_lower_than_those_taken(organiser: Visitor, workshop: Workshop) -> None:
    for _one in range(3):
        make_registration(workshop)
    db.session.commit()
    page = _save(organiser, workshop, "registration", {"seats": "2"}, status=422)
    assert page.errors() == {
        "seats": "3 Plätze sind bereits vergeben. Geben Sie mindestens diese Zahl ein."
    }
    assert page.form_values()["seats"] == ["2"]
    organiser.submit(page, {"seats": "3"})
    db.session.refresh(workshop)
    assert workshop.seats == 3


def test_more_seats_promote_those_who_wait_longest(
    organiser: Visitor, workshop: Workshop, mails: Callable[[], list[Message]]
) -> None:
    workshop.seats = 1
    db.session.commit()
    make_registration(workshop)
    waiting = [make_registration(workshop, status=Status.WAITING) for _one in range(3)]
    db.session.commit()
    _save(organiser, workshop, "registration", {"seats": "3"})
    db.session.expire_all()
    assert [w.status for w in waiting] == [Status.CONFIRMED, Status.CONFIRMED, Status.WAITING]
    assert [m.recipient for m in mails()] == [waiting[0].email, waiting[1].email]


def test_days_on_which_people_come_cannot_fall_away(organiser: Visitor, workshop: Workshop) -> None:
    make_registration(workshop)
    db.session.commit()
    later = (workshop.ends_on + timedelta(days=1)).isoformat()
    page = _save(organiser, workshop, "", {"starts_on": later, "ends_on": later}, status=422)
    assert "angemeldet" in page.errors()["starts_on"]
    _save(organiser, workshop, "", {"ends_on": later})
    db.session.refresh(workshop)
    assert workshop.ends_on.isoformat() == later


def test_of_two_editors_the_second_is_told_and_loses_nothing(
    organiser: Visitor, sign_in: Callable[..., Visitor], workshop: Workshop
) -> None:
    colleague = sign_in(Role.ORGANISER)
    first, second = _open(organiser, workshop, "place"), _open(colleague, workshop, "place")
    organiser.submit(first, {"venue": "Saal A", "place": "Halle"})
    page = colleague.submit(second, {"venue": "Saal B"}, status=422)
    assert "inzwischen geändert" in page.text(".error-summary")
    assert page.form_values()["venue"] == ["Saal B"]
    stored = dict(zip(page.texts(".alert dt"), page.texts(".alert dd"), strict=True))
    assert stored == {"Ort": "Halle", "Tagungsort": "Saal A"}
    colleague.submit(page)
    db.session.refresh(workshop)
    assert (workshop.venue, workshop.place) == ("Saal B", "Leipzig")


def test_a_seat_taken_meanwhile_is_no_edit(organiser: Visitor, workshop: Workshop) -> None:
    page = _open(organiser, workshop)
    make_registration(workshop)
    db.session.commit()
    organiser.submit(page, {"title": "Neu"})
    db.session.refresh(workshop)
    assert (workshop.title, workshop.seats_taken) == ("Neu", 1)


@pytest.mark.parametrize("version", ["", "abc", "99", None])
def test_a_forged_version_is_treated_as_an_old_one(
    organiser: Visitor, workshop: Workshop, version: str | None
) -> None:
    page = _save(organiser, workshop, "", {"title": "Neu", "version": version}, status=422)
    assert page.form_values()["title"] == ["Neu"]


def test_a_new_wording_is_a_new_version(organiser: Visitor, workshop: Workshop) -> None:
    _save(organiser, workshop, "consents", {"photos": "Fotos ja."})
    versions = db.session.scalars(
        sa.select(ConsentText)
        .filter_by(workshop_id=workshop.id, kind=ConsentKind.PHOTOS)
        .order_by(ConsentText.version)
    ).all()
    assert [text.version for text in versions] == [1, 2]
    assert versions[1].text == "Fotos ja."
    others = db.session.scalars(sa.select(ConsentText).filter_by(kind=ConsentKind.LISTING)).all()
    assert [text.version for text in others] == [1]
    page = _open(organiser, workshop, "consents")
    assert page.form_values()["photos"] == ["Fotos ja."]


def test_consents_are_refused_empty_and_by_an_old_form(
    organiser: Visitor, workshop: Workshop
) -> None:
    old = _open(organiser, workshop, "consents")
    page = organiser.submit(old, {"needs": "  "}, status=422)
    assert list(page.errors()) == ["needs"]
    _save(organiser, workshop, "consents", {"photos": "Fotos ja."})
    page = organiser.submit(old, {"photos": "Fotos nein."}, status=422)
    assert page.form_values()["photos"] == ["Fotos nein."]
    organiser.submit(page)
    assert _open(organiser, workshop, "consents").form_values()["photos"] == ["Fotos nein."]


def test_organisations_are_added_changed_and_removed(
    organiser: Visitor, workshop: Workshop
) -> None:
    base = f"/{workshop.slug}/desk/settings/organisations"
    page = organiser.get(f"{base}/new")
    entry = {
        "name": "Stadtpolizei Musterstadt",
        "short_name": "STP",
        "kind": "other",
        "state": "DE-HE",
        "mail_domains": "@Muster.example, stp.example xn--strae-oqa.example @STRAẞE.example",
    }
    page = organiser.submit(page, entry)
    assert "Stadtpolizei Musterstadt" in page.texts("tbody th")[-1]
    added = db.session.scalars(sa.select(Organisation).filter_by(short_name="STP")).one()
    assert (added.kind, added.state) == (OrganisationKind.OTHER, "DE-HE")
    assert added.mail_domains == "muster.example stp.example straße.example"
    own = f"{base}/{added.id}"
    organiser.submit(organiser.get(own), {"state": "", "name": "Stadtpolizei"})
    db.session.refresh(added)
    assert (added.state, added.name) == (None, "Stadtpolizei")
    page = organiser.submit(organiser.get(f"{own}/remove"))
    assert "Stadtpolizei" not in page.texts("tbody th")
    organiser.get(own, status=404)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Bundespolizei"),
        ("name", "x" * 201),
        ("short_name", ""),
        ("short_name", "x" * 31),
        ("kind", "army"),
        ("state", "AT-9"),
        ("mail_domains", "kein gueltiges_wort"),
        ("mail_domains", "polizei"),
        ("mail_domains", "a..de"),
    ],
)
def test_bad_organisations_are_refused_at_their_field(
    organiser: Visitor, workshop: Workshop, field: str, value: str
) -> None:
    page = organiser.get(f"/{workshop.slug}/desk/settings/organisations/new")
    entry = {"name": "Neu", "short_name": "N", field: value}
    page = organiser.submit(page, entry, status=422)
    assert list(page.errors()) == [field]
    assert len(workshop.organisations) == 39


def test_an_organisation_in_use_stays_and_its_new_name_is_found(
    organiser: Visitor, workshop: Workshop
) -> None:
    registration = make_registration(workshop)
    db.session.commit()
    base = f"/{workshop.slug}/desk/settings/organisations/{registration.organisation_id}"
    page = organiser.submit(organiser.get(f"{base}/remove"), status=422)
    assert "bleibt sie in der Liste" in page.text(".error-summary")
    organiser.submit(organiser.get(base), {"name": "Landespolizei Überall"})
    db.session.refresh(registration)
    assert "landespolizei ueberall" in registration.search_text
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 1


def test_two_editors_of_an_organisation_do_not_overwrite_each_other(
    organiser: Visitor, sign_in: Callable[..., Visitor], workshop: Workshop
) -> None:
    other = sign_in(Role.ORGANISER)
    address = f"/{workshop.slug}/desk/settings/organisations/{workshop.organisations[0].id}"
    mine, theirs = organiser.get(address), other.get(address)
    removing = organiser.get(f"{address}/remove")
    other.submit(theirs, {"short_name": "ZWEI"})

    page = organiser.submit(mine, {"short_name": "EINS"}, status=422)

    assert "inzwischen geändert" in page.text(".error-summary")
    assert page.form_values()["short_name"] == ["EINS"]
    assert page.one("main a[target=_blank]").get("href") == address
    organiser.submit(removing, status=422)
    db.session.expire_all()
    assert workshop.organisations[0].short_name == "ZWEI"
    organiser.submit(page)  # having seen it, one may
    db.session.expire_all()
    assert workshop.organisations[0].short_name == "EINS"


def test_organisations_of_other_workshops_are_not_found(
    organiser: Visitor, workshop: Workshop
) -> None:
    other = factories.make_workshop()
    db.session.commit()
    foreign = other.organisations[0].id
    base = f"/{workshop.slug}/desk/settings/organisations/{foreign}"
    organiser.get(base, status=404)
    organiser.get(f"{base}/remove", status=404)


def _columns(workshop: Workshop) -> dict[str, Any]:
    db.session.refresh(workshop)
    skipped = {"version"}
    names = {column.key for column in sa.inspect(Workshop).column_attrs} - skipped
    return {name: getattr(workshop, name) for name in names}
