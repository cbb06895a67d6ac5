"""One person is erased of a family that was only referred: nothing of them stays in what the referral says, and it goes on."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis import clock
from chassis.schemas import instance_of
from services.referrals import contract
from services.referrals.models import Referral
from services.referrals.models.records.leaving import BLANK_NAME, erase_person, erase_referred
from tests import factories
from tests.unit.referrals.conftest import received

BORN = clock.today() - timedelta(days=9000)
PARENT = {
    "title": "Ms", "given_name": "Sinead", "middle_names": "Zita", "family_name": "Doyle", "relationship": "STPMTH", "birth_date": BORN,
    "ethnicity": "A", "nhs_number": "943 476 5919", "language": "Irish", "access_needs": "A ground floor room", "gp": "Dr Quill",
    "phone": "07700 900123", "email": "sinead@example.org",
}  # fmt: skip
SAID = ("Sinead", "Zita", "STPMTH", BORN.isoformat(), "9434765919", "Irish", "ground floor", "Quill", "900123", "sinead@")


def parent(**details: Any) -> dict[str, Any]:
    return factories.parent_details(**{**PARENT, **details})


def referred(**people: Any) -> Referral:
    return received(
        **{"parents": [parent()], "children": [factories.child_details(given_name="Finn"), factories.child_details()], **people}
    )


def people_of(referral: Referral, side: str) -> list[UUID]:
    return [UUID(one["id"]) for one in referral.family[side]]


def words_left(referral: Referral) -> list[str]:
    return [word for word in SAID if word in str(referral.family) or word in referral.family_name]


def test_everything_that_is_said_of_an_adult_goes_their_dates_and_relations_too() -> None:
    referral = referred(parents=[parent(), factories.parent_details(given_name="Tom", family_name="Quick", relationship="FTH")])
    assert words_left(referral), "else this proves nothing"
    gone, stays = people_of(referral, "parents")
    erase_referred(referral, {gone})
    assert words_left(referral) == []
    assert people_of(referral, "parents") == [stays]
    assert referral.family_name == referral.family["name"]
    assert referral.family_name.startswith("Tom Quick")


def test_the_last_adult_stays_as_a_blank_one_of_whom_nothing_is_known() -> None:
    referral = referred()
    (only,) = people_of(referral, "parents")
    erase_referred(referral, {only})
    assert words_left(referral) == []
    (blank,) = referral.family["parents"]
    known = {name: value for name, value in blank.items() if value}
    assert known == {"id": str(only), "given_name": BLANK_NAME[0], "family_name": BLANK_NAME[1], "relationship": "FAMMEMB"}


def test_what_others_are_to_an_erased_child_goes_with_the_child() -> None:
    referral = referred()
    gone, stays = people_of(referral, "children")
    erase_referred(referral, {gone})
    (adult,) = referral.family["parents"]
    assert [UUID(one["child_id"]) for one in adult["relations"]] == [stays]
    assert "Finn" not in str(referral.family)
    assert str(gone) not in str(referral.family)


def test_a_referral_without_its_last_adult_can_still_be_accepted() -> None:
    referral = referred()
    erase_referred(referral, set(people_of(referral, "parents")))
    family = referral.register_family(clock.now())
    assert (family.parents[0].given_name, family.parents[0].birth_date) == (BLANK_NAME[0], None)
    assert len(family.children) == 2
    assert instance_of(contract.FamilyRecord).dump(family.record())["parents"][0]["relationship"] == "FAMMEMB"


def test_somebody_who_looked_at_it_meanwhile_is_told_that_it_changed() -> None:
    referral = referred()
    erase_referred(referral, set(people_of(referral, "parents")))
    assert referral.version == 2


@pytest.mark.parametrize("whom", ["strangers", "the same again"])
def test_where_there_is_nothing_to_erase_nothing_changes(whom: str) -> None:
    referral = referred()
    ids = set(people_of(referral, "parents"))
    if whom == "the same again":
        erase_referred(referral, ids)
    before = (referral.version, referral.family)
    erase_referred(referral, ids if whom == "the same again" else {UUID(int=7)})
    assert (referral.version, referral.family) == before


def test_the_last_adult_of_the_registry_keeps_no_relation_either() -> None:
    family = referred().register_family(clock.now())
    mother = family.parents[0]
    assert mother.relations
    erase_person(family, mother.id, clock.now())
    assert (mother.relationship, mother.relations, mother.birth_date) == ("FAMMEMB", [], None)
