"""The documents name files that are there."""

import re
from pathlib import Path

import pytest

# A name alone is one of the files that each feature has, or stands in such a context.
_IN = ("accounts", "agenda", "badges", "documents", "press", "registration", "site")
_FROM = (".", "app", "tests", *(f"{top}/{name}" for top in ("app", "tests") for name in _IN))


@pytest.mark.parametrize("name", ["architecture.md", "add-a-feature.md", "glossary.md"])
def test_each_file_that_is_named_is_there(root: Path, name: str) -> None:
    text = (root / "docs" / name).read_text()
    named = set(re.findall(r"`([\w./-]+(?:/|\.(?:py|html|js|md|txt|toml|po)))`", text))
    assert [path for path in sorted(named) if not _is_there(root, path)] == []
    linked = set(re.findall(r"\]\(([\w./-]+)\)", text))
    assert [link for link in sorted(linked) if not (root / "docs" / link).exists()] == []


def _is_there(root: Path, path: str) -> bool:
    return any((root / start / path).exists() for start in _FROM)


def test_each_test_that_is_named_is_there(root: Path) -> None:
    """Whoever forgets a step looks for the test by its name."""
    text = (root / "docs/add-a-feature.md").read_text()
    tests = "\n".join(path.read_text() for path in (root / "tests").rglob("test_*.py"))
    named = set(re.findall(r"\b(test_\w+)`", text)) - {"test_service"}
    assert len(named) > 15
    assert [name for name in sorted(named) if f"def {name}(" not in tests] == []
