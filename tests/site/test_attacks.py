"""What attackers try on the site as a whole."""

import stat
from pathlib import Path

from flask import Flask

from app.workshops.models import Workshop
from config import load_config
from tests.pages import Visitor


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
