"""Families are found as people look for them, and the answer says why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from chassis.caller import Caller
from chassis.database.tables import audit
from chassis.errors import Invalid
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk

Refer = Callable[..., dict[str, Any]]
Search = Callable[..., dict[str, Any]]


@pytest.fixture
def refer(referrals: Desk, clinician: Caller) -> Refer:
    """Refer a family, and accept it unless told otherwise; return the referral as it was received."""

    def referred(by: Caller | None = None, *, accepted: bool = True, **changed: Any) -> dict[str, Any]:
        who = by or clinician
        received = referrals.ask(contract.REFER, who, **factories.referral_details(**changed))
        if accepted:
            referrals.ask(contract.ACCEPT, who, referral_id=received["id"], version=1, reason="Fits")
        return received

    return referred


@pytest.fixture
def doyles(refer: Refer) -> UUID:
    """Sinéad O'Doyle with Finn, born on 16 July 2024, and expecting nobody."""
    parent = factories.parent_details(given_name="Sinéad", family_name="O'Doyle", phone="07700 900123", email="Sinead@example.org")
    child = factories.child_details(given_name="Finn", family_name="O'Doyle", birth_date=date(2024, 7, 16))
    address = factories.address_details(postcode="SE15 5LX")
    family_id: UUID = refer(parents=[parent], children=[child], address=address)["family_id"]
    return family_id


@pytest.fixture
def smiths(refer: Refer) -> UUID:
    """Somebody else altogether."""
    parent = factories.parent_details(given_name="Katherine", family_name="Smith-Jones", phone="020 7946 0018", email=None)
    child = factories.child_details(given_name="Zoë", family_name="Smith", birth_date=date(2023, 1, 2))
    family_id: UUID = refer(parents=[parent], children=[child], address=factories.address_details(postcode="SE1 7PB"))["family_id"]
    return family_id


@pytest.fixture
def search(referrals: Desk, clinician: Caller) -> Search:
    def ask(query: str, by: Caller | None = None, **page: Any) -> dict[str, Any]:
        return referrals.ask(contract.SEARCH_FAMILIES, by or clinician, query=query, **page)

    return ask


def ids(found: dict[str, Any]) -> list[UUID]:
    return [UUID(str(family["family_id"])) for family in found["items"]]


def why(found: dict[str, Any], place: int = 0) -> list[str]:
    return [reason["words"] for reason in found["items"][place]["why"]]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("sinead", "Sinéad O'Doyle: \u201csinead\u201d is one of their names"),
        ("SINÉAD", "Sinéad O'Doyle: \u201cSINÉAD\u201d is one of their names"),
        ("sin", "Sinéad O'Doyle: a name begins with \u201csin\u201d"),
        ("doyle", "Sinéad O'Doyle: \u201cdoyle\u201d is part of a name"),
        ("sined", "Sinéad O'Doyle: sounds like \u201csined\u201d"),
        ("sienad", "Sinéad O'Doyle: sounds like \u201csienad\u201d"),
        ("snead", "Sinéad O'Doyle: sounds like \u201csnead\u201d"),
        ("simead", "Sinéad O'Doyle: spelt nearly like \u201csimead\u201d"),
        ("07700 900 123", "Sinéad O'Doyle: \u201c07700 900 123\u201d is their phone number"),
        ("+44 (0)7700-900123", "Sinéad O'Doyle: \u201c+44 (0)7700-900123\u201d is their phone number"),
        ("00447700900123", "Sinéad O'Doyle: \u201c00447700900123\u201d is their phone number"),
        ("900123", "Sinéad O'Doyle: \u201c900123\u201d is part of their phone number"),
        ("SINEAD@example.ORG", "Sinéad O'Doyle: \u201cSINEAD@example.ORG\u201d is their email address"),
        ("16/7/2024", "Finn O'Doyle: born on 16 July 2024"),
        ("16th July 24", "Finn O'Doyle: born on 16 July 2024"),
        ("july 2024", "Finn O'Doyle: born on 16 July 2024"),
        ("se155lx", "They live or lived at SE15 5LX"),
    ],
)
def test_a_family_is_found_by_whatever_is_known_of_it(search: Search, doyles: UUID, smiths: UUID, typed: str, reason: str) -> None:
    found = search(typed)
    assert ids(found) == [doyles] != [smiths]
    assert why(found) == [reason]


