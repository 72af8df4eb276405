"""The German catalogue says everything that the code says, in the tone that was agreed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app" / "translations" / "de" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")

# 'Teilnehmer*innen', 'Teilnehmer:innen', 'Teilnehmer_innen', 'TeilnehmerInnen', 'der/die'.
GENDER_MARKS = re.compile(
    r"\w[*:_/]-?(?:in|innen|r|n|e)\b|[a-zäöüß]Innen\b|\b(?:der|die)/(?:der|die)\b"
)
FAMILIAR = re.compile(r"\b(?:du|dir|dich|dein\w{0,2}|euch|euer|eure\w?)\b", re.IGNORECASE)


def load_catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="de")


def texts(message: Message) -> tuple[str, ...]:
    """A message's German, in each of its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def msgids(message: Message) -> tuple[str, ...]:
    """A message's English, singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    """Every message but the catalogue's header."""
    return [m for m in load_catalogue() if m.id]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the code says now."""
    template = tmp_path_factory.mktemp("texts") / "messages.pot"
    pybabel = Path(sys.executable).with_name("pybabel")
    subprocess.run(
        [
            pybabel,
            "-q",
            "extract",
            "-F",
            "babel.cfg",
            "-k",
            "lazy_gettext",
            "-k",
            "_l",
            "-o",
            template,
            ".",
        ],
        cwd=ROOT,
        check=True,
    )
    with template.open("rb") as file:
        return read_po(file)


def test_the_catalogue_is_in_step_with_the_code(
    messages: list[Message], extracted: Catalog
) -> None:
    said = {m.id for m in extracted if m.id}
    assert said - {m.id for m in messages} == set(), "run bin/translations"
    assert {m.id for m in messages} - said == set(), "run bin/translations"
    assert not load_catalogue().obsolete


def test_everything_has_german(messages: list[Message]) -> None:
    assert [m.id for m in messages if not all(texts(m))] == []
    assert [m.id for m in messages if m.fuzzy] == []


def test_placeholders_match(messages: list[Message]) -> None:
    wrong = []
    for message in messages:
        wanted = set(PLACEHOLDER.findall(" ".join(msgids(message))))
        for text in filter(None, texts(message)):
            used = set(PLACEHOLDER.findall(text))
            # 'one seat' may do without its number; nothing may ask for what is not given.
            if used != wanted and not (message.pluralizable and used <= wanted):
                wrong.append((message.id, text))
            if re.search(r"%(?!\(\w+\)[sd])", text.replace("%%", "")) and message.python_format:
                wrong.append((message.id, text))
    assert wrong == []


def test_german_is_formal_and_neutral(messages: list[Message]) -> None:
    german = [text for message in messages for text in texts(message)]
    assert [text for text in german if GENDER_MARKS.search(text)] == []
    assert [text for text in german if FAMILIAR.search(text)] == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Teilnehmer*innen", True),
        ("Referent:in", True),
        ("Teilnehmer_innen", True),
        ("TeilnehmerInnen", True),
        ("Bürger/-innen", True),
        ("der/die Vortragende", True),
        ("Teilnehmende und Vortragende", False),
        ("Hinweis: in Raum 2", False),
        ("von 09:30 Uhr an", False),
    ],
)
def test_the_search_for_gender_marks_itself(text: str, is_found: bool) -> None:
    assert bool(GENDER_MARKS.search(text)) is is_found


def test_quotes_are_german(messages: list[Message]) -> None:
    german = [text for message in messages for text in texts(message)]
    assert [text for text in german if re.search(r"(?<!=)\"\w|'\w+'(?!\w)", text)] == []


WORDS = frozenset({"_", "_l", "_n", "gettext", "lazy_gettext", "ngettext", "pgettext"})


def test_no_word_to_be_translated_stands_in_an_f_string(root: Path) -> None:
    """Babel finds words there on Python 3.12 and newer only, so they would have no German."""
    hidden = [
        f"{path.relative_to(root)}:{call.lineno}"
        for path in sorted((root / "app").rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in WORDS
    ]
    assert hidden == []
