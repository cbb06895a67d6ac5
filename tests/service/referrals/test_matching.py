"""Families that are on record twice: found with reasons, kept with what people think of them, never across boroughs or restrictions."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from chassis.caller import Caller
from chassis.database import open_work
from chassis.database.tables import audit
from chassis.errors import Conflict, Forbidden, NotFound, Restricted
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.matching import compared
from services.referrals.models import keys_of
from services.referrals.repository import Work
from tests import factories
from tests.support.crowds import as_superuser
from tests.support.desk import Desk, until
from tests.support.plans import plans

BORN, TODDLER = date(1992, 4, 17), factories.toddler_birth_date(22)


def family(given: str = "Amina", last: str = "Begum", child: str = "Yusuf", **more: Any) -> dict[str, Any]:
    parent = factories.parent_details(given_name=given, family_name=last, birth_date=more.pop("born", BORN), phone=None, email=None)
    young = factories.child_details(given_name=child, family_name=last, birth_date=more.pop("child_born", TODDLER))
    return {"parents": [parent], "children": [young], "address": None, **more}


def refer(desk: Desk, by: Caller, **details: Any) -> UUID:
    received: UUID = desk.ask(contract.REFER, by, **factories.referral_details(**family(**details)))["family_id"]
    return received


def register(desk: Desk, by: Caller, **details: Any) -> UUID:
    received = desk.ask(contract.REFER, by, **factories.referral_details(**family(**details)))
    desk.ask(contract.ACCEPT, by, referral_id=received["id"], version=1, reason="Fits")
    registered: UUID = received["family_id"]
    return registered


def matches(desk: Desk, by: Caller, family_id: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.ask(contract.FIND_MATCHES, by, family_id=family_id)["matches"]
    return found


def listed(desk: Desk, by: Caller, **wanted: Any) -> list[set[UUID]]:
    items = desk.ask(contract.LIST_MATCHES, by, **wanted)["items"]
    return [{item["one"]["id"], item["other"]["id"]} for item in items]


def test_a_referral_of_a_family_on_record_is_found_with_its_reasons(referrals: Desk, clinician: Caller) -> None:
    known = register(referrals, clinician)
    again = refer(referrals, clinician, given="Aminah", last="Begam")
    (found,) = matches(referrals, clinician, again)
    assert (found["family"]["id"], found["family"]["registered"], found["level"]) == (known, True, "likely")
    assert {"parent.given.alike", "parent.born.same", "child.given.same"} <= {reason["code"] for reason in found["reasons"]}
    assert next(one["about"] for one in found["reasons"] if one["code"] == "parent.born.same") == "Aminah Begam"


def test_both_ways_lead_to_the_other(referrals: Desk, clinician: Caller) -> None:
    known, again = register(referrals, clinician), refer(referrals, clinician)
    (there,), (back,) = matches(referrals, clinician, known), matches(referrals, clinician, again)
    assert (there["score"], there["family"]["id"]) == (back["score"], again)
    assert (there["family"]["registered"], there["family"]["version"]) == (False, 0)
    assert [one["status"] for one in there["family"]["referrals"]] == ["received"]


def test_families_with_nothing_in_common_are_not_found(referrals: Desk, clinician: Caller) -> None:
    register(referrals, clinician)
    other = refer(
        referrals, clinician, given="Grace", last="Owusu", child="Kofi", born=date(1988, 9, 9), child_born=factories.toddler_birth_date(30)
    )
    assert matches(referrals, clinician, other) == []


def test_a_possible_duplicate_comes_onto_the_list_by_itself(referrals: Desk, clinician: Caller) -> None:
    pair = {register(referrals, clinician), refer(referrals, clinician)}
    until(lambda: pair in listed(referrals, clinician))


def test_what_somebody_found_different_is_not_asked_again_until_one_of_the_two_changes(referrals: Desk, clinician: Caller) -> None:
    known, again = register(referrals, clinician), refer(referrals, clinician)
    until(lambda: {known, again} in listed(referrals, clinician))
    referrals.ask(contract.DECIDE_MATCH, clinician, family_id=again, other_id=known, verdict="different", note="Two cousins")
    assert listed(referrals, clinician) == []
    (found,) = matches(referrals, clinician, known)
    assert (found["state"], found["decided_by"], found["note"]) == ("different", "Ruth Osei", "Two cousins")
    record = referrals.ask(contract.GET_FAMILY, clinician, family_id=known)
    wanted = {name: record[name] for name in contract.ChangeFamilyRequest().fields if name in record}
    phoned = {**record["parents"][0], "phone": "07700 900555"}
    referrals.ask(contract.CHANGE_FAMILY, clinician, family_id=known, **{**wanted, "parents": [phoned]})
    until(lambda: {known, again} in listed(referrals, clinician))
    assert matches(referrals, clinician, known)[0]["state"] == "open"


def test_who_is_not_sure_leaves_it_on_the_list(referrals: Desk, clinician: Caller) -> None:
    known, again = register(referrals, clinician), refer(referrals, clinician)
    referrals.ask(contract.DECIDE_MATCH, clinician, family_id=known, other_id=again, verdict="not_sure", note=None)
    assert listed(referrals, clinician) == listed(referrals, clinician, state="not_sure") == [{known, again}]


def test_a_family_is_not_compared_with_itself(referrals: Desk, clinician: Caller) -> None:
    known = register(referrals, clinician)
    with pytest.raises(Conflict):
        referrals.ask(contract.DECIDE_MATCH, clinician, family_id=known, other_id=known, verdict="same", note=None)


def test_a_restricted_family_is_found_by_nobody_but_those_who_may_see_it(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    known, again = register(referrals, clinician), refer(referrals, clinician)
    until(lambda: {known, again} in listed(referrals, clinician))
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=known, reason="domestic_abuse", people=[])
    colleague = factories.caller(southwark, kind="adult_mental_health", name="Paul Lang")
    assert len(matches(referrals, clinician, again)) == 1
    assert matches(referrals, colleague, again) == []
    assert listed(referrals, colleague) == []
    with pytest.raises(Restricted):
        referrals.ask(contract.FIND_MATCHES, colleague, family_id=known)
    with pytest.raises(Restricted):
        referrals.ask(contract.DECIDE_MATCH, colleague, family_id=again, other_id=known, verdict="same", note=None)


def test_another_boroughs_families_are_nobodys_matches(referrals: Desk, clinician: Caller, neighbour: Caller) -> None:
    there = register(referrals, neighbour)
    assert matches(referrals, clinician, refer(referrals, clinician)) == []
    with pytest.raises(NotFound):
        referrals.ask(contract.FIND_MATCHES, clinician, family_id=there)


def test_who_may_not_merge_may_not_look_for_duplicates(referrals: Desk, facilitator: Caller) -> None:
    with pytest.raises(Forbidden):
        referrals.ask(contract.FIND_MATCHES, facilitator, family_id=new_id())


def test_looking_for_a_family_takes_the_same_few_queries_however_many_there_are(
    referrals: Desk, clinician: Caller, postgres_url: str
) -> None:
    known, again = register(referrals, clinician), refer(referrals, clinician)
    with as_superuser(postgres_url, referrals.databases["referrals"]) as cursor:
        cursor.execute(
            "INSERT INTO person_keys (borough_id, kind, key, family_id, person_id) SELECT %s, kind, kind || n, gen_random_uuid(), "
            "gen_random_uuid() FROM generate_series(1, 6000) AS n, unnest(ARRAY['name', 'sounds', 'born', 'postcode', 'phone']) AS kind",
            (str(clinician.borough_id),),
        )
        cursor.execute("ANALYZE person_keys")

    def look(work: Work) -> None:
        party = work.matches.alike([again])[again]
        work.matches.with_referrals(work.matches.alike([known, *work.matches.candidates(party)]).values())
        work.matches.sharing(replace(party.household, phones=frozenset({"7700900123"})))

    member = replace(clinician, permissions=clinician.permissions | {""})
    found = plans(referrals.databases["referrals"], Work, member, look)
    assert len(found) <= 6
    assert all("Seq Scan" not in plan for plan in found), found
    keyed = [plan for plan in found if "person_keys" in plan]
    assert len(keyed) == 2
    assert all("Seq Scan on person_keys" not in plan and "ix_person_keys" not in plan for plan in keyed), keyed


def test_as_much_as_is_compared_compares_as_the_whole_does(referrals: Desk, clinician: Caller) -> None:
    more: dict[str, Any] = {"address": {"line": "Flat 2, 14 Rye Lane", "postcode": "SE15 5LX"}}
    known, again = register(referrals, clinician, **more), refer(referrals, clinician, given="Aminah", **more)
    with open_work(Work, referrals.databases["referrals"], replace(clinician, permissions=frozenset({""}))) as work:
        whole, lean = work.matches.parties([known, again]), work.matches.with_referrals(work.matches.alike([known, again]).values())
        for one in (known, again):
            assert lean[one].household == whole[one].household
            assert lean[one].household.fingerprint() == whole[one].household.fingerprint()
            assert (lean[one].version, lean[one].registered) == (whole[one].version, whole[one].registered)
            assert keys_of(one, lean[one].record) == keys_of(one, whole[one].record)
            assert [row.id for row in lean[one].referrals] == [row.id for row in whole[one].referrals]
        assert compared(lean[known].household, lean[again].household) == compared(whole[known].household, whole[again].household)


def test_whoever_is_shown_as_a_match_is_in_the_audit_trail_and_who_is_not_is_not(
    referrals: Desk, clinician: Caller, southwark: UUID
) -> None:
    known, again = register(referrals, clinician), refer(referrals, clinician)
    register(
        referrals, clinician, given="Grace", last="Owusu", child="Kofi", born=date(1988, 9, 9)
    )  # shares a birthday: compared, not shown
    assert [one["family"]["id"] for one in matches(referrals, clinician, again)] == [known]
    with referrals.work("referrals", southwark) as work:
        looks = select(audit.c.family_id).where(audit.c.borough_id == southwark, audit.c.operation == "referrals.find_matches")
        assert set(work.session.scalars(looks)) == {known, again}
