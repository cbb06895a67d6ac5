"""The one table of who may do what, held against what every contract asks for."""

import pytest

from gateway import contract as gateway
from gateway.access.roles import ALLOWED, OPERATOR, ROLES, permissions_of
from services.assessments import contract as assessments
from services.outreach import contract as outreach
from services.referrals import contract as referrals
from services.sessions import contract as sessions

CONTRACTS = (gateway, referrals, assessments, sessions, outreach)
ASKED_WITHIN = {"referrals.read_clinical"}
"""Not the permission of an operation: a service asks for it while it writes an answer."""
OF_FAMILIES = {"families.read", "referrals.read", "assessments.read", "outreach.read", "registers.read", "referrals.refer"}


def asked_for() -> set[str]:
    return {operation.permission for contract in CONTRACTS for operation in contract.OPERATIONS} | ASKED_WITHIN


def test_every_permission_that_a_contract_names_is_in_the_table() -> None:
    assert asked_for() - permissions_of(ROLES) == {OPERATOR}


def test_every_permission_in_the_table_is_named_by_a_contract() -> None:
    assert permissions_of(ROLES) - asked_for() == set()


def test_every_role_has_words_and_permissions() -> None:
    assert set(ROLES) == set(ALLOWED)
    assert all(ALLOWED.values())


@pytest.mark.parametrize("permission", sorted(OF_FAMILIES))
def test_an_administrator_reads_no_family(permission: str) -> None:
    assert permission not in permissions_of(["administrator"])


@pytest.mark.parametrize("role", ["administrator", "facilitator", "referrer"])
def test_only_practitioners_read_what_is_clinical(role: str) -> None:
    held = permissions_of([role])
    assert not {permission for permission in held if permission.startswith("assessments.") or permission == "referrals.read_clinical"}


def test_a_referrer_sees_only_what_they_referred() -> None:
    assert permissions_of(["referrer"]) == {"boroughs.read", "referrals.refer", "referrals.read_own"}


def test_nobody_in_a_borough_is_an_operator() -> None:
    assert OPERATOR not in permissions_of(ROLES)


def test_several_roles_allow_what_each_allows() -> None:
    both = permissions_of(["facilitator", "administrator"])
    assert both == ALLOWED["facilitator"] | ALLOWED["administrator"]


def test_an_unknown_role_allows_nothing() -> None:
    assert permissions_of(["emperor"]) == frozenset()
