"""One form of every address, whether it is typed in Unicode or as it travels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.mail_addresses import (
    NOT_A_LOCAL_PART,
    NOT_AN_ADDRESS,
    UnusableAddress,
    canonical_address,
    canonical_domain,
    wire_address,
)


@pytest.mark.parametrize(
    ("typed", "stored", "wire"),
    [
        ("kim@example.org", "kim@example.org", "kim@example.org"),
        (" Kim.Muster@Example.ORG ", "kim.muster@example.org", "kim.muster@example.org"),
        (
            "paul.probe@straße.example",
            "paul.probe@straße.example",
            "paul.probe@xn--strae-oqa.example",
        ),
        ("p@STRAẞE.example", "p@straße.example", "p@xn--strae-oqa.example"),
        ("p@xn--strae-oqa.example", "p@straße.example", "p@xn--strae-oqa.example"),
        ("p@strasse.example", "p@strasse.example", "p@strasse.example"),
        ("p@Polizei-Ko\u0308ln.example", "p@polizei-köln.example", "p@xn--polizei-kln-zfb.example"),
        # A Cyrillic letter that looks like a Latin one is seen to be another.
        ("p@bка.example", "p@xn--b-8sb3a.example", "p@xn--b-8sb3a.example"),
        ("p@лка.köln.example", "p@xn--80atc.köln.example", "p@xn--80atc.xn--kln-sna.example"),
        ("p@ｋöｌｎ。example", "p@köln.example", "p@xn--kln-sna.example"),
    ],
)
def test_one_form_is_stored_and_one_travels(typed: str, stored: str, wire: str) -> None:
    assert (canonical_address(typed), wire_address(typed)) == (stored, wire)
    assert (canonical_address(wire), wire_address(stored)) == (stored, wire)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        *((f"{local}@polizei.example", NOT_A_LOCAL_PART) for local in ("žofia", "kim.mü", "名")),
        *((bad, NOT_AN_ADDRESS) for bad in ("", "@", "kim", "kim@", "@example.org", "a@b@c.de")),
        *((f"kim@{bad}", NOT_AN_ADDRESS) for bad in ("polizei", "-a.de", "a_b.de", "1.2.3.4")),
        *((f"kim@{bad}", NOT_AN_ADDRESS) for bad in ("[1.2.3.4]", "a..de", "xn--a.de", "ä b.de")),
        *((f"{bad}@example.org", NOT_AN_ADDRESS) for bad in ("a b", "a,b", '"a"', "a..b", "a\n")),
        ("kim@" + "ä." * 400 + "de", NOT_AN_ADDRESS),
        ("kim@" + "ä" * 60 + ".de", NOT_AN_ADDRESS),
    ],
)
def test_what_cannot_be_sent_to_is_refused_with_advice(typed: str, advice: object) -> None:
    for read in (canonical_address, wire_address):
        with pytest.raises(UnusableAddress) as caught:
            read(typed)
        assert caught.value.advice is advice


@given(st.text(max_size=80))
def test_every_domain_has_one_form_or_none(domain: str) -> None:
    try:
        once = canonical_domain(domain)
    except ValueError:
        return
    assert canonical_domain(once) == once == canonical_domain(domain.upper().lower())
