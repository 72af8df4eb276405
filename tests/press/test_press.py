"""The press as real processes: it hangs, dies, grows, and the next paper works."""

import contextlib
import io
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.press.asking import PaperLost, Press, PressBusy, PressFailed
from app.press.limits import LOCK, SOCKET, Limits
from tests.pdf import Pdf
from tests.server.conftest import children_of, wait_for

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAPER = '<html lang="de"><title>Probe</title><body><h1>Probe</h1>'
LONG = PAPER + "".join(f"<table><tr><td>Zeile {n}<td>Wort<td>Wort</table>" for n in range(15000))


def draw(press: Press, html: str = PAPER, **arguments: Any) -> str:
    """The text of a paper."""
    usual: dict[str, Any] = {"styles": [], "images": {}}
    return Pdf(press.ask("draw", html=html, **{**usual, **arguments})).text().strip()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Press]]:
    """`make(seconds=1)`: a press in the test's folder with such limits; nobody has started it."""
    made: list[Press] = []

    def make_one(**limits: Any) -> Press:
        made.append(Press(tmp_path, Limits(**{"patience": 60.0, **limits})))
        return made[-1]

    yield make_one
    for press in made:
        press._end()


def keeper_of(press: Press) -> int:
    """The number of the keeper that this press has started."""
    assert press._keeper is not None
    return press._keeper.pid


def drawers(press: Press) -> list[int]:
    """The processes that draw: one, or none yet."""
    return children_of(keeper_of(press))


def is_dead(process: int) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2]
    except FileNotFoundError:
        return True
    return state.startswith("Z")


def is_drawing(press: Press) -> int | None:
    """The process that draws, once it has been at a paper for a while."""
    for process in drawers(press):
        ticks = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
        if int(ticks[11]) > 150:  # hundredths of a second; being ready takes half of it
            return process
    return None


@pytest.fixture
def drawing(make: Callable[..., Press]) -> Iterator[Callable[..., tuple[Press, int, Any]]]:
    """`drawing(seconds=9)`: a press, the process that is at a long paper, and what will be."""
    with ThreadPoolExecutor(4) as pool:

        def begin(**limits: Any) -> tuple[Press, int, Any]:
            press = make(**limits)
            draw(press)
            paper = pool.submit(draw, press, LONG)
            return press, wait_for(lambda: is_drawing(press)), paper

        yield begin


def test_a_paper_is_drawn_by_a_process_started_afresh(make: Callable[..., Press]) -> None:
    press = make()

    assert draw(press) == "Probe"

    (drawer,) = wait_for(lambda: drawers(press))
    command = Path(f"/proc/{drawer}/cmdline").read_text()
    assert "app.press.drawer" in command, "exec'd, not forked from a process that has drawn"
    assert os.getpgid(keeper_of(press)) != os.getpgid(0)
    loaded = Path(f"/proc/{drawer}/maps").read_text()
    assert "libpango" in loaded
    assert "sqlalchemy" not in loaded
    assert "libpango" not in Path(f"/proc/{keeper_of(press)}/maps").read_text()


def test_the_socket_is_its_owners_alone_and_passwords_are_kept_from_the_press(
    make: Callable[..., Press], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://kim:secret@localhost/site")
    press = make()
    draw(press)

    assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600
    for process in (keeper_of(press), *drawers(press)):
        assert "secret" not in Path(f"/proc/{process}/environ").read_text()


def test_a_process_killed_in_the_midst_of_a_paper(
    drawing: Callable[..., tuple[Press, int, Any]],
) -> None:
    press, drawer, paper = drawing()

    os.kill(drawer, signal.SIGKILL)

    with pytest.raises(PaperLost, match="died"):
        paper.result()
    assert draw(press) == "Probe"
    assert drawers(press) != [drawer]


def test_a_process_killed_while_idle_is_not_noticed(make: Callable[..., Press]) -> None:
    press = make()
    draw(press)
    (drawer,) = wait_for(lambda: drawers(press))

    os.kill(drawer, signal.SIGKILL)
    wait_for(lambda: is_dead(drawer))

    assert draw(press) == "Probe"


def test_a_process_that_hangs_is_ended(make: Callable[..., Press]) -> None:
    press = make(seconds=8.0)
    draw(press)
    (drawer,) = wait_for(lambda: drawers(press))
    os.kill(drawer, signal.SIGSTOP)

    # It may hang while it tidies up after the first paper: then another one draws the second.
    with contextlib.suppress(PaperLost):
        draw(press)

    assert draw(press) == "Probe"
    assert not Path(f"/proc/{drawer}").exists()


def test_a_paper_that_takes_too_long_is_given_up(make: Callable[..., Press]) -> None:
    press = make(seconds=3.0, memory=20_000)
    draw(press)

    with pytest.raises(PaperLost, match="slow"):
        draw(press, LONG)

    assert draw(press) == "Probe"


def test_a_paper_that_needs_too_much_memory_is_given_up(
    make: Callable[..., Press],
) -> None:
    press = make(memory=110)
    draw(press)

    with pytest.raises(PaperLost, match="large"):
        draw(press, LONG)

    assert draw(press) == "Probe"


def test_after_growth_another_process_draws(make: Callable[..., Press]) -> None:
    press = make(grown=1)
    draw(press)
    (first,) = wait_for(lambda: drawers(press))
    wait_for(lambda: drawers(press) not in ([], [first]))

    assert draw(press) == "Probe"


def test_a_bug_is_told_without_what_stands_in_the_paper(
    make: Callable[..., Press], capfd: pytest.CaptureFixture[str]
) -> None:
    press = make()

    with pytest.raises(PressFailed):
        draw(press, styles=[{"Kim Geheim": "is no style sheet"}])

    log = capfd.readouterr().err
    assert "press: draw failed with" in log
    assert "app/press/drawing.py" in log
    assert "Geheim" not in log
    assert draw(press) == "Probe"


def test_what_is_no_job_is_refused(make: Callable[..., Press]) -> None:
    with pytest.raises(PressFailed):
        make().ask("system", command="true")


ASK = """
import sys, pathlib
from app.press.asking import Press
from app.press.limits import Limits
press = Press(pathlib.Path(sys.argv[1]), Limits())
pdf = press.ask("draw", html=sys.argv[2], styles=[], images={})
sys.stdout.buffer.write(pdf)
"""


def test_processes_that_ask_at_once_share_one_press(tmp_path: Path) -> None:
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, tmp_path, f"{PAPER}<p>Blatt {n}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for n in range(3)
    ]
    papers = [process.communicate() for process in asking]

    for n, (paper, error) in enumerate(papers):
        assert f"Blatt {n}" in Pdf(paper).text(), error
    assert b"starting" not in b"".join(error for _paper, error in papers)
    wait_for(lambda: not (tmp_path / SOCKET).exists()), "it ends with those who started it"


