"""What holds for the project's own files."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400  # lines; a longer file is more than one thing


def list_files() -> list[Path]:
    """Everything in the project but what a checkout makes for itself (.venv, instance, …)."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [p for p in (ROOT / name for name in done.stdout.split("\0") if name) if p.is_file()]


FILES = list_files()
SOURCES = [
    p
    for p in FILES
    if p.suffix in {".py", ".html", ".txt", ".css", ".js"}
    and re.match(r"(app|tests|templates|static/css|static/js)/", str(p.relative_to(ROOT)))
]
TEXTS = [p for p in FILES if p.suffix not in {".png", ".woff2", ".ico", ".pdf"}]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_files() -> None:
    assert ROOT / "wsgi.py" in FILES
    assert len(SOURCES) > 20


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_file_is_one_thing(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


def test_no_registry_and_no_machine_is_named() -> None:
    # Locks name packages and hashes; where they come from is the machine's setting.
    registry = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|registry)", re.IGNORECASE)
    machine = re.compile(r"(?<![\w./<-])/(?:root|home|work)/\w")
    found = [
        f"{name(path)}: {line.strip()[:100]}"
        for path in TEXTS
        if path != Path(__file__)
        for line in path.read_text().splitlines()
        if registry.search(line) or machine.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    packages = [line for line in lines if re.match(r"[a-zA-Z0-9]", line)]
    assert len(packages) > 20
    assert [p for p in packages if not re.match(r"[\w.-]+==[\w.+!]+( ;.*)? \\$", p)] == []
    assert [line for line in lines if line.startswith("-")] == []


def test_the_tests_run_with_what_is_served() -> None:
    def pins(lock: str) -> dict[str, str]:
        found = re.findall(r"^([\w.-]+)==([\w.+!]+)", (ROOT / lock).read_text(), re.MULTILINE)
        return dict(found)

    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
