"""Who may import whom, as pyproject.toml writes it down."""

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
