"""The picture of the floors in docs/architecture.md shows the contracts, and what is imported."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grimp
import pytest

Floors = list[list[str]]
_LABEL = slice(17)  # the columns in which a part of the house is named
_AGENDA = "agenda "


@dataclass
class Picture:
    """Names from the top down; each line is a floor."""

    app: Floors = field(default_factory=list)
    agenda: Floors = field(default_factory=list)
    never: set[tuple[frozenset[str], frozenset[str]]] = field(default_factory=set)


@pytest.fixture
def picture(root: Path) -> Picture:
    return _read((root / "docs/architecture.md").read_text())


@pytest.fixture
def contracts(root: Path) -> list[dict[str, Any]]:
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


@pytest.mark.parametrize("container", ["app", "app.agenda"])
def test_the_picture_has_the_floors_of_the_contract(
    picture: Picture, contracts: list[dict[str, Any]], container: str
) -> None:
    [contract] = [c for c in contracts if c.get("containers") == [container]]
    layers = [sorted(_names(layer)) for layer in contract["layers"]]
    shown = picture.app if container == "app" else picture.agenda
    assert [sorted(floor) for floor in shown] == layers


def test_the_picture_shows_what_is_forbidden(
    picture: Picture, contracts: list[dict[str, Any]]
) -> None:
    forbidden = {
        (_short(c["source_modules"]), _short(c["forbidden_modules"]))
        for c in contracts
        if c["type"] == "forbidden"
    }
    assert picture.never == forbidden


@pytest.mark.parametrize("container", ["app", "app.agenda"])
def test_all_imports_lead_down_in_the_picture(picture: Picture, container: str) -> None:
    shown = picture.app if container == "app" else picture.agenda
    floor_of = {name: number for number, floor in enumerate(shown) for name in floor}
    imports = set(_imports_within(container))
    assert {name for pair in imports for name in pair} - set(floor_of) == set()
    assert [pair for pair in imports if floor_of[pair[0]] >= floor_of[pair[1]]] == []
    assert len(imports) > len(shown)


def _imports_within(container: str) -> Iterator[tuple[str, str]]:
    """Who imports whom, both by the name below the container; within one of them does not count."""
    graph = grimp.build_graph("app", cache_dir=None)
    inside = re.compile(re.escape(container) + r"\.(\w+)")
    for module in graph.modules:
        importer = inside.match(module)
        if importer is None:
            continue
        for other in graph.find_modules_directly_imported_by(module):
            imported = inside.match(other)
            if imported is not None and imported[1] != importer[1]:
                yield importer[1], imported[1]


def _read(text: str) -> Picture:
    """The picture in its fence. A line that begins with '·' goes on with the one before."""
    fence = text.split("## The floors", 1)[1].split("```", 2)[1].removeprefix("text\n")
    picture = Picture()
    at_agenda = False
    above, below = re.sub(r"\n\s+·", " ·", fence).split("\n\n")
    for line in above.splitlines():
        names = line[_LABEL.stop :]
        at_agenda = names.startswith(_AGENDA) or (at_agenda and names.startswith(" "))
        if names.startswith(_AGENDA):
            picture.app.append(["agenda"])
        floor = _names(names.removeprefix(_AGENDA))
        (picture.agenda if at_agenda else picture.app).append(floor)
    for line in filter(None, below.splitlines()):
        sources, forbidden = line[_LABEL.stop :].split("→")
        picture.never.add((_short(_names(sources)), _short(_names(forbidden))))
    return picture


def _names(text: str) -> list[str]:
    return re.findall(r"[\w.]+", text)


def _short(modules: list[str]) -> frozenset[str]:
    return frozenset(module.removeprefix("app.") for module in modules)
