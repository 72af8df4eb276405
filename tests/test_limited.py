"""A function in a child process: what comes back, what is stopped, what is told of mistakes."""

import os
import resource
import sys
import time
from typing import Any

import pytest

from app import limited
from app.limited import ChildLimits, TooMuchWork, run

SMALL = ChildLimits(computing=1, waiting=20, memory=256 * limited.MEGABYTE)


def echo(content: bytes, *words: str) -> Any:
    return {"words": list(words), "length": len(content), "begins": content[:3].decode()}


def surroundings(content: bytes) -> Any:
    return {
        "environment": sorted(os.environ),
        "files": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "loaded": [
            name for name in ("flask", "sqlalchemy", "app.extensions") if name in sys.modules
        ],
        "process": os.getpid(),
    }


def compute(content: bytes) -> None:
    while True:
        pass


def sleep(content: bytes) -> None:
    time.sleep(600)


def grow(content: bytes) -> int:
    return len([bytes(1024 * 1024) for _ in range(4096)])


def die(content: bytes) -> None:
    os.abort()


def stumble(content: bytes) -> None:
    raise ValueError(content.decode())


def test_what_the_function_gives_back_comes_back() -> None:
    content = "ä".encode() + bytes(3 * limited.MEGABYTE)
    answer = run(echo, content, "eins", "zwei drei")
    assert answer == {"words": ["eins", "zwei drei"], "length": len(content), "begins": "ä\x00"}


def test_the_child_knows_nothing_of_the_application_or_its_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    told = run(surroundings, b"")
    assert set(told["environment"]) <= {"LANG", "LC_CTYPE", "LIMITS"}
    assert (told["files"], told["loaded"]) == (0, [])
    assert told["process"] != os.getpid()


@pytest.mark.parametrize(
    ("function", "limits"),
    [
        (compute, SMALL),
        (sleep, ChildLimits(computing=1, waiting=1)),
        (grow, SMALL),
    ],
)
def test_too_much_work_is_stopped(function: Any, limits: ChildLimits) -> None:
    with pytest.raises(TooMuchWork):
        run(function, b"", limits=limits)


def test_whatever_ends_a_child_gives_its_place_back() -> None:
    for _time in range(limited.AT_ONCE + 1):
        with pytest.raises(TooMuchWork):
            run(die, b"")
    assert run(echo, b"abc")["length"] == 3


def test_a_mistake_of_ours_names_the_line_and_not_the_data() -> None:
    with pytest.raises(RuntimeError) as error:
        run(stumble, b"Karla Muster")
    assert "ValueError" in str(error.value)
    assert "in stumble" in str(error.value)
    assert "Karla" not in str(error.value)