def test_what_is_known_together_finds_who_is_like_all_of_it(search: Search, doyles: UUID, smiths: UUID) -> None:
    both = search("o'doyle 16/7/2024")
    assert (ids(both), both["matched"], both["total"]) == ([doyles], 2, 1)
    assert [term["kinds"] for term in both["terms"]] == [["born"], ["name"]]
    assert both["terms"][0]["day"] == date(2024, 7, 16)
    assert ids(search("katherine smith 2/1/2023 se1")) == [smiths]


def test_where_nobody_is_like_all_of_it_those_are_found_who_are_like_the_most(search: Search, doyles: UUID, smiths: UUID) -> None:
    found = search("sinead o'doyle 1/1/2020")
    assert (ids(found), found["matched"], len(found["terms"])) == ([doyles], 2, 3)
    either = search("sinead katherine")
    assert (set(ids(either)), either["matched"]) == ({doyles, smiths}, 1)


def test_the_closest_comes_first(search: Search, refer: Refer) -> None:
    spelt = {
        name: refer(parents=[factories.parent_details(given_name="Jo", family_name=name)])["family_id"] for name in ("Smythe", "Smith")
    }
    assert ids(search("smith")) == [spelt["Smith"], spelt["Smythe"]]
    assert ids(search("smythe")) == [spelt["Smythe"], spelt["Smith"]]


def test_one_person_who_is_like_all_of_it_comes_before_two_of_a_family(search: Search, refer: Refer) -> None:
    def of(parent: tuple[str, str], child: tuple[str, str]) -> UUID:
        names = [{"given_name": given, "family_name": family} for given, family in (parent, child)]
        made = refer(parents=[factories.parent_details(**names[0])], children=[factories.child_details(**names[1])])
        return UUID(str(made["family_id"]))

    one, two = of(("Imani", "Okafor"), ("Ada", "Bello")), of(("Imani", "Bello"), ("Ada", "Okafor"))
    assert ids(search("imani okafor")) == [one, two]
    assert ids(search("imani bello")) == [two, one]


def test_short_forms_of_a_name_are_known(search: Search, smiths: UUID) -> None:
    found = search("kate")
    assert (ids(found), why(found)) == ([smiths], ["Katherine Smith-Jones: another form of \u201ckate\u201d"])


@pytest.mark.parametrize("typed", ["smith-jones", "smith jones", "smithjones", "jones-smith", "katherine smith-jones"])
def test_double_names_are_found_in_any_way_of_writing(search: Search, smiths: UUID, typed: str) -> None:
    assert ids(search(typed))[:1] == [smiths]


@pytest.mark.parametrize("typed", ["فاطمة", "الزهراء", "Małgorzata", "malgorzata", "MAŁGO", "lucja", "brzęcz", "\U0001f98b"])
def test_names_of_every_script_are_found(search: Search, refer: Refer, typed: str) -> None:
    names = [("فاطمة", "الزهراء", "يوسف"), ("Małgorzata", "Brzęczyszczykiewicz", "Łucja"), ("\U0001f98b", "\U0001f98b", "Bo")]
    for given_name, family_name, child in names:
        parent = factories.parent_details(given_name=given_name, family_name=family_name)
        refer(parents=[parent], children=[factories.child_details(given_name=child, family_name=family_name)])
    assert search(typed)["total"] == 1


@pytest.mark.parametrize("typed", ["%", "_", "%%%%", "__", "\\", "!!%\\", "!!!!%%%\\", "'; --", "()", "*", "1", "31/2/2024"])
def test_signs_are_no_wildcards_and_break_nothing(search: Search, doyles: UUID, typed: str) -> None:
    del doyles
    assert search(typed)["items"] == []


def test_a_day_that_there_is_not_and_a_number_with_a_slip_are_told_of(search: Search, doyles: UUID) -> None:
    del doyles
    assert [term["fault"] for term in search("31/2/2024")["terms"]] == ["There is no such day. Check the date."]
    assert "one of its digits is wrong" in search("999 000 0019")["terms"][0]["fault"]


def test_an_nhs_number_leads_to_its_person(referrals: Desk, refer: Refer, search: Search, clinician: Caller) -> None:
    received = refer(children=[{**factories.child_details(), "nhs_number": "943 476 5919"}])
    family = referrals.ask(contract.GET_FAMILY, clinician, family_id=received["family_id"])
    found = search("9434765919")
    assert ids(found) == [family["id"]]
    assert why(found)[0].endswith("is their NHS number")
    assert ids(search("943-476-5919")) == ids(found)


