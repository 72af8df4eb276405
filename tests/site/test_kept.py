"""Pages that are made once for all visitors: never an old one, and nobody's own."""

import enum
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, render_template

from app.accounts.models import Role
from app.agenda.models import Track
from app.agenda.releases import service as releases
from app.contributions.queries import get_call
from app.contributions.service import CallDraft, change_call
from app.extensions import db
from app.privacy.speakers import forget_speakers
from app.web import kept
from app.workshops import routes
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic
from tests.pages import Visitor

PAGES = ("", "agenda")
# They are the row's own and never stand on a page; the address is another page.
NOT_SHOWN = {"id", "version", "slug"}


@pytest.fixture
def shelf(app: Flask) -> dict[Any, Any]:
    """What this process keeps: nothing, before the test."""
    pages: dict[Any, Any] = app.extensions["kept"].pages
    pages.clear()
    return pages


@pytest.fixture
def released(workshop: Workshop) -> Workshop:
    """A workshop whose agenda is released."""
    add_topic(workshop, "Lagebilder", summary="Aus dem Netz")
    talk = add_session(workshop, "Lage im Netz", room_id=add_room(workshop, "Saal").id)
    talk.abstract = "Was ist zu tun?"
    releases.release(workshop)
    db.session.commit()
    return workshop


def texts(app: Flask, workshop: Workshop) -> list[str]:
    """Both pages as somebody gets them who comes for the first time."""
    client = app.test_client()
    db.session.commit()
    with app.app_context():
        return [client.get(f"/{workshop.slug}/{page}").get_data(as_text=True) for page in PAGES]


def anew(app: Flask, workshop: Workshop, shelf: dict[Any, Any]) -> list[str]:
    """Both pages, made with nothing kept."""
    shelf.clear()
    return texts(app, workshop)


def other(value: Any, column: sa.Column[Any]) -> Any:
    """Another value that the column may have."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, enum.Enum):
        return next(member for member in type(value) if member is not value)
    if isinstance(value, int):
        return value + 3
    if isinstance(column.type, sa.Date):
        return (value or date(2027, 3, 1)) + timedelta(days=1)
    if value is None or isinstance(value, datetime):
        return (value or datetime(2026, 1, 1, tzinfo=UTC)) - timedelta(days=400)
    return "America/Lima" if column.name == "timezone" else f"{value}Neues"


def test_a_page_is_made_once(app: Flask, released: Workshop, shelf: dict[Any, Any]) -> None:
    first = texts(app, released)
    made = dict(shelf)
    assert len(made) == len(PAGES)
    assert texts(app, released) == first
    assert all(shelf[key] is made[key] for key in made)


@pytest.mark.parametrize(
    "column",
    [c for c in Workshop.__table__.columns if c.name not in NOT_SHOWN],
    ids=lambda c: c.name,
)
def test_each_setting_changes_it_at_once(
    app: Flask, released: Workshop, shelf: dict[Any, Any], column: sa.Column[Any]
) -> None:
    texts(app, released)
    before = dict(shelf)
    value = other(getattr(released, column.name), column)
    # Past the objects, as another process does it.
    db.session.execute(
        sa.update(Workshop).values({column.name: value}),
        execution_options={"synchronize_session": False},
    )
    shown = texts(app, released)
    if column.name != "agenda_is_private":  # then nobody is shown that page
        assert all(shelf[key] is not before[key] for key in before)
    assert shown == anew(app, released, shelf)


def _topic(workshop: Workshop) -> None:
    add_topic(workshop, "Krisen")


def _call(workshop: Workshop) -> None:
    opened = CallDraft(
        opens_at=datetime(2026, 1, 1, tzinfo=UTC), closes_at=None, intro="", lengths=[45]
    )
    change_call(workshop, opened, version=get_call(workshop.id).version)


def _release(workshop: Workshop) -> None:
    add_session(workshop, "Noch etwas", room_id=add_room(workshop, "Studio").id)
    releases.release(workshop)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (_topic, "Krisen"),
        (_call, "Beiträge vorschlagen"),
        (_release, "Noch etwas"),
    ],
)
def test_what_features_put_there_changes_it_at_once(
    app: Flask,
    released: Workshop,
    shelf: dict[Any, Any],
    change: Callable[[Workshop], None],
    word: str,
) -> None:
    assert word not in "".join(texts(app, released))
    change(released)
    shown = texts(app, released)
    assert word in "".join(shown)
    assert shown == anew(app, released, shelf)


def test_a_forgotten_speaker_is_gone_at_once(
    app: Flask, released: Workshop, shelf: dict[Any, Any]
) -> None:
    add_session(
        released, "Gespräch", speakers="Jördis Öztürk", room_id=add_room(released, "Studio").id
    )
    releases.release(released)
    assert "Öztürk" in texts(app, released)[1]
    forget_speakers(released)
    assert "Öztürk" not in texts(app, released)[1]


def test_the_clock_changes_it(
    app: Flask, released: Workshop, shelf: dict[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = releases.find_released_agenda(released).days[0].slots[0].starts  # type: ignore[union-attr]
    clock = [starts - timedelta(seconds=1)]
    for module in (kept, __import__("app.agenda.public.routes", fromlist=["now"])):
        monkeypatch.setattr(module, "now", lambda: clock[0].astimezone(UTC))
    assert "#now" not in texts(app, released)[1]
    clock[0] = starts
    assert "#now" in texts(app, released)[1]
    clock[0] = starts + timedelta(hours=9)
    assert "#now" not in texts(app, released)[1]


def test_languages_are_apart(app: Flask, released: Workshop, shelf: dict[Any, Any]) -> None:
    german = texts(app, released)
    client = app.test_client()
    client.set_cookie("language", "en")
    with app.app_context():
        english = client.get(f"/{released.slug}/").get_data(as_text=True)
    assert 'lang="en"' in english
    assert texts(app, released) == german
    assert len(shelf) == len(PAGES) + 1


def test_nothing_of_anybodys_own_is_kept(
    app: Flask,
    released: Workshop,
    shelf: dict[Any, Any],
    sign_in: Callable[..., Visitor],
    visitor: Visitor,
) -> None:
    organiser = sign_in(Role.ORGANISER)
    for page in PAGES:
        assert "Organisation" in organiser.get(f"/{released.slug}/{page}").text("nav.site-nav")
    visitor.get(f"/{released.slug}/register")  # draws a token into the session
    for page in PAGES:
        visitor.get(f"/{released.slug}/{page}")
        visitor.get(f"/{released.slug}/{page}?track=1")
    assert shelf == {}


def test_only_so_many_are_kept(
    app: Flask, released: Workshop, shelf: dict[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST", 1)
    texts(app, released)
    assert [key[1] for key in shelf] == [f"/{released.slug}/agenda"]


def test_a_change_that_is_taken_back_leaves_no_page_of_between(
    app: Flask, released: Workshop, shelf: dict[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    slug, engine = released.slug, db.engine
    db.session.commit()
    db.session.remove()

    def rename(name: str) -> None:
        with engine.begin() as connection:
            connection.execute(sa.update(Track).values(name=name))

    real = render_template

    def render_meanwhile(*args: Any, **values: Any) -> str:
        rename("Versehentlich")
        return real(*args, **values)

    client = app.test_client()
    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(routes, "render_template", render_meanwhile)
        client.get(f"/{slug}/")
    rename("Lagebilder")
    with app.app_context():
        assert "Versehentlich" not in client.get(f"/{slug}/").get_data(as_text=True)
