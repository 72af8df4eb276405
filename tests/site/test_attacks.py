"""What attackers try on the site as a whole."""

import stat
import time
import traceback
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.registration.models import Registration
from app.web.timing import ANSWER_SECONDS
from app.workshops.models import Workshop
from config import load_config
from tests import factories
from tests.factories import make_registration
from tests.pages import Visitor
from tests.registration.conftest import walk
from tests.site.addresses import list_addresses


def test_forms_work_behind_https_although_browsers_tell_no_referrer(
    app: Flask, workshop: Workshop, visitor: Visitor
) -> None:
    """The policy 'no-referrer' keeps personal links secret, also from a check of the referrer."""
    page = visitor.client.get("/login", base_url="https://localhost")
    token = visitor._page(page, status=200).one("main input[name=csrf_token]").get("value")

    answer = visitor.client.post(
        "/login",
        base_url="https://localhost",
        data={"csrf_token": token, "email": "a@example.org", "password": "wrong"},
    )

    assert answer.status_code == 422


def test_other_users_of_the_machine_cannot_look_into_the_instance(tmp_path: Path) -> None:
    """Its databases hold personal data."""
    load_config({"INSTANCE_DIR": tmp_path / "instance"})

    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/%09/evil.example", "/%09/evil.example"),
        ("/%0d%0aX-Evil:1", "/%0D%0AX-Evil:1"),
        ("/%5cevil.example", "/evil.example"),
    ],
)
def test_the_choice_of_language_leads_to_no_other_site(
    visitor: Visitor, path: str, target: str
) -> None:
    answer = visitor.client.get(f"{path}?language=en")

    assert answer.headers["Location"] == target


@pytest.mark.parametrize(
    ("target", "stays"),
    [
        ("/leipzig/desk/?page=2", "/leipzig/desk/?page=2"),
        ("https://evil.example/", "/account/start"),
        ("//evil.example/", "/account/start"),
        ("/\t/evil.example/", "/account/start"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("javascript:alert(1)", "/account/start"),
    ],
)
def test_the_way_on_after_signing_in_stays_on_this_site(
    visitor: Visitor, workshop: Workshop, target: str, stays: str
) -> None:
    account = factories.make_account()
    page = visitor.get("/login")

    answer = visitor.client.post(
        "/login",
        query_string={"next": target},
        data={
            "csrf_token": page.one("main input[name=csrf_token]").get("value"),
            "email": account.email,
            "password": factories.PASSWORD,
        },
    )

    assert answer.headers["Location"] == stays


def test_asking_only_for_the_head_is_answered_like_asking_for_the_page(
    app: Flask, visitor: Visitor, workshop: Workshop
) -> None:
    for address in list_addresses(app, workshop.slug):
        if address.method == "GET":
            page, head = visitor.client.get(address.path), visitor.client.head(address.path)
            assert head.status_code == page.status_code, address


def test_no_error_of_the_database_tells_what_is_in_the_row(ctx: Flask, workshop: Workshop) -> None:
    """Errors are logged, and PostgreSQL would add the whole row."""
    make_registration(workshop, last_name="Geheim", email="geheim@example.org")

    with pytest.raises(IntegrityError) as caught:
        db.session.execute(sa.update(Registration).values(sort_key=None))

    told = "".join(traceback.format_exception(caught.value))
    assert "sort_key" in told
    assert "geheim" not in told.lower()


def test_the_time_of_an_answer_does_not_tell_whether_an_address_is_known(
    ctx: Flask, workshop: Workshop, visitor: Visitor
) -> None:
    registered, account = make_registration(workshop), factories.make_account()
    link, password = f"/{workshop.slug}/registration/link", "/forgot-password"
    known = [(link, registered.email), (password, account.email)]
    unknown = [(link, "nobody@example.org"), (password, "nobody@example.org")]

    for path, email in known + unknown:
        page = visitor.get(path)
        begun = time.monotonic()
        visitor.submit(page, {"email": email}, follow=False, status=303)
        taken = time.monotonic() - begun
        assert taken >= ANSWER_SECONDS, (path, email)


def test_a_nul_in_an_address_leads_nowhere(organiser: Visitor, workshop: Workshop) -> None:
    for address in (f"/{workshop.slug}/desk/mail?q=%00", "/?x=1&x=%00"):
        assert organiser.client.get(address).status_code == 404, address
    assert organiser.get("/c/%00").text("h1") == "Das ist ein Namensschild"


def test_a_disk_that_is_full_when_a_sign_in_is_saved(
    visitor: Visitor, ctx: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flask-Security saves after its view, where no handler of errors looks by itself."""
    typed = {"email": factories.make_account().email, "password": factories.PASSWORD}
    page = visitor.get("/login")
    dialect = db.engine.dialect
    commits = [dialect.do_commit]  # the first fails; what comes after has nothing to write

    def commit(connection: Any) -> None:
        if len(commits) == 1:
            commits.append(commits[0])
            raise dialect.loaded_dbapi.OperationalError("database or disk is full")
        commits[0](connection)

    with monkeypatch.context() as full:
        full.setattr(dialect, "do_commit", commit)
        page = visitor.submit(page, typed, status=503)

    assert page.response.headers["X-Frame-Options"] == "DENY"
    assert page.text("h1") == "Speichern ist zurzeit nicht möglich"
    assert visitor.get("/account/").path == "/login"


def test_pages_with_what_somebody_typed_are_kept_nowhere(
    workshop: Workshop, visitor: Visitor
) -> None:
    """The next one at the same computer shall not find it by the button 'back'."""
    walk(visitor, workshop)

    for page in ("person", "participation", "check"):
        answer = visitor.client.get(f"/{workshop.slug}/register/{page}")
        assert answer.headers["Cache-Control"] == "no-store", page


def test_a_scanned_badge_is_kept_nowhere(organiser: Visitor, workshop: Workshop) -> None:
    code = make_registration(workshop).badge_code

    assert organiser.client.get(f"/c/{code}").headers["Cache-Control"] == "no-store"
