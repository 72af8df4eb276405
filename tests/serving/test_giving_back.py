"""A web process that has grown is replaced when nobody needs it."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.serving.worker import GROWN
from tests.mail_server import free_port
from tests.server.conftest import ROOT, wait_for

SITE = f"""
import os
kept = []

def app(environ, start_response):
    if environ["PATH_INFO"] == "/grow":
        kept.append(b"x" * {int(GROWN + 8) * 1024 * 1024})
    start_response("200 OK", [("Connection", environ["QUERY_STRING"] or "close")])
    return [str(os.getpid()).encode()]
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server with one worker; each answer is the worker's number."""
    (tmp_path / "site_that_grows.py").write_text(SITE)
    port = free_port()
    words = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--no-control-socket"]
    worker = ["--worker-class", "app.serving.worker.BufferingWorker", "site_that_grows:app"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *words, *worker],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"},
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(30)


def ask(url: str) -> int:
    """Which worker answers; 0: none does."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.read())
    except OSError:
        return 0


@pytest.mark.slow
def test_grown_worker_is_replaced_and_a_small_one_stays(address: str) -> None:
    first = wait_for(lambda: ask(address + "/"))
    assert ask(address + "/grow") == first
    second = wait_for(lambda: (found := ask(address + "/")) != first and found)
    for _ in range(3):
        assert ask(address + "/") == second
