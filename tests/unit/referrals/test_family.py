"""A family of the registry: how it changes, what it is called, how it is found."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from chassis.errors import Invalid, Stale
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models import Family, folded, record_of
from tests import factories

BOROUGH = new_id()


def registered(**details: Any) -> Family:
    return Family.from_record(BOROUGH, new_id(), record_of(factories.family_details(**details)), clock.now())


def wanted(family: Family, **changed: Any) -> dict[str, Any]:
    """Return a loaded request that leaves the family as it is, but for ``changed``."""
    record = {name: value for name, value in family.record().items() if name != "name"}
    request = {**record, "family_id": family.id, "version": family.version, **changed}
    loaded: dict[str, Any] = contract.ChangeFamilyRequest().load(contract.ChangeFamilyRequest().dump(request))
    return loaded


def test_a_change_makes_the_next_version_and_tells_all_of_the_family() -> None:
    family = registered(language="Spanish")
    event = family.change(wanted(family, language="English"), clock.now())
    assert event.type is contract.FAMILY_CHANGED
    assert (event.subject, event.sequence, family.version) == (family.id, 2, 2)
    assert event.data == family.facts()
    assert family.record()["language"] == "English"
    assert contract.FamilyFacts().validate(contract.FamilyFacts().dump(event.data)) == {}


def test_a_change_on_an_older_version_is_refused_with_both_versions_shown() -> None:
    family = registered(language="Spanish")
    older = wanted(family, language="Arabic")
    family.change(wanted(family, language="English"), clock.now())
    with pytest.raises(Stale) as refused:
        family.change(older, clock.now())
    assert (refused.value.facts["yours"]["language"], refused.value.facts["theirs"]["language"]) == ("Arabic", "English")
    assert (refused.value.facts["yours"]["version"], refused.value.facts["theirs"]["version"]) == (1, 2)
    assert family.language == "English"


def test_what_a_stale_change_shows_can_cross_as_json() -> None:
    family = registered()
    with pytest.raises(Stale) as refused:
        family.change(wanted(family, version=7), clock.now())
    born = family.children[0].birth_date
    assert born is not None
    assert refused.value.to_wire()["facts"]["theirs"]["children"][0]["birth_date"] == born.isoformat()


def test_people_keep_their_identity_when_the_family_changes() -> None:
    family = registered()
    parent, child = family.parents[0], family.children[0]
    record = family.record()
    record["parents"][0]["phone"] = "07700 900999"
    family.change(wanted(family, parents=record["parents"]), clock.now())
    assert family.parents == [parent]
    assert family.children == [child]
    assert parent.phone == "07700 900999"


def test_somebody_new_gets_an_identity_and_who_is_left_out_leaves() -> None:
    family = registered()
    mother = family.parents[0]
    grandmother = factories.parent_details(relationship="GRMTH", given_name="Rosa", family_name="Castillo")
    family.change(wanted(family, parents=[grandmother]), clock.now())
    assert [parent.given_name for parent in family.adults] == ["Rosa"]
    assert family.adults[0].id not in {None, mother.id}
    assert mother in family.parents
    assert mother.left_on == clock.today()


def test_the_order_of_people_is_kept() -> None:
    family = registered(children=[factories.child_details(given_name="Finn"), factories.child_details(given_name="Aoife")])
    turned = list(reversed(family.record()["children"]))
    family.change(wanted(family, children=turned), clock.now())
    assert [(child.place, child.given_name) for child in family.children] == [(0, "Aoife"), (1, "Finn")]


@pytest.mark.parametrize("side", ["parents", "children"])
def test_an_identifier_of_nobody_in_the_family_is_refused(side: str) -> None:
    family, other = registered(), registered()
    with pytest.raises(Invalid) as refused:
        family.change(wanted(family, **{side: other.record()[side]}), clock.now())
    assert refused.value.faults == {side: {"0": {"id": ["This person is not in this family."]}}}
    assert family.version == 1


def test_nobody_is_in_a_family_twice() -> None:
    family = registered()
    twice = family.record()["children"] * 2
    with pytest.raises(Invalid) as refused:
        family.change(wanted(family, children=twice), clock.now())
    assert list(refused.value.faults["children"]) == ["1"]


def test_a_family_may_move_and_its_postcode_is_tidied() -> None:
    family = registered()
    family.change(wanted(family, address={"line": "2 Long Lane", "postcode": "se14pt"}), clock.now())
    assert family.address == {"line": "2 Long Lane", "postcode": "SE1 4PT"}


def test_a_family_without_an_address_is_a_family() -> None:
    assert registered(address=None).record()["address"] is None


def test_a_change_is_dated() -> None:
    family = registered()
    later = clock.now() + timedelta(days=3)
    family.change(wanted(family), later)
    assert family.changed_at == later
    assert family.registered_at < later


@pytest.mark.parametrize(
    ("children", "name"),
    [
        (["Finn"], "Sinead Doyle and Finn"),
        (["Finn", "Aoife"], "Sinead Doyle, Finn and Aoife"),
        (["Finn", "Aoife", "Cillian"], "Sinead Doyle, Finn, Aoife and Cillian"),
        (["يوسف"], "Sinead Doyle and يوسف"),
    ],
)
def test_a_family_is_called_by_its_first_parent_and_its_children(children: list[str], name: str) -> None:
    parent = {"given_name": "Sinead", "family_name": "Doyle"}
    assert contract.family_name([parent], [{"given_name": child} for child in children]) == name


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Siân Llewellyn-Rhys", "sian llewellyn-rhys"),
        ("BRZĘCZYSZCZYKIEWICZ", "brzeczyszczykiewicz"),
        ("  Zoë   Müller ", "zoe muller"),
        ("Straße", "strasse"),
        ("فاطمة", "فاطمة"),
        ("Nguyễn", "nguyen"),
    ],
)
def test_names_are_found_without_capitals_and_accents(written: str, plain: str) -> None:
    assert folded(written) == plain


@given(st.text(max_size=60))
def test_folding_a_name_twice_changes_nothing(name: str) -> None:
    assert folded(folded(name)) == folded(name)


@pytest.mark.parametrize("number", range(len(factories.PARENT_NAMES)))
def test_a_family_is_sorted_by_the_last_name_of_its_first_parent(number: int) -> None:
    given_name, family_name = factories.PARENT_NAMES[number]
    family = registered(parents=[factories.parent_details(given_name=given_name, family_name=family_name)])
    assert family.sort_name == folded(f"{family_name} {given_name}")
