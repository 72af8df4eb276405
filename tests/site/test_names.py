"""One name for one thing: what docs/glossary.md says of words holds for classes, too."""

import ast
from collections import defaultdict
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
