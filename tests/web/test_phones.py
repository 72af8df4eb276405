"""Telephone numbers that can be tapped."""

import pytest

from app.web.phones import dial
from app.workshops.models import Workshop
from tests.pages import Visitor


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("030 23125-000", "03023125000"),
        ("+49 (0)341 / 12 34 56", "+49341123456"),
        ("(0341) 123456", "0341123456"),
        ("0049 341 123456", "0049341123456"),
        ("110", "110"),
        ("12", ""),
        ("", ""),
        ("0341 123, Durchwahl 4", ""),
        ("über die Leitstelle", ""),
    ],
)
def test_a_number_is_dialled_without_what_only_people_read(written: str, dialled: str) -> None:
    assert dial(written) == dialled


def test_the_contact_can_be_called_by_a_tap(visitor: Visitor, workshop: Workshop) -> None:
    workshop.contact_email = "orga@example.org"
    workshop.contact_phone = "030 23125-000"
    for path in ("", "imprint"):
        link = visitor.get(f"/{workshop.slug}/{path}").one("a[href^='tel:']")
        assert (link.get("href"), link.text) == ("tel:03023125000", "030 23125-000")

    workshop.contact_phone = "über die Leitstelle"
    page = visitor.get(f"/{workshop.slug}/")
    assert page.all("a[href^='tel:']") == []
    assert "über die Leitstelle" in page.text()
