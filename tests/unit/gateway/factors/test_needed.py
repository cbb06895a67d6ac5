"""Who must prove a second factor."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from gateway.access.roles import ROLES
from gateway.access.second_factor import lacks_one, reads_families, role_needs_one
from gateway.access.visitor import Borough, Member, Visitor

NEEDING = {"practitioner", "facilitator", "records_lead"}


def visitor(*roles: str, practice: bool = False, **more: Any) -> Visitor:
    borough = Borough(uuid4(), "camden", "Camden", "Camden Stay & Play", practice, {}, 1)
    member = Member(uuid4(), 1, roles, uuid4(), "CAMHS", "camhs")
    return Visitor(uuid4(), uuid4(), "Ruth Osei", "ruth@camden.example", **{"borough": borough, "member": member, **more})


@pytest.mark.parametrize("role", ROLES)
def test_roles_that_read_families_need_one_in_a_real_borough(role: str) -> None:
    assert role_needs_one([role], practice=False) is (role in NEEDING)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_needs_one_in_a_practice_borough(role: str) -> None:
    assert not role_needs_one([role], practice=True)


def test_one_role_of_several_is_enough() -> None:
    assert role_needs_one(["administrator", "facilitator"], practice=False)


@pytest.mark.parametrize(
    ("permission", "reads"),
    [("families.read", True), ("referrals.read", True), ("outreach.work", True), ("referrals.read_own", False), ("people.manage", False)],
)
def test_what_shows_families(permission: str, reads: bool) -> None:  # noqa: FBT001 - a parametrised value
    assert reads_families([permission]) is reads


def test_a_proved_session_lacks_none() -> None:
    assert not lacks_one(visitor("practitioner", second_factor_at=datetime.now(UTC)))


def test_a_role_that_needs_one_lacks_it_until_it_is_proved() -> None:
    assert lacks_one(visitor("practitioner"))


def test_whoever_has_one_lacks_it_everywhere_until_it_is_proved() -> None:
    assert lacks_one(visitor("referrer", has_factor=True))
    assert lacks_one(visitor("practitioner", practice=True, has_factor=True))
    assert lacks_one(visitor(borough=None, member=None, has_factor=True))


def test_whoever_has_none_and_needs_none_lacks_nothing() -> None:
    assert not lacks_one(visitor("administrator"))
    assert not lacks_one(visitor("practitioner", practice=True))
    assert not lacks_one(visitor("practitioner", borough=None, member=None))
