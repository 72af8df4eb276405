"""Papers at public addresses: made once, however many ask; a crowd is asked to come back."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask

from app.documents import routes
from app.documents.programme import PrintedProgramme, render_programme
from app.documents.shelf import Shelf
from app.press.asking import Press, PressBusy
from app.press.limits import Limits
from app.workshops.models import Workshop
from tests.agenda.programme import fill
from tests.pages import Visitor


def test_a_paper_is_made_once_and_a_crowd_does_not_wait() -> None:
    shelf, may_end, made = Shelf(kept=2, patient=2), Event(), []

    def make() -> bytes:
        may_end.wait(10)
        made.append(1)
        return b"paper"

    got: list[bytes] = []
    patient = [Thread(target=lambda: got.append(shelf.take("a", make))) for _n in range(2)]
    for thread in patient:
        thread.start()
    while shelf._patient._value:  # until both stand there
        time.sleep(0.001)
    with pytest.raises(PressBusy):
        shelf.take("b", make)
    may_end.set()
    for thread in patient:
        thread.join()
    assert (got, made) == ([b"paper"] * 2, [1])
    for key in "bcb":
        shelf.take(key, make)
    assert made == [1] * 3
    shelf.take("a", make)
    assert made == [1] * 4, "only the latest are kept"


def test_whoever_comes_in_a_crowd_is_told_when_to_come_back(
    app: Flask, workshop: Workshop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(workshop, 2)
    monkeypatch.setattr(routes, "_shelf", Shelf(patient=1))
    slug, asked, may_end = workshop.slug, Event(), Event()

    def slow(make: Callable[[PrintedProgramme], bytes]) -> Callable[[PrintedProgramme], bytes]:
        def render(data: PrintedProgramme) -> bytes:
            asked.set()
            may_end.wait(10)
            return make(data)

        return render

    monkeypatch.setattr(routes, "render_programme", slow(render_programme))
    first = Thread(target=lambda: Visitor(app).client.get(f"/{slug}/agenda.pdf"))
    first.start()
    assert asked.wait(10)
    page = visitor.get(f"/{slug}/agenda.pdf?format=booklet", status=503)
    assert page.text("h1") == "Diese Datei wird gerade erstellt"
    assert page.response.headers["Retry-After"] == "5"
    may_end.set()
    first.join()
    assert visitor.client.get(f"/{slug}/agenda.pdf").mimetype == "application/pdf"


def test_a_paper_that_is_given_up_is_told_and_the_site_goes_on(
    app: Flask,
    workshop: Workshop,
    visitor: Visitor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(workshop, 2)
    monkeypatch.setattr(routes, "_shelf", Shelf())
    usual = app.extensions["press"]
    app.extensions["press"] = hurried = Press(tmp_path, Limits(seconds=0.01))
    try:
        page = visitor.get(f"/{workshop.slug}/agenda.pdf", status=503)
    finally:
        app.extensions["press"] = usual
        hurried._end()

    assert page.text("h1") == "Diese Datei konnte nicht erstellt werden"
    assert page.response.headers["Retry-After"] == "5"
    paper = visitor.client.get(f"/{workshop.slug}/agenda.pdf")
    assert paper.mimetype == "application/pdf"
