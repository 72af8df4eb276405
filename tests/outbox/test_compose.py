"""A mail is written once, as text; its HTML part says the same."""

from collections.abc import Callable

import jinja2
import pytest
from flask import Flask
from flask_babel import force_locale
from lxml import html

from app.outbox.compose import compose
from app.workshops.models import Workshop

TEMPLATE = """\
# Ihre Anmeldung
  ist   bestätigt
"""


@pytest.fixture
def template(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """`template(source)`: a mail template of that text; returns its name."""
    sources: dict[str, str] = {}
    loader = jinja2.ChoiceLoader([jinja2.DictLoader(sources), ctx.jinja_env.loader or []])  # type: ignore[list-item]
    monkeypatch.setattr(ctx.jinja_env, "loader", loader)

    def add(source: str) -> str:
        name = f"tests/mail/{len(sources)}-{id(sources)}"
        sources[f"{name}.txt"] = source
        return name

    return add


def parts(source: str) -> html.HtmlElement:
    return html.document_fromstring(source)


def test_subject_text_and_html_say_the_same(
    template: Callable[[str], str], workshop: Workshop
) -> None:
    name = template(
        "# Ihre Anmeldung\n\nGuten Tag {{ name }},\n\n\nSie sind dabei.\nBis bald!\n\n"
        "[Anmeldung ansehen]({{ link }})\n\n- erstens\n- zweitens\n"
    )

    mail = compose(name, workshop=workshop, name="Żaneta O’Neil")

    assert mail.subject == "Polizei & Social Media: Ihre Anmeldung"
    text, signature = mail.text.split("\n\n-- \n")
    assert text == (
        "Guten Tag Żaneta O’Neil,\n\nSie sind dabei.\nBis bald!\n\n"
        "Anmeldung ansehen:\n[[link]]\n\n- erstens\n- zweitens"
    )
    assert signature.splitlines()[0] == "Polizei & Social Media"
    assert signature.splitlines()[1].endswith(" · Leipzig")
    assert signature.splitlines()[2:] == ["Polizei Sachsen", "workshop@example.org"]
    page = parts(mail.html)
    assert page.get("lang") == "de"
    assert page.findtext(".//title") == mail.subject
    assert [p.text_content() for p in page.cssselect("p")[:2]] == [
        "Guten Tag Żaneta O’Neil,",
        "Sie sind dabei.Bis bald!",
    ]
    assert page.cssselect("a.button")[0].get("href") == "[[link]]"
    assert [li.text for li in page.cssselect("li")] == ["erstens", "zweitens"]
    assert "Polizei Sachsen" in page.cssselect("p")[-1].text_content()
    assert page.cssselect("img, script, link") == []


@pytest.mark.parametrize(
    "typed",
    [
        "<b>fett</b> & <script>alert(1)</script>",
        "[Klick](https://evil.example/)",
        "[Klick](javascript:alert(1))",
        "\n\n[Klick](https://evil.example/)\n\n",
        "\n\n[Klick](http://localhost/desk/)\n\n",
    ],
)
def test_what_people_type_becomes_no_markup_and_no_link(
    template: Callable[[str], str], workshop: Workshop, typed: str
) -> None:
    mail = compose(template("# Hallo\n\n{{ typed }}\n"), workshop=workshop, typed=typed)

    page = parts(mail.html)
    assert page.cssselect("a, b, script") == []
    assert typed.strip() in page.cssselect("p")[0].text_content()
    assert typed.strip() in mail.text


def test_no_secret_link_stands_where_somebody_typed_its_mark(
    template: Callable[[str], str], workshop: Workshop
) -> None:
    source = "# Hallo {{ typed }}\n\n{{ typed }}\n\n[Klick]({{ typed }})\n\n[Öffnen]({{ link }})\n"
    mail = compose(template(source), workshop=workshop, typed="[[link]]")

    assert mail.text.count("[[link]]") == 1
    assert [a.text_content().strip() for a in parts(mail.html).cssselect("a.button")] == ["Öffnen"]
    assert "[[link]]" not in mail.subject


def test_a_subject_is_one_line_and_not_too_long(
    template: Callable[[str], str], workshop: Workshop
) -> None:
    mail = compose(template("# {{ typed }}\n\nText\n"), workshop=workshop, typed="x" * 400)

    assert len(mail.subject) == 300
    assert mail.subject.endswith("x…")


def test_mails_are_german_whoever_causes_them(
    template: Callable[[str], str], workshop: Workshop, ctx: Flask
) -> None:
    name = template("# Hallo\n\n{{ workshop.starts_on|weekday }}\n")
    with force_locale("de"):
        german = compose(name, workshop=workshop)
    with ctx.test_request_context(headers={"Cookie": "language=en"}), force_locale("en"):
        assert compose(name, workshop=workshop) == german
    assert compose(name, workshop=workshop) == german


def test_pages_are_named_by_their_whole_address(
    template: Callable[[str], str], workshop: Workshop
) -> None:
    name = template("# Hallo\n\n[Öffnen]({{ page('workshops.show') }})\n")

    mail = compose(name, workshop=workshop)

    assert f"Öffnen:\nhttp://localhost/{workshop.slug}/" in mail.text
    assert parts(mail.html).cssselect("a.button")[0].get("href") == (
        f"http://localhost/{workshop.slug}/"
    )


def test_a_mail_of_no_workshop_is_signed_by_the_site(template: Callable[[str], str]) -> None:
    mail = compose(template("# Ihr Zugang\n\nText\n"))

    assert mail.subject == "Ihr Zugang"
    assert mail.text == "Text\n\n-- \nTagungsbüro\nhttp://localhost\n"
