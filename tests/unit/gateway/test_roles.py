"""The one table of who may do what, held against what every contract asks for."""

import pytest

from gateway import contract as gateway
from gateway.access.roles import ALLOWED, ALLOWED_IN, OPERATOR, ROLES, permissions_of
from gateway.access.scopes import OF_EVERY_SYSTEM
from services.assessments import contract as assessments
from services.outreach import contract as outreach
from services.referrals import contract as referrals
from services.sessions import contract as sessions

CONTRACTS = (gateway, referrals, assessments, sessions, outreach)
ASKED_WITHIN = {"referrals.read_clinical", *assessments.ASKED_WITHIN}
"""Not the permission of an operation: a service asks for it while it writes an answer."""
OF_FAMILIES = {"families.read", "referrals.read", "assessments.read", "outreach.read", "registers.read", "referrals.refer"}


def asked_for() -> set[str]:
    return {operation.permission for contract in CONTRACTS for operation in contract.OPERATIONS} | ASKED_WITHIN


def everything() -> set[str]:
    """Return every permission that somebody in a borough can have."""
    return {permission for kind in assessments.AGENCY_KINDS for permission in permissions_of(ROLES, kind)}


def test_every_permission_that_a_contract_names_is_in_the_table() -> None:
    assert asked_for() - everything() == {OPERATOR, *OF_EVERY_SYSTEM}


def test_every_permission_in_the_table_is_named_by_a_contract() -> None:
    assert everything() - asked_for() == set()


def test_every_role_has_words_and_permissions() -> None:
    assert set(ROLES) == set(ALLOWED)
    assert all(ALLOWED.values())


@pytest.mark.parametrize("permission", sorted(OF_FAMILIES))
def test_an_administrator_reads_no_family(permission: str) -> None:
    assert permission not in permissions_of(["administrator"])


@pytest.mark.parametrize("kind", ["", *assessments.AGENCY_KINDS])
@pytest.mark.parametrize("role", sorted(set(ROLES) - {"practitioner"}))
def test_only_practitioners_read_what_is_clinical(role: str, kind: str) -> None:
    held = permissions_of([role], kind)
    assert not {permission for permission in held if permission.startswith("assessments.") or permission == "referrals.read_clinical"}


def test_a_referrer_sees_only_what_they_referred() -> None:
    assert permissions_of(["referrer"]) == {
        "boroughs.read",
        "people.read_own",
        "referrals.refer",
        "referrals.draft",
        "referrals.own_drafts",
        "referrals.read_own",
        "referrals.answer_own",
    }


def test_a_commissioner_reads_of_no_family_and_nobody_s_name() -> None:
    assert permissions_of(["commissioner"]) == {"boroughs.read", "people.read_own"}


def test_each_side_writes_its_own_half_and_both_write_what_is_shared() -> None:
    written = {
        kind: {part for part, needed in assessments.WRITE.items() if needed in permissions_of(["practitioner"], kind)}
        for kind in assessments.AGENCY_KINDS
    }
    assert written == {
        "adult_mental_health": {"parent_side", "shared"},
        "camhs": {"child_side", "shared"},
        "childrens_centre": set(),
        "referring": set(),
    }


def test_both_sides_read_the_whole_that_they_sign_and_nobody_else_does() -> None:
    for kind in ("", *assessments.AGENCY_KINDS):
        read = {part for part, needed in assessments.READ.items() if needed in permissions_of(ROLES, kind)}
        assert read == (set(assessments.PARTS) if kind in assessments.SIDES else set()), kind


def test_an_agency_of_the_clinical_kind_gives_no_other_role_anything() -> None:
    assert {role for role, _ in ALLOWED_IN} == {"practitioner"}
    assert permissions_of(["facilitator"], "camhs") == permissions_of(["facilitator"])


def test_nobody_in_a_borough_is_an_operator() -> None:
    assert OPERATOR not in permissions_of(ROLES)


def test_several_roles_allow_what_each_allows() -> None:
    both = permissions_of(["facilitator", "administrator"])
    assert both == ALLOWED["facilitator"] | ALLOWED["administrator"]


def test_an_unknown_role_allows_nothing() -> None:
    assert permissions_of(["emperor"]) == frozenset()
