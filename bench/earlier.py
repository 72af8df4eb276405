"""The site as it was at an earlier commit, to be measured beside the present one in one run."""

import io
import subprocess
import tarfile
from pathlib import Path

from bench.installation import ROOT

EARLIER = "a63ca43"
# Made by the set-up and the same for both; the pins are, so that nothing is installed anew.
SHARED = (
    *(".venv", "node_modules", "static/vendor", "requirements.txt", "requirements-dev.txt"),
    *("package.json", "package-lock.json", "bin/vendor-assets"),
)


def unpack(commit: str, folder: Path) -> Path:
    """That commit's files, with what the set-up has made for this one."""
    done = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    for name in SHARED:
        path = folder / name
        path.unlink(missing_ok=True)
        path.symlink_to((ROOT / name).resolve())
    for catalogue in (ROOT / "app" / "translations").rglob("*.mo"):
        (folder / catalogue.relative_to(ROOT)).symlink_to(catalogue)
    return folder
