"""Keys follow what happens to families, whoever does it; families from before there were keys get theirs by and by."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from chassis.caller import Caller
from chassis.database import open_work
from chassis.errors import Stale
from services.referrals import contract
from services.referrals.models import KeyRound, NameWord, PersonKey
from services.referrals.repository import Work
from tests import factories
from tests.support.desk import Desk

READ_TRAIL = next(operation for operation in contract.OPERATIONS if operation.name == "read_family_audit")
Refer = Callable[..., dict[str, Any]]


@pytest.fixture
def refer(referrals: Desk, clinician: Caller) -> Refer:
    def referred(name: str, *, accepted: bool = True, **changed: Any) -> dict[str, Any]:
        parents = [factories.parent_details(given_name="Jo", family_name=name)]
        made = referrals.ask(contract.REFER, clinician, **factories.referral_details(parents=parents, **changed))
        if accepted:
            referrals.ask(contract.ACCEPT, clinician, referral_id=made["id"], version=1, reason="Fits")
        return made

    return referred


@contextmanager
def at_work(referrals: Desk, borough: UUID) -> Iterator[Work]:
    with open_work(Work, referrals.databases["referrals"], Caller.service("referrals", borough)) as work:
        yield work


def keys(referrals: Desk, borough: UUID, kind: str = "name") -> set[tuple[UUID, str]]:
    with at_work(referrals, borough) as work:
        return set(work.session.execute(select(PersonKey.family_id, PersonKey.key).where(PersonKey.kind == kind)).tuples())


def vocabulary(referrals: Desk, borough: UUID) -> dict[str, str]:
    with at_work(referrals, borough) as work:
        return dict(work.session.execute(select(NameWord.word, NameWord.sound)).tuples().all())


def wanted(family: dict[str, Any], **changed: Any) -> dict[str, Any]:
    kept = {name: family[name] for name in ("version", "parents", "children", "language", "interpreter", "safe_contact", "address")}
    return {**kept, "family_id": family["id"], **changed}


def test_a_family_has_its_keys_from_its_referral_on_and_keeps_them_when_it_is_accepted(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID
) -> None:
    made = refer("Ashdown", accepted=False)
    before = keys(referrals, southwark)
    assert (made["family_id"], "ashdown") in before
    referrals.ask(contract.ACCEPT, clinician, referral_id=made["id"], version=1, reason="Fits")
    assert keys(referrals, southwark) == before
    assert vocabulary(referrals, southwark)["ashdown"] == "AXTN"


def test_every_referral_is_found_by_its_reference(referrals: Desk, refer: Refer, southwark: UUID) -> None:
    made = refer("Ashdown")
    assert keys(referrals, southwark, "reference") == {(made["family_id"], made["reference"].replace("-", ""))}


def test_a_name_that_is_changed_is_found_and_the_old_one_is_forgotten(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID
) -> None:
    family = referrals.ask(contract.GET_FAMILY, clinician, family_id=refer("Quixotesurname")["family_id"])
    parent = {**family["parents"][0], "family_name": "Sanchopanza"}
    referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted(family, parents=[parent]))
    names = {key for _, key in keys(referrals, southwark)}
    assert "sanchopanza" in names
    assert "quixotesurname" not in names
    assert "quixotesurname" not in vocabulary(referrals, southwark)


def test_a_word_stays_known_while_another_family_has_it_also_one_that_is_restricted(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID
) -> None:
    hidden, changing = refer("Rarename"), refer("Rarename")
    colleague = factories.caller(southwark, name="Imran Aziz")
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=hidden["family_id"], reason="other", people=[])
    family = referrals.ask(contract.GET_FAMILY, colleague, family_id=changing["family_id"])
    parent = {**family["parents"][0], "family_name": "Othername"}
    referrals.ask(contract.CHANGE_FAMILY, colleague, **wanted(family, parents=[parent]))
    assert "rarename" in vocabulary(referrals, southwark)
    assert referrals.ask(contract.SEARCH_FAMILIES, clinician, query="rarenaem")["items"][0]["family_id"] == hidden["family_id"]


def test_somebody_who_has_left_a_family_is_still_found(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    both = [
        factories.parent_details(given_name="Jo", family_name="Staying"),
        factories.parent_details(given_name="Al", family_name="Leaving"),
    ]
    made = referrals.ask(contract.REFER, clinician, **factories.referral_details(parents=both))
    referrals.ask(contract.ACCEPT, clinician, referral_id=made["id"], version=1, reason="Fits")
    family = referrals.ask(contract.GET_FAMILY, clinician, family_id=made["family_id"])
    referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted(family, parents=family["parents"][:1]))
    (found,) = referrals.ask(contract.SEARCH_FAMILIES, clinician, query="leaving")["items"]
    assert found["why"][0]["words"].startswith("Somebody who has left this family")


def test_a_duplicate_takes_its_reference_along_and_leaves_nothing_behind(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID
) -> None:
    first, second = refer("Twicename", accepted=False), refer("Twycename", accepted=False)
    referrals.ask(contract.MARK_DUPLICATE, clinician, referral_id=second["id"], version=1, of=first["id"], reason="Sent twice.")
    assert second["family_id"] not in {family_id for family_id, _ in keys(referrals, southwark)}
    found = referrals.ask(contract.SEARCH_FAMILIES, clinician, query=second["reference"])["items"]
    assert [family["family_id"] for family in found] == [first["family_id"]]


def test_a_change_that_is_refused_leaves_the_keys_as_they_were(referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID) -> None:
    family = referrals.ask(contract.GET_FAMILY, clinician, family_id=refer("Firmname")["family_id"])
    before = keys(referrals, southwark)
    parent = {**family["parents"][0], "family_name": "Changedname"}
    with pytest.raises(Stale):
        referrals.ask(contract.CHANGE_FAMILY, clinician, **wanted({**family, "version": 7}, parents=[parent]))
    assert keys(referrals, southwark) == before


def test_families_from_before_are_keyed_some_at_a_time_until_all_are(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID
) -> None:
    for number in range(5):
        refer(f"Oldname{number}", accepted=number % 2 == 0)
    before = {kind: keys(referrals, southwark, kind) for kind in ("name", "born", "reference")}
    with at_work(referrals, southwark) as work:
        for model in (PersonKey, NameWord, KeyRound):
            work.session.execute(delete(model))
    found = referrals.ask(contract.SEARCH_FAMILIES, clinician, query="oldname")
    assert (found["total"], found["complete"]) == (0, False)
    keyed = []
    for _ in range(4):
        with at_work(referrals, southwark) as work:
            keyed.append(work.key_rounds.go_on(work.keys, at_once=2))
    assert keyed == [2, 2, 1, 0]
    assert {kind: keys(referrals, southwark, kind) for kind in before} == before
    found = referrals.ask(contract.SEARCH_FAMILIES, clinician, query="oldname")
    assert (found["total"], found["complete"]) == (5, True)


def test_another_way_of_keying_begins_the_round_again(referrals: Desk, refer: Refer, southwark: UUID) -> None:
    refer("Oldname")
    with at_work(referrals, southwark) as work:
        work.key_rounds.go_on(work.keys)
    with at_work(referrals, southwark) as work:
        assert work.key_rounds.done
        work.session.get_one(KeyRound, southwark).rules = 0
    with at_work(referrals, southwark) as work:
        assert not work.key_rounds.done
        assert work.key_rounds.go_on(work.keys) == 1


def test_keys_of_another_borough_are_out_of_reach(referrals: Desk, refer: Refer, lambeth: UUID) -> None:
    refer("Ashdown")
    assert keys(referrals, lambeth) == set()
    assert vocabulary(referrals, lambeth) == {}


def test_keys_are_no_news_for_the_audit_trail(referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID) -> None:
    made = refer("Ashdown")
    reader = replace(clinician, permissions=clinician.permissions | {READ_TRAIL.permission})
    trail = referrals.ask(READ_TRAIL, reader, family_id=made["family_id"], limit=100)["items"]
    assert trail
    assert all(change["table"] not in {"person_keys", "name_words", "key_rounds"} for entry in trail for change in entry["changes"])
