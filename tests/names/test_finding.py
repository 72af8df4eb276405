"""Names with all letters of DIN 91379 are found as people type them, and stand in their order."""

import random
import unicodedata
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.outbox.models import Message
from app.outbox.service import Mail, queue_mails
from app.sorting import name_sort_key, search_text, search_words, sort_key
from app.workshops.models import Workshop
from tests import factories
from tests.names.letters import ALL, SIGNS
from tests.pages import Visitor

PEOPLE = [
    ("Sørensen", "Åse"),
    ("Əliyeva", "Gülnar"),
    ("Qurʾānī", "Bilāl"),
    ("İnönü", "Işık"),
    ("Müller", "Ọ̈mer"),
    ("Mühlbäcker", "Jörg"),
    ("Č̣elik", "ʿAlī"),
]


def is_found(typed: str, *, name: str) -> bool:
    """Whether these words find somebody of this name."""
    text = search_text(name)
    return all(word in text for word in search_words(typed))


@pytest.mark.parametrize("letter", ALL, ids=lambda letter: ascii(letter.text))
def test_each_letter_is_found_by_every_form(letter) -> None:  # type: ignore[no-untyped-def]
    name = f"Xa{letter.text}ba"
    bare = "".join(
        char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char)
    )
    forms = [name, name.upper(), name.lower(), unicodedata.normalize("NFD", name), sort_key(name)]
    if letter.text.isspace() or letter.text == "-":
        assert is_found("Xa ba", name=name)
        return
    forms += [f"Xa{letter.search_form}ba", bare]
    assert [form for form in forms if not is_found(form, name=name)] == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Sørensen", "Sørensen"),
        ("Sorensen", "Sørensen"),
        ("Soerensen", "Sørensen"),
        ("Aase", "Sørensen"),
        ("Ase", "Sørensen"),
        ("Eliyeva", "Əliyeva"),
        ("Aliyeva", "Əliyeva"),
        ("Guelnar", "Əliyeva"),
        ("Qurani", "Qurʾānī"),
        ("Qur'ani", "Qurʾānī"),
        ("Inonu", "İnönü"),
        ("inönü", "İnönü"),
        ("INÖNÜ", "İnönü"),
        ("isik", "İnönü"),
        ("Mueller", "Müller"),
        ("Muller", "Müller"),
        ("omer", "Müller"),
        ("Muehlbacker", "Mühlbäcker"),
        ("celik ali", "Č̣elik"),
    ],
)
def test_people_and_their_mails_are_found(
    organiser: Visitor, workshop: Workshop, typed: str, found: str
) -> None:
    for last, first in PEOPLE:
        factories.make_registration(workshop, first_name=first, last_name=last)
        mail = Mail(recipient="x@example.org", subject="S", text="T", html="T")
        queue_mails([replace(mail, recipient_name=f"{first} {last}", workshop_id=workshop.id)])
    db.session.commit()

    listed = organiser.get(f"/{workshop.slug}/desk/participants?q={typed}")
    assert [text.split(",")[0] for text in listed.texts("tbody tr th")] == [found]
    mails = organiser.get(f"/{workshop.slug}/desk/mail?q={typed}")
    assert len(mails.all("tbody tr")) == 1
    assert found in mails.text("tbody")


def test_a_mail_is_searched_by_what_it_says_of_its_recipient(workshop: Workshop) -> None:
    queue_mails(
        [
            Mail(recipient=f"{n}@example.org", recipient_name=name, subject="S", text="T", html="T")
            for n, name in enumerate(("Bjørn", "Jörg"))
        ]
    )
    texts = db.session.scalars(sa.select(Message.search_text).order_by(Message.id)).all()
    assert texts == ["0exampleorg bjorn bjoern", "1exampleorg joerg jorg"]


def test_the_order_of_din_5007_2_leaves_half_rings_and_primes_out() -> None:
    ordered = [
        ("Åberg", "Bo"),
        ("Aleksić", "Una"),
        ("ʿAlī", "Bilāl"),
        ("Alice", "Mo"),
        ("Əliyev", "Orxan"),
        ("Ələkbərov", "Tural"),
        ("İnönü", "Can"),
        ("Işık", "Deniz"),
        ("Oe", "A"),
        ("Ọ̈zil", "B"),
        ("Omar", "A"),
        ("Ǿrsted", "H"),
        ("Orth", "I"),
        ("Qurʾān", "A"),
        ("Quranov", "A"),
        ("Ǖbel", "K"),
        ("Uhl", "L"),
    ]
    ordered[4:6] = sorted(ordered[4:6], key=lambda n: name_sort_key(*n))
    shuffled = random.Random(91379).sample(ordered, len(ordered))

    assert sorted(shuffled, key=lambda name: name_sort_key(*name)) == ordered


@pytest.mark.parametrize("sign", [s for s in SIGNS if s not in " -"], ids=ascii)
def test_signs_do_not_count(sign: str) -> None:
    assert name_sort_key(f"{sign}Al{sign}i") == "ali"


def test_every_letter_stands_among_a_to_z() -> None:
    strange = [x.text for x in ALL if x.is_letter and not sort_key(x.text).isascii()]
    assert strange == []
    assert all(sort_key(letter.text) for letter in ALL if letter.is_letter)
