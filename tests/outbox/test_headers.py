"""What stands in headers is what other programs read there: letter by letter, blank by blank."""

import random
from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.outbox.headers import LINE, add_filename, encode_address, encode_text
from tests.outbox.readers import filename_of, read_by_perl

WORDS = [
    *(
        "Frühjahrstagung",
        "Öffentlichkeitsarbeit",
        "Polizei",
        "&",
        "Social",
        "Media",
        "für",
        "geübt",
    ),
    *("Straße", "Ihre", "Anmeldung", "ist", "bestätigt:", "Sie", "haben", "einen", "Platz", "in"),
    *(
        "„Für",
        "Übung“",
        "–",
        "Żaneta",
        "Łuczak-Größe",
        "Ǧ̌ã",
        "Qurʾānī",
        "(2027)",
        "=?utf-8?q?x?=",
        "?=",
    ),
    *("日本語", "🎥", "a_b", "50 %", "wort" * 20, "ß" * 40, "e-mail", "=C3=BC", "N.", "O’Neil"),
]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join)
# Any letters there are, and the blanks and signs of headers more often than by chance.
letters = st.text(
    st.one_of(
        st.sampled_from(' "(),.:;<>@[]\\=?_äöüß'),
        # No form takes the others, and readers make what they like of what is no character.
        st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs", "Zl", "Zp"]),
    ),
    min_size=1,
    max_size=200,
)


def lines(name: str, value: str) -> list[str]:
    return f"{name}: {value}".split("\r\n")


def test_thousands_of_subjects_are_read_as_they_were_written() -> None:
    chance = random.Random(2047)
    subjects = [" ".join(chance.choices(WORDS, k=chance.randint(1, 25))) for _n in range(4000)]

    headers = [encode_text(subject, name="Subject") for subject in subjects]

    assert read_by_perl(headers) == subjects
    assert max(len(line) for header in headers for line in lines("Subject", header)) <= LINE


def test_a_subject_keeps_the_space_where_it_is_folded() -> None:
    subject = (
        "Frühjahrstagung Öffentlichkeitsarbeit:"
        " Sie haben einen Platz in „Für Öffentlichkeitsarbeit geübt“"
    )
    header = encode_text(subject, name="Subject")

    assert "\r\n" in header
    assert read_by_perl([header]) == [subject]


def test_words_stay_whole_where_a_name_is_folded() -> None:
    name = "Prof. Dr. Żaneta Łuczak-Größe von der Lühe-Müller"

    header = encode_address(name, "kim@example.org", name="To")

    words = [read_by_perl([word])[0] for word in header.split("\r\n ")]
    assert len(words) > 1
    assert all(word.strip('"') in f"{name} <kim@example.org>" for word in words)
    assert [word for word in words[:-1] if not word.endswith(" ")] == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(texts, letters), min_size=40, max_size=80))
def test_any_text_comes_back(subjects: list[str]) -> None:
    # Blanks at an end of a header belong to the header, not to its text.
    subjects = [text.strip() or "-" for text in subjects]

    headers = [encode_text(subject, name="Subject") for subject in subjects]

    assert read_by_perl(headers) == subjects
    assert all(len(line) <= LINE for header in headers for line in lines("Subject", header))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(texts, letters), min_size=20, max_size=40))
def test_any_name_comes_back_without_what_begins_another_address(names: list[str]) -> None:
    headers = [encode_address(name, "kim@example.org", name="Reply-To") for name in names]

    for name, header, read in zip(names, headers, read_by_perl(headers), strict=True):
        kept = "".join(" " if char in '<>@,;:"\\' else char for char in name)
        shown = " ".join(part for part in kept.split(" ") if part).strip()
        phrase = read.removesuffix("kim@example.org>").removesuffix(" <").strip('"')
        assert phrase in {shown, "kim@example.org"}
        assert header.count("@") == header.count("kim@example.org") == 1
        assert all(len(line) <= LINE for line in lines("Reply-To", header))


@settings(max_examples=100, deadline=None)
@given(st.one_of(texts, letters).map(lambda text: text[:100]))
def test_any_name_of_a_file_comes_back(filename: str) -> None:
    part = Message()

    add_filename(part, filename)

    assert filename_of(part["Content-Disposition"]) == filename
    assert all(len(line) <= 80 for line in part["Content-Disposition"].split("\r\n"))


@pytest.mark.parametrize(
    "text", ["a\nBcc: x", "a\r\nBcc: x", "a\rb", "a\x00b", "a\x85b", "a\u2028b"]
)
def test_no_line_begins_within_a_header(text: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        encode_text(text, name="Subject")
    with pytest.raises(ValueError, match="control character"):
        add_filename(Message(), text)