def test_a_family_that_is_not_accepted_yet_is_found_through_its_referral(search: Search, refer: Refer, clinician: Caller) -> None:
    received = refer(accepted=False, parents=[factories.parent_details(given_name="Wren", family_name="Ashdown")])
    (found,) = search("ashdown")["items"]
    assert (found["family_id"], found["referral_id"], found["status"]) == (received["family_id"], received["id"], "received")
    assert found["name"].startswith("Wren Ashdown")
    no_referrals = replace(clinician, permissions=frozenset({"families.read"}))
    assert search("ashdown", by=no_referrals)["total"] == 0, "who may read no referrals is told of none"


def test_who_answers_what_is_held_of_somebody_finds_them_though_they_were_never_accepted(
    search: Search, refer: Refer, clinician: Caller
) -> None:
    received = refer(accepted=False, parents=[factories.parent_details(given_name="Wren", family_name="Ashdown")])
    lead = replace(clinician, permissions=frozenset({"families.read", "records.manage"}))
    (found,) = search("wren ashdown", by=lead)["items"]
    assert (found["family_id"], found["status"]) == (received["family_id"], "received")


def test_once_it_is_accepted_everybody_finds_it_in_the_registry(search: Search, refer: Refer, clinician: Caller) -> None:
    refer(parents=[factories.parent_details(given_name="Wren", family_name="Ashdown")])
    (found,) = search("ashdown", by=replace(clinician, permissions=frozenset({"families.read"})))["items"]
    assert (found["referral_id"], found["status"]) == (None, None)


def test_pages_follow_each_other_without_a_gap(search: Search, refer: Refer) -> None:
    made = [refer(parents=[factories.parent_details(given_name="Ann", family_name="Quill")])["family_id"] for _ in range(5)]
    first = search("quill", limit=2)
    second = search("quill", limit=2, after=first["next"])
    third = search("quill", limit=2, after=second["next"])
    assert ids(first) + ids(second) + ids(third) == made[::-1], "the newest first, where they are alike"
    assert (first["total"], second["total"], third["next"]) == (5, 5, None)
    with pytest.raises(Invalid):
        search("quill", after="no cursor")


def test_another_borough_finds_nothing(search: Search, doyles: UUID, neighbour: Caller) -> None:
    del doyles
    for typed in ("sinead", "07700 900123", "16/7/2024", "SE15 5LX", "odoyl"):
        found = search(typed, by=neighbour)
        assert (found["items"], found["total"]) == ([], 0)


def test_a_restricted_family_is_found_by_who_may_see_it_and_counts_for_nobody_else(
    referrals: Desk, search: Search, doyles: UUID, clinician: Caller, southwark: UUID
) -> None:
    colleague = factories.caller(southwark, name="Imran Aziz")
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=doyles, reason="domestic_abuse", people=[])
    for typed in ("sinead", "900123", "16/7/2024", "SE15 5LX", "sined"):
        found = search(typed, by=colleague)
        assert (found["items"], found["total"], found["matched"]) == ([], 0, 0)
    (mine,) = search("sinead")["items"]
    assert mine["restricted"]


def test_every_search_is_in_the_audit_trail_with_its_words_and_what_it_found(
    referrals: Desk, search: Search, doyles: UUID, southwark: UUID
) -> None:
    search("o'doyle 16/7/2024")
    search("nobody at all")
    with referrals.work("referrals", southwark) as work:
        noted = select(audit).where(audit.c.operation == "referrals.search_families", audit.c.borough_id == southwark)
        entries = work.session.execute(noted.order_by(audit.c.number)).mappings().all()
    told = [(entry["family_id"], entry["facts"], entry["changes"]) for entry in entries]
    assert told == [
        (None, {"query": {}, "count": 1, "total": 1}, [{"asked": {"query": "o'doyle 16/7/2024"}}]),
        (doyles, {}, None),
        (None, {"query": {}, "count": 0, "total": 0}, [{"asked": {"query": "nobody at all"}}]),
    ]
    assert all("doyle" not in str(entry["facts"]) for entry in entries)


def test_what_is_too_long_or_nothing_is_refused(search: Search) -> None:
    for typed in ("", "   ", "x" * 201):
        with pytest.raises(Invalid):
            search(typed)
