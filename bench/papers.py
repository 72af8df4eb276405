"""What papers cost: CPU time of this process and of the press that it has started."""

import os
import time
from pathlib import Path

from app.documents.pdf import render_pdf

TICKS = os.sysconf("SC_CLK_TCK")


def warm_up() -> None:
    """Start the press, so that no paper that is measured waits for it."""
    render_pdf('<html lang="de"><title>-</title><h1>A<b>ä</b></h1>')


def cpu_seconds() -> float:
    """CPU time so far (resolution 10 ms for the press)."""
    return time.process_time() + sum(map(_cpu_of, _descendants(os.getpid())))


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, fields[11:15])) / TICKS  # its own, and that of children that have ended


def _descendants(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    children = [int(n) for task in tasks for n in (task / "children").read_text().split()]
    return children + [further for child in children for further in _descendants(child)]
