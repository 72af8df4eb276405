"""The same name sent by several at once: one has it, the others read that it is taken."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.models import Role
from app.extensions import db
from app.workshops.models import Workshop
from tests.pages import Visitor

MANY = 4


def send_at_once(visitors: list[Visitor], forms: list[tuple[str, dict[str, Any]]]) -> list[int]:
    """The statuses of all answers."""
    barrier, statuses = threading.Barrier(len(visitors)), []

    def send(visitor: Visitor, path: str, values: dict[str, Any]) -> None:
        barrier.wait()
        statuses.append(visitor.client.post(path, data=values).status_code)

    threads = [
        threading.Thread(target=send, args=(visitor, *form))
        for visitor, form in zip(visitors, forms, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(statuses)


@pytest.mark.parametrize("what", ["new workshop", "new organisation", "renamed organisation"])
def test_the_second_reads_that_the_name_is_taken(
    workshop: Workshop, sign_in: Callable[..., Visitor], what: str
) -> None:
    visitors = [sign_in(Role.ADMINISTRATOR) for _ in range(MANY)]
    organisations = f"/{workshop.slug}/desk/settings/organisations"
    typed = {"name": "Zoll Nord", "short_name": "ZN"}
    paths = [f"{organisations}/new"] * MANY
    if what == "new workshop":
        paths = ["/workshops/new"] * MANY
        typed = {
            "slug": "neu-27",
            "title": "Neu",
            "starts_on": "2027-03-01",
            "ends_on": "2027-03-02",
        }
    if what == "renamed organisation":
        paths = [f"{organisations}/{o.id}" for o in workshop.organisations[:MANY]]
    forms = [
        (path, {**visitor.get(path).form_values("main form[method=post]"), **typed})
        for visitor, path in zip(visitors, paths, strict=True)
    ]
    db.session.remove()
    assert send_at_once(visitors, forms) == [303, *[422] * (MANY - 1)]
