from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry, Role
from app.extensions import db
from app.workshops.door import Door, find_door
from app.workshops.models import Access, ConsentKind, Workshop
from app.workshops.queries import find_workshop, latest_consent_texts
from app.workshops.service import add_organisation, remove_organisation, rewrite_consents
from tests.pages import Page, Visitor

NEW = {
    "title": "Polizei & Social Media 2031",
    "slug": "dresden",
    "starts_on": "2031-12-04",
    "ends_on": "2031-12-05",
}


@pytest.fixture
def administrator(sign_in: Callable[..., Visitor]) -> Visitor:
    """Somebody who may create workshops."""
    return sign_in(Role.ADMINISTRATOR)


OF_THE_HOST = (
    *("host_name", "contact_name", "contact_email", "contact_phone"),
    *("controller", "data_protection_officer", "legal_basis", "supervisory_authority"),
    *("imprint", "enforcement_body"),
)


def _create(visitor: Visitor, data: dict[str, Any], **kwargs: Any) -> Page:
    return visitor.submit(visitor.get("/workshops/new"), {**NEW, **data}, **kwargs)


def test_a_new_workshop_is_closed_and_has_the_usual_lists(administrator: Visitor) -> None:
    page = _create(administrator, {})
    assert page.path == "/dresden/desk/settings"
    made = find_workshop("dresden")
    assert made is not None
    assert (made.title, made.starts_on) == (NEW["title"], date(2031, 12, 4))
    assert find_door(made) is Door.UNDATED
    assert made.access is Access.LISTED
    assert len(made.organisations) == 39
    assert set(latest_consent_texts(made.id)) == set(ConsentKind)
    entry = db.session.scalars(sa.select(JournalEntry).filter_by(action="workshop.created")).one()
    assert entry.workshop_id == made.id


def test_settings_organisations_and_texts_are_taken_from_an_earlier_one(
    administrator: Visitor, workshop: Workshop
) -> None:
    for name in OF_THE_HOST:
        setattr(workshop, name, "workshop@example.org")
    workshop.delete_gate_days = 3
    remove_organisation(workshop.organisations[0], version=1)
    add_organisation(
        workshop, name="Neu", short_name="N", kind="other", mail_domains="", state=None
    )
    texts = {kind: kind.value for kind in ConsentKind}
    rewrite_consents(workshop, texts, version=4)
    db.session.commit()
    _create(administrator, {"copy_from": workshop.slug})
    made = find_workshop("dresden")
    assert made is not None
    # Public at once, and perhaps of another host: the desk asks for all of it anew.
    assert {getattr(made, name) for name in OF_THE_HOST} == {""}
    for page in ("", "privacy", "imprint", "accessibility"):
        assert "workshop@example.org" not in administrator.get(f"/dresden/{page}").text()
    assert (made.place, made.access, made.delete_gate_days) == ("Leipzig", workshop.access, 3)
    assert made.registration_opens_at is None
    assert made.seats_taken == 0
    db.session.expire_all()
    assert [o.name for o in made.organisations] == [o.name for o in workshop.organisations]
    copied = latest_consent_texts(made.id)
    assert {kind: (t.text, t.version) for kind, t in copied.items()} == {
        kind: (kind.value, 1) for kind in ConsentKind
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("slug", ""),
        ("slug", "Leipzig"),
        ("slug", "zwei worte"),
        ("slug", "straße"),
        ("slug", "login"),
        ("slug", "workshops"),
        ("slug", "x" * 61),
        ("starts_on", "irgendwann"),
        ("ends_on", "2031-12-03"),
        ("ends_on", "2032-12-03"),
        ("copy_from", "gibt-es-nicht"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    administrator: Visitor, workshop: Workshop, field: str, value: str
) -> None:
    page = _create(administrator, {field: value}, status=422)
    assert list(page.errors()) == [field]
    kept = page.form_values()
    assert all(kept[name] == [typed] for name, typed in NEW.items() if name != field)
    assert db.session.scalars(sa.select(Workshop)).all() == [workshop]


def test_an_address_can_be_given_once(administrator: Visitor, workshop: Workshop) -> None:
    page = _create(administrator, {"slug": workshop.slug}, status=422)
    assert list(page.errors()) == ["slug"]


def test_only_administrators_create(visitor: Visitor, sign_in: Callable[..., Visitor]) -> None:
    assert visitor.get("/workshops/new").path == "/login"
    sign_in(Role.ORGANISER).get("/workshops/new", status=403)
