"""Fixtures of tests about the site as a whole."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.materials.inspection import inspect
from app.materials.service import add_file
from app.migrating import load_migrations
from app.outbox.delivery import deliver_due
from app.outbox.service import File, SecretLink, queue_mail, send_again
from tests import factories
from tests.agenda.programme import add_session
from tests.conftest import make_database
from tests.materials import samples
from tests.site.backups import Everything, everything


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    (folder / "mail").mkdir(parents=True)
    (folder / "secret-key").write_text("geheim")
    (folder / "mail" / "1.eml").write_text("Subject: x")
    (folder / "queue.db").write_text("not part of it")
    return folder


@pytest.fixture
def empty_app(
    make_app: Callable[..., Flask],
    tmp_path: Path,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """An application on a database without tables."""
    url = make_database(f"{worker_id}_empty", tmp_path_factory)
    app = make_app(INSTANCE_DIR=tmp_path, DATABASE_URL=url)
    load_migrations(app)
    with app.app_context():
        yield app


@pytest.fixture
def filled(ctx: Flask) -> Everything:
    """An installation with umlauts, instants, bytes, days, JSON and nulls in it."""
    workshop = factories.make_workshop(title="Tagung für Łukasz & Ömer 👮", summary="Eins\nZwei")
    factories.make_account(workshop=workshop)
    message = queue_mail(
        recipient="kim@example.org",
        subject="Grüße",
        text="T",
        html="H",
        workshop_id=workshop.id,
        link=SecretLink(purpose="registration", subject_id=1, path="/leipzig/registration/{token}"),
        attachments=(File(filename="a", content_type="a/b", content=bytes(range(256))),),
    )
    session = add_session(workshop, "Reels")
    for name in ("a.png", "b.png", "c.png"):  # more than are in memory at a time
        add_file(workshop.id, session.id, inspect(name, samples.picture()), speaker=None)
    db.session.commit()
    deliver_due()
    send_again(message)
    db.session.commit()
    return everything()
