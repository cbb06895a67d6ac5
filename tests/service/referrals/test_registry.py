"""The family registry: kept up to date by several people at once, searched by name."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.caller import Caller
from chassis.errors import Forbidden, Invalid, NotFound, Stale
from chassis.ids import new_id
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk

Register = Callable[..., dict[str, Any]]


@pytest.fixture
def register(referrals: Desk, clinician: Caller) -> Register:
    """Refer and accept a family; return it."""

    def accepted(by: Caller | None = None, **changed: Any) -> dict[str, Any]:
        who = by or clinician
        received = referrals.ask(contract.REFER, who, **factories.referral_details(**changed))
        referrals.ask(contract.ACCEPT, who, referral_id=received["id"], version=1, reason="Fits")
        return referrals.ask(contract.GET_FAMILY, who, family_id=received["family_id"])

    return accepted


def wanted(family: dict[str, Any], **changed: Any) -> dict[str, Any]:
    kept = {name: family[name] for name in ("version", "parents", "children", "language", "interpreter", "safe_contact", "address")}
    return {**kept, "family_id": family["id"], **changed}


def test_a_family_is_changed_and_the_change_is_told_with_its_version(
    referrals: Desk, register: Register, clinician: Caller, southwark: UUID
) -> None:
    family = register(language="Spanish")
    changed = referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted(family, language="English"))
    assert (changed["version"], changed["language"]) == (2, "English")
    event = referrals.told("referrals", southwark)[-1]
    assert (event["type"], event["subject"], event["sequence"]) == ("referrals.family.changed", family["id"], 2)
    assert (event["data"]["language"], event["data"]["family_id"]) == ("English", str(family["id"]))


def test_a_change_of_people_alone_is_a_new_version_too(referrals: Desk, register: Register, clinician: Caller) -> None:
    family = register()
    parent = {**family["parents"][0], "phone": "07700 900999"}
    referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted(family, parents=[parent]))
    read = referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])
    assert (read["version"], [one["phone"] for one in read["parents"]]) == (2, ["07700 900999"])


def test_people_join_and_leave_and_keep_their_order(referrals: Desk, register: Register, clinician: Caller) -> None:
    family = register(children=[factories.child_details(given_name="Finn"), factories.child_details(given_name="Aoife")])
    finn, aoife = family["children"]
    baby = {**factories.child_details(given_name="Cillian"), "id": None}
    referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted(family, children=[baby, aoife]))
    read = referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["children"]
    assert [child["given_name"] for child in read] == ["Cillian", "Aoife"]
    assert read[1]["id"] == aoife["id"]
    assert read[0]["id"] not in {finn["id"], aoife["id"], None}


def test_a_stale_change_is_refused_and_both_versions_are_shown(referrals: Desk, register: Register, clinician: Caller) -> None:
    family = register(language="Spanish")
    referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted(family, language="English"))
    with pytest.raises(Stale) as refused:
        referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted(family, language="Arabic"))
    assert (refused.value.facts["yours"]["language"], refused.value.facts["theirs"]["language"]) == ("Arabic", "English")
    assert referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["language"] == "English"


def test_a_change_repeated_with_its_key_happens_once(referrals: Desk, register: Register, clinician: Caller) -> None:
    family, key = register(), uuid4().hex
    first = referrals.ask(contract.CHANGE_FAMILY, clinician, key=key, **wanted(family, language="Welsh"))
    assert referrals.ask(contract.CHANGE_FAMILY, clinician, key=key, **wanted(family, language="Welsh")) == first
    assert first["version"] == 2


def test_other_borough_neither_reads_nor_changes_a_family(referrals: Desk, register: Register, neighbour: Caller) -> None:
    family = register()
    for operation, values in ((contract.GET_FAMILY, {"family_id": family["id"]}), (contract.CHANGE_FAMILY, wanted(family))):
        with pytest.raises(NotFound) as other:
            referrals.ask(operation, neighbour, **values)
        with pytest.raises(NotFound) as unknown:
            referrals.ask(operation, neighbour, **{**values, "family_id": new_id()})
        assert other.value.to_wire() == unknown.value.to_wire()


def test_somebody_of_another_family_is_refused(referrals: Desk, register: Register, clinician: Caller) -> None:
    family, other = register(), register()
    with pytest.raises(Invalid):
        referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted(family, children=other["children"]))
    assert referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["version"] == 1


def test_who_may_only_read_does_not_change(referrals: Desk, register: Register, facilitator: Caller) -> None:
    family = register()
    assert referrals.ask(contract.GET_FAMILY, facilitator, family_id=family["id"])["id"] == family["id"]
    with pytest.raises(Forbidden):
        referrals.ask(contract.CHANGE_FAMILY, facilitator, **wanted(family))


def test_families_are_listed_by_last_name_page_by_page(referrals: Desk, register: Register, clinician: Caller, neighbour: Caller) -> None:
    for family_name in ("Ünal", "Abbott", "de Souza", "Zhou", "Ábel"):
        register(parents=[factories.parent_details(given_name="Jo", family_name=family_name)])
    first = referrals.ask(contract.LIST_FAMILIES, clinician, limit=3)
    rest = referrals.ask(contract.LIST_FAMILIES, clinician, limit=3, after=first["next"])
    names = [item["name"].split(" and ")[0] for item in first["items"] + rest["items"]]
    assert names == ["Jo Abbott", "Jo Ábel", "Jo de Souza", "Jo Ünal", "Jo Zhou"]
    assert (first["total"], rest["next"]) == (5, None)
    assert referrals.ask(contract.LIST_FAMILIES, neighbour)["total"] == 0