def test_a_press_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    code = ASK + "\nsys.stdout.flush(); import time; time.sleep(60)"
    asking = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path, PAPER], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert asking.stdout
    asking.stdout.read(100)
    (keeper,) = children_of(asking.pid)

    asking.kill()
    asking.communicate()

    wait_for(lambda: not Path(f"/proc/{keeper}").exists())
    assert not (tmp_path / SOCKET).exists()


def test_the_socket_of_a_killed_press_is_in_nobodys_way(
    make: Callable[..., Press], tmp_path: Path
) -> None:
    press = make()
    draw(press)
    drawer, keeper = drawers(press)[0], keeper_of(press)

    os.kill(keeper, signal.SIGKILL)
    assert press._keeper is not None
    press._keeper.wait()

    assert (tmp_path / SOCKET).exists()
    assert draw(make()) == "Probe"
    wait_for(lambda: not Path(f"/proc/{drawer}").exists())


def test_a_press_that_hangs_itself_is_replaced(
    make: Callable[..., Press], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.press.asking._GREETING", 4.0)
    press = make()
    draw(press)
    keeper = keeper_of(press)
    os.kill(keeper, signal.SIGSTOP)

    assert draw(press) == "Probe"
    assert keeper_of(press) != keeper


def listens(folder: Path) -> bool:
    """Whether a press takes requests there."""
    with socket.socket(socket.AF_UNIX) as asker:
        return asker.connect_ex(str(folder / SOCKET)) == 0


def test_one_waits_for_a_folder_that_has_a_press(
    make: Callable[..., Press], tmp_path: Path
) -> None:
    press, other = make(), make()
    draw(press)
    left = other.start()
    waiting = other.start("wait")

    assert left.wait(20) == 0
    assert waiting.poll() is None
    press._end()
    wait_for(lambda: listens(tmp_path))  # asked before, `other` would start one of its own
    assert draw(other) == "Probe"
    assert other._keeper is None, "the one that waited draws"
    for keeper in (left, waiting):
        assert keeper.stdin
        keeper.stdin.close()
    assert waiting.wait(20) == 0


def test_the_line_is_bounded_and_whoever_asks_for_the_same_waits_for_it(
    make: Callable[..., Press],
) -> None:
    press = make(line=2, patience=30.0)
    draw(press)
    (drawer,) = wait_for(lambda: drawers(press))
    os.kill(drawer, signal.SIGSTOP)
    with ThreadPoolExecutor(4) as pool:
        same = [pool.submit(draw, press, PAPER + "<p>A") for _ in range(3)]
        other = pool.submit(draw, press, PAPER + "<p>B")
        time.sleep(2)  # until all four stand there
        with pytest.raises(PressBusy):
            draw(press, PAPER + "<p>C")
        os.kill(drawer, signal.SIGCONT)
        assert {paper.result() for paper in same} == {"Probe\nA"}
        assert other.result() == "Probe\nB"


def test_pictures_and_styles_arrive(make: Callable[..., Press]) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(picture, "PNG")
    html = f'{PAPER}<img src="app:image/a.png" alt="">'
    styles = ["h1 { text-transform: uppercase }"]

    assert draw(make(), html, styles=styles, images={"a.png": picture.getvalue()}) == "PROBE"


def test_a_folder_with_a_long_name_can_have_a_press(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    press = Press(folder, Limits())

    assert draw(press) == "Probe"

    press._end()
    assert [path.name for path in folder.iterdir()] == [LOCK]
