"""Who may import whom, as pyproject.toml writes it down."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path


def test_imports_keep_the_layers(root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_feature_has_its_place(root: Path) -> None:
    """A package that the contract does not name would be free to import anything."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    named = {
        name.strip()
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == ["app"]
        for layer in contract["layers"]
        for name in layer.split("|")
    }
    modules = {
        path.stem if path.is_file() else path.name
        for path in (root / "app").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert modules - named == {"__init__"}


def test_every_feature_keeps_the_order_of_its_files(root: Path) -> None:
    """Routes, forms, service, queries, models: of a package with two of them, one comes first."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    [contract] = [
        c
        for c in settings["tool"]["importlinter"]["contracts"]
        if "(routes)" in c.get("layers", [])
    ]
    ordered = {name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")}
    files: dict[str, set[str]] = {}
    for path in (root / "app").rglob("*.py"):
        package = ".".join(path.parent.relative_to(root).parts)
        files.setdefault(package, set()).update({path.stem} & ordered)
    features = {package for package, found in files.items() if len(found) > 1}
    assert features - {"app"} <= set(contract["containers"])
    assert {package for package in contract["containers"] if not files.get(package)} == set()


JOBS = {"cli.py", "tasks.py", "delivery.py", "night.py"}
"""What has no request: commands and jobs end their own transactions."""


def test_only_pages_and_jobs_commit(root: Path) -> None:
    """A service that commits would end the transaction of whoever calls it halfway."""
    commits = {
        path: path.read_text()
        for path in (root / "app").rglob("*.py")
        if "session.commit()" in path.read_text()
    }
    assert len(commits) > 20
    rules = {path.name for path in commits} & {"service.py", "queries.py", "models.py", "forms.py"}
    assert rules == set()
    pages = {path for path, text in commits.items() if re.search("^from flask import", text, re.M)}
    assert {path for path in set(commits) - pages if path.name not in JOBS} == set()
