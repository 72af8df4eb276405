"""What is sent is in memory before the first query: a slow client holds no lock."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Role
from app.extensions import db
from app.workshops.models import Workshop
from tests.pages import Visitor
from tests.site.addresses import READING, list_addresses

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----x"
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'.encode()


class SlowBody(io.BytesIO):
    """A body that notes, each time a piece of it is read, how many connections are in use."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.in_use: list[int] = []

    def _note(self) -> None:
        pool: Any = db.engine.pool
        self.in_use.append(pool.checkedout())

    def read(self, size: int | None = -1) -> bytes:
        """A piece."""
        self._note()
        return super().read(size)

    def readinto(self, buffer: Any) -> int:
        """A piece."""
        self._note()
        return super().readinto(buffer)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FORM, b"a=b&csrf_token=x"),
        (f"multipart/form-data; boundary={BOUNDARY}", PART + f"--{BOUNDARY}--\r\n".encode()),
    ],
)
def test_no_address_asks_the_database_before_the_body_is_there(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor], kind: str, content: bytes
) -> None:
    visitor = sign_in(Role.ADMINISTRATOR)
    paths = [a.path for a in list_addresses(app, workshop.slug) if a.method not in READING]
    assert len(paths) > 50
    for path in [*paths, "/no/such/page"]:
        body = SlowBody(content)

        answer = visitor.client.post(
            path,
            input_stream=body,
            content_type=kind,
            content_length=len(content),
            environ_overrides={"wsgi.input_terminated": True},
        )

        assert answer.status_code in {400, 404}, path
        assert body.in_use, path
        assert set(body.in_use) == {0}, path


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        (FORM, b"&".join(b"f%d=x" % number for number in range(10_000)), 400),
        (FORM, b"a=" + b"x" * 300_000, 413),
        (FORM, b"a=%00%ff%fe", 400),
        (FORM, b"x" * 1_100_000, 413),
        (FORM, b"&" * 250_000, 400),
        ("multipart/form-data; boundary=x", b"--x\r\n" * 1000, 400),
        (f"multipart/form-data; boundary={BOUNDARY}", PART * 1500, 413),
        ("multipart/form-data", b"--x\r\n", 400),
        ("application/json", b"[" * 100_000, 400),
        ("text/plain; charset=nonsense", b"a", 400),
        (FORM + "; charset=utf-7", b"a=b", 400),
        ("\xff/\xfe", b"a", 400),
    ],
)
@pytest.mark.parametrize("path", ["/{slug}/register/person", "/forgot-password", "/nowhere/at/all"])
def test_whatever_is_sent_as_a_form_is_answered(
    visitor: Visitor, workshop: Workshop, path: str, kind: str, content: bytes, status: int
) -> None:
    answer = visitor.client.post(path.format(slug=workshop.slug), data=content, content_type=kind)

    assert answer.status_code in {status, 404 if "nowhere" in path else status}
