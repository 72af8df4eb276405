"""What each role may do, and where."""

import pytest
from flask import Flask

from app.accounts.models import RIGHTS, Account, Membership, Role
from app.accounts.rights import Right
from app.workshops.models import Workshop
from tests.factories import make_account, make_workshop


def test_each_role_may_do_what_those_below_it_may() -> None:
    assert set(RIGHTS) == set(Role)
    assert RIGHTS[Role.STAFF] < RIGHTS[Role.ORGANISER] < RIGHTS[Role.ADMINISTRATOR]
    assert RIGHTS[Role.ADMINISTRATOR] == set(Right)


def test_only_administrators_hold_rights_over_the_installation() -> None:
    assert RIGHTS[Role.ADMINISTRATOR] - RIGHTS[Role.ORGANISER] == {
        Right.CREATE_WORKSHOPS,
        Right.MANAGE_ACCOUNTS,
    }


@pytest.mark.parametrize("role", [Role.STAFF, Role.ORGANISER])
def test_a_role_in_one_workshop_gives_its_rights_there_only(
    ctx: Flask, workshop: Workshop, role: Role
) -> None:
    account, other = make_account(role=role, workshop=workshop), make_workshop()

    assert _rights(account, workshop.id) == RIGHTS[role]
    assert _rights(account, other.id) == _rights(account, None) == set()


def test_roles_in_several_places_add_up(ctx: Flask, workshop: Workshop) -> None:
    account, other = make_account(role=Role.STAFF), make_workshop()
    account.memberships.append(Membership(role=Role.ORGANISER, workshop_id=workshop.id))

    assert _rights(account, workshop.id) == RIGHTS[Role.ORGANISER]
    assert _rights(account, other.id) == _rights(account, None) == RIGHTS[Role.STAFF]


def _rights(account: Account, workshop_id: int | None) -> set[Right]:
    return {right for right in Right if account.may(right, workshop_id)}
