"""One name for one thing: what docs/glossary.md says of words holds for classes, too."""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


def test_no_class_name_stands_for_two_things(root: Path) -> None:
    """Whoever searches for a class finds one. Classes within classes (`Meta`) are not looked at.

    WTForms and the like give those their names, and they are never named without their outer one.
    """
    homes = _homes_of_classes(root / "app")
    assert len(homes) > 300
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_the_search_sees_two_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/models.py").write_text("class Plan:\n    class Meta: ...\n")
    (tmp_path / "two.py").write_text("if True:\n    class Plan: ...\nclass Meta: ...\n")
    assert _homes_of_classes(tmp_path) == {
        "Plan": ["one/models.py", "two.py"],
        "Meta": ["two.py"],
    }


def _homes_of_classes(folder: Path) -> dict[str, list[str]]:
    """Name → the files that have a class of this name outside of other classes."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        for name in _outer_classes(ast.parse(path.read_text())):
            homes[name].append(path.relative_to(folder).as_posix())
    return dict(homes)


def _outer_classes(node: ast.AST) -> list[str]:
    names = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            names.append(child.name)
        else:
            names += _outer_classes(child)
    return names


def test_the_glossary_names_what_there_is(root: Path) -> None:
    """Classes, members, tables and modules of its second column exist, and German words are used.

    A word in small letters may also be a column, a function or a property.
    """
    homes = _homes_of_classes(root / "app")
    code = "\n".join(path.read_text() for path in sorted((root / "app").rglob("*.py")))
    german = (root / "app/translations/de/LC_MESSAGES/messages.po").read_text()
    rows = _glossary(root / "docs/glossary.md")
    assert len(rows) > 50
    missing = [name for row in rows for name in row.code if not _exists(name, homes, code)]
    assert missing == []
    assert [word for row in rows for word in row.german if word not in german] == []


def test_the_glossary_has_each_word_once(root: Path) -> None:
    words = [row.word for row in _glossary(root / "docs/glossary.md")]
    assert sorted(words) == sorted(set(words))


@dataclass(frozen=True)
class _Row:
    word: str
    code: list[str]
    german: list[str]


def _glossary(path: Path) -> list[_Row]:
    rows = []
    for line in path.read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 5 and cells[1] not in {"in the code", "---", ""}:  # those of headings
            word, code, german = cells[:3]
            words = [] if german == "–" else german.split(", ")
            rows.append(_Row(word, re.findall(r"`([^`]+)`", code), words))
    return rows


def _exists(name: str, homes: dict[str, list[str]], code: str) -> bool:
    """Whether 'Class', 'Class.member', 'app.module', a table or another small name is there."""
    first, _, member = name.partition(".")
    if first == "app":
        return find_spec(name) is not None
    if first[0].isupper():
        return first in homes and re.search(rf"^    (def )?{member}\b", code, re.M) is not None
    return re.search(rf"\b{name}\b", code) is not None
