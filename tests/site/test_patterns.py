"""No pattern of ours takes much longer than what it looks at is long."""

import ast
import importlib
import pkgutil
import re
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import app as package

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    parser: Any = importlib.import_module("re._parser")

CALLS = {"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer", "subn"}
MANY = 20
"""Repeated more often than this, a thing in a repetition counts as without an end."""
NOTHING = 0.001
"""Seconds for 4,000 letters: so little that it cannot have grown by the square of the length."""


def python_patterns(root: Path) -> Iterator[tuple[str, str, str]]:
    """(place, function, pattern) of every call of `re` in app/."""
    for path in sorted((root / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if getattr(node.func.value, "id", "") == "re" and node.func.attr in CALLS:
                if node.func.attr == "compile":
                    continue  # found among the compiled ones below
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
                yield f"{path.name}:{node.lineno}", node.func.attr, str(node.args[0].value)


def compiled_patterns() -> Iterator[tuple[str, str, str]]:
    """(place, function, pattern) of every compiled pattern that a module of app/ holds and uses."""
    for module in pkgutil.walk_packages(package.__path__, "app."):
        loaded = importlib.import_module(module.name)
        source = Path(str(loaded.__file__)).read_text()
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern):
                for kind in re.findall(rf"\b{name}\.(\w+)\(", source) or ["search"]:
                    pattern = value.pattern
                    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
                    yield f"{module.name}.{name}", kind, text


def browser_patterns(root: Path) -> Iterator[tuple[str, str, str]]:
    """(place, function, pattern) of scripts and `pattern` attributes, in Python's writing."""
    for path in sorted((root / "static" / "js").rglob("*.js")):
        for found in re.finditer(r"[(=:,]\s*/((?![/*])(?:\\.|[^/\\\n])+)/[a-z]*", path.read_text()):
            yield path.name, "search", re.sub(r"\\p\{\w+\}", r"\\w", found[1])
        assert "RegExp(" not in path.read_text(), path
    for path in sorted((root / "templates").rglob("*.html")):
        for found in re.finditer(r'\spattern="([^"]*)"', path.read_text()):
            yield path.name, "fullmatch", found[1]


def all_patterns() -> list[tuple[str, str, str]]:
    """All of them."""
    root = Path(__file__).parents[2]
    return sorted({*python_patterns(root), *compiled_patterns(), *browser_patterns(root)})


def nested(tokens: Any, inside: bool = False) -> bool:
    """Whether something without an end is repeated without an end."""
    for kind, value in tokens:
        name = str(kind)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            _low, high, repeated = value
            endless = high > MANY * 50 or high is parser.MAXREPEAT
            if (endless and inside) or nested(repeated, inside or endless):
                return True
        elif name == "BRANCH":
            if any(nested(branch, inside) for branch in value[1]):
                return True
        elif name == "SUBPATTERN":
            if nested(value[-1], inside):
                return True
        elif name in {"ASSERT", "ASSERT_NOT"}:
            if nested(value[1], inside):
                return True
        elif name == "ATOMIC_GROUP" and nested(value, inside):
            return True
    return False


def letters_of(tokens: Any) -> set[str]:
    """Some characters that the pattern's parts take."""
    found: set[str] = set()
    for kind, value in tokens:
        name = str(kind)
        if name in {"LITERAL", "NOT_LITERAL"}:
            found.add(chr(value))
        elif name == "RANGE":
            found.add(chr(value[0]))
        elif name == "CATEGORY":
            found.add({"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1"}.get(str(value), "a"))
        elif name in {"IN", "ATOMIC_GROUP"}:
            found |= letters_of(value)
        elif name.endswith("_REPEAT"):
            found |= letters_of(value[2])
        elif name == "BRANCH":
            for branch in value[1]:
                found |= letters_of(branch)
        elif name == "SUBPATTERN":
            found |= letters_of(value[-1])
        elif name in {"ASSERT", "ASSERT_NOT"}:
            found |= letters_of(value[1])
    return found


def attacks(pattern: str) -> list[str]:
    """Short texts that, repeated, may make the pattern try many ways."""
    letters = sorted(letters_of(parser.parse(pattern)))[:12]
    beginning = re.match(r"[^\\\[\](){}?*+|^$.]*", pattern)
    pairs = [a + b for a in letters for b in letters if a != b]
    return [*letters, *pairs[:50], beginning[0] if beginning else ""]


def seconds(look: Callable[[str], object], text: str, times: int) -> float:
    """CPU time of one look, the best of some."""
    best = 1e9
    for _ in range(times):
        began = time.process_time()
        look(text)
        best = min(best, time.process_time() - began)
    return best


def growth(pattern: str, kind: str) -> float:
    """How much longer four times as long a text takes, at the worst: 4 is even, 16 the square."""
    compiled = re.compile(pattern)
    look = {"fullmatch": compiled.fullmatch, "match": compiled.match}.get(kind, compiled.search)
    worst = 0.0
    for part in filter(None, attacks(pattern)):
        short, long = (part * (size // len(part)) + "\x01" for size in (1000, 4000))
        if seconds(look, long, 1) > NOTHING:
            worst = max(worst, seconds(look, long, 4) / max(seconds(look, short, 4), 1e-6))
    return worst


@pytest.mark.parametrize(("place", "kind", "pattern"), all_patterns())
def test_no_pattern_repeats_inside_a_repetition_or_grows_faster_than_its_text(
    place: str, kind: str, pattern: str
) -> None:
    assert not nested(parser.parse(pattern)), f"{place}: {pattern}"
    # A busy machine may slow one measurement down, not three.
    assert any(growth(pattern, kind) < 8 for _ in range(3)), f"{place}: {pattern}"


@pytest.mark.parametrize(
    "pattern", [r"[^\W_]+([ \-–·]*[^\W_]+)*", r"(a+)+$", r"(?:\w|\d*-)*x", r"(a*b?)*c"]
)
def test_what_repeats_inside_a_repetition_is_found(pattern: str) -> None:
    assert nested(parser.parse(pattern))


@pytest.mark.parametrize("pattern", [r"a+b", r"<li[^>]*>", r"\s+$"])
def test_what_grows_by_the_square_is_found(pattern: str) -> None:
    assert growth(pattern, "search") >= 8


def test_all_kinds_of_places_are_walked() -> None:
    places = {place for place, _kind, _pattern in all_patterns()}

    assert "app.outbox.compose._BUTTON" in places
    assert any(place.startswith("schedule_parts.py:") for place in places)
    assert "combobox.js" in places
