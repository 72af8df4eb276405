"""Files and long lists are given out in one way."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.web.downloads import PDF, give, give_unless_known
from app.web.paging import turn_to

APP = Path(__file__).parents[2] / "app"


def test_a_file_says_what_it_is_and_leaves_the_rest_to_the_site(app: Flask) -> None:
    with app.test_request_context():
        shown = give(b"%PDF", PDF, "Liste für Jörg.pdf")
        saved = give(b"%PDF", PDF, "liste.pdf", to_save=True)

    assert shown.mimetype == PDF
    assert shown.headers["Content-Disposition"].startswith("inline; ")
    assert (
        "filename*=UTF-8''Liste%20f%C3%BCr%20J%C3%B6rg.pdf" in shown.headers["Content-Disposition"]
    )
    assert saved.headers["Content-Disposition"] == "attachment; filename=liste.pdf"
    assert saved.headers["Content-Length"] == "4"
    assert "Cache-Control" not in shown.headers  # headers.py decides


def test_what_the_visitor_has_is_not_sent_again(app: Flask) -> None:
    with app.test_request_context():
        tag = give_unless_known(b"x", PDF, "x.pdf").headers["ETag"]
    with app.test_request_context(headers={"If-None-Match": tag}):
        assert give_unless_known(b"x", PDF, "x.pdf").status_code == 304
        assert give_unless_known(b"y", PDF, "x.pdf").status_code == 200


def test_no_other_module_writes_such_a_header() -> None:
    writing = {
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        if re.search(r"Content-Disposition|send_file", path.read_text())
    }

    assert writing == {"web/downloads.py", "outbox/headers.py"}  # the latter of parts of mails


@pytest.mark.parametrize(
    ("asked", "total", "shown", "pages", "offset"),
    [
        (1, 0, 1, 1, 0),
        (2, 101, 2, 3, 50),
        (3, 100, 2, 2, 50),
        (-7, 100, 1, 2, 0),
        (9, 150, 3, 3, 100),
    ],
)
def test_the_nearest_page_there_is(
    asked: int, total: int, shown: int, pages: int, offset: int
) -> None:
    at = turn_to(asked, total=total, size=50)

    assert (at.page, at.pages, at.offset) == (shown, pages, offset)
