"""Restricted families in the registry: named people see them, others break the glass, and everybody else sees nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import eventlet
import psycopg2
import pytest
from sqlalchemy import select, text

from chassis.caller import Caller
from chassis.contract import Operation
from chassis.database.tables import audit
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Restricted, Stale, StayPlayError
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.repository import Work
from tests import factories
from tests.support.desk import Desk
from tests.support.plans import plans

REASON = "She is in A&E and asks for us"
Register = Callable[..., dict[str, Any]]


@pytest.fixture
def register(referrals: Desk, clinician: Caller) -> Register:
    """Refer and accept a family; return it."""

    def accepted(by: Caller | None = None, **changed: Any) -> dict[str, Any]:
        who = by or clinician
        received = referrals.ask(contract.REFER, who, **factories.referral_details(**changed))
        referrals.ask(contract.ACCEPT, who, referral_id=received["id"], version=1, reason="Fits")
        return {**referrals.ask(contract.GET_FAMILY, who, family_id=received["family_id"]), "referral_id": received["id"]}

    return accepted


@pytest.fixture
def colleague(southwark: UUID) -> Caller:
    """A clinician of the borough who is not named unless a test does so."""
    return factories.caller(southwark, kind="adult_mental_health", name="Paul Lang")


def person(caller: Caller, *, practitioner: bool = True) -> dict[str, Any]:
    return {"person_id": caller.person_id, "name": caller.person_name, "practitioner": practitioner}


def restrict(desk: Desk, by: Caller, family_id: UUID, *people: dict[str, Any], **values: Any) -> dict[str, Any]:
    given = {"reason": "domestic_abuse", "people": list(people), **values}
    return desk.ask(contract.RESTRICT_FAMILY, by, family_id=family_id, **given)


def sees(desk: Desk, caller: Caller, family_id: UUID) -> bool:
    try:
        desk.ask(contract.GET_FAMILY, caller, family_id=family_id)
    except (Restricted, NotFound):
        return False
    return True


# --- who sees what ------------------------------------------------------------------------------------------------------


def test_who_restricts_a_family_is_named_and_goes_on_seeing_it(referrals: Desk, register: Register, clinician: Caller) -> None:
    family = register()
    restriction = restrict(referrals, clinician, family["id"], words="Her brother works at the centre")
    assert (restriction["in_force"], restriction["reason"], restriction["words"]) == (
        True,
        "domestic_abuse",
        "Her brother works at the centre",
    )
    assert [one["name"] for one in restriction["people"]] == ["Ruth Osei"]
    assert referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["restricted"]


def test_who_leaves_themselves_out_sees_it_no_longer(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    family = register()
    restrict(referrals, clinician, family["id"], person(colleague), without_me=True)
    assert not sees(referrals, clinician, family["id"])
    assert sees(referrals, colleague, family["id"])


def test_a_restriction_names_at_least_one_practitioner(referrals: Desk, register: Register, clinician: Caller, facilitator: Caller) -> None:
    family = register()
    with pytest.raises(Invalid) as refused:
        restrict(referrals, clinician, family["id"], person(facilitator, practitioner=False), without_me=True)
    assert "people" in refused.value.faults
    assert sees(referrals, facilitator, family["id"])


def test_everybody_else_is_told_that_it_is_restricted_and_how_to_break_the_glass(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, facilitator: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    for other in (colleague, facilitator):
        for operation in (contract.GET_FAMILY, contract.FAMILY_STORY, contract.GET_RESTRICTION):
            with pytest.raises(Restricted) as refused:
                referrals.ask(operation, other, family_id=family["id"])
            assert refused.value.status == 403
            assert "break the glass" in refused.value.message


def test_who_may_not_break_the_glass_is_told_nothing(referrals: Desk, register: Register, clinician: Caller, southwark: UUID) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    reader = factories.caller(southwark, permissions=frozenset({"families.read"}))
    for family_id in (family["id"], new_id()):
        with pytest.raises(NotFound) as refused:
            referrals.ask(contract.GET_FAMILY, reader, family_id=family_id)
        assert refused.value.to_wire() == NotFound().to_wire()


def test_another_borough_is_told_just_what_it_is_told_of_nobody(
    referrals: Desk, register: Register, clinician: Caller, neighbour: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    asked: list[tuple[Operation, dict[str, Any]]] = [
        (contract.GET_FAMILY, {}),
        (contract.FAMILY_STORY, {}),
        (contract.GET_RESTRICTION, {}),
        (contract.BREAK_GLASS, {"reason": REASON}),
        (contract.RESTRICT_FAMILY, {"reason": "other", "people": []}),
        (contract.LIFT_RESTRICTION, {"reason": "It is over", "version": 1}),
        (contract.CHANGE_RESTRICTION, {"version": 1}),
    ]
    for operation, values in asked:
        for family_id in (family["id"], new_id()):
            with pytest.raises(NotFound) as refused:
                referrals.ask(operation, neighbour, family_id=family_id, **values)
            assert refused.value.to_wire() == NotFound().to_wire()


def test_lists_counts_and_searches_pass_it_over(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    hidden, open_to_all = register(), register()
    name = hidden["parents"][0]["family_name"]
    before = {
        "families": referrals.ask(contract.LIST_FAMILIES, colleague)["total"],
        "referrals": referrals.ask(contract.LIST_REFERRALS, colleague)["total"],
        "accepted": referrals.ask(contract.TRIAGE_SUMMARY, colleague)["by_status"]["accepted"],
    }
    restrict(referrals, clinician, hidden["id"])
    families = referrals.ask(contract.LIST_FAMILIES, colleague)
    assert ([family["id"] for family in families["items"]], families["total"]) == ([open_to_all["id"]], before["families"] - 1)
    searched = referrals.ask(contract.SEARCH_FAMILIES, colleague, query=name)
    assert hidden["id"] not in {family["family_id"] for family in searched["items"]}
    listed = referrals.ask(contract.LIST_REFERRALS, colleague)
    assert hidden["referral_id"] not in {referral["id"] for referral in listed["items"]}
    assert listed["total"] == before["referrals"] - 1
    assert referrals.ask(contract.TRIAGE_SUMMARY, colleague)["by_status"]["accepted"] == before["accepted"] - 1


def test_in_the_list_of_who_may_see_it_it_is_marked(referrals: Desk, register: Register, clinician: Caller) -> None:
    hidden, open_to_all = register(), register()
    restrict(referrals, clinician, hidden["id"])
    marked = {family["id"]: family["restricted"] for family in referrals.ask(contract.LIST_FAMILIES, clinician)["items"]}
    assert marked == {hidden["id"]: True, open_to_all["id"]: False}


def test_nothing_of_it_can_be_read_or_moved_by_id(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    kept = {name: family[name] for name in ("parents", "children", "language", "interpreter", "safe_contact", "address", "version")}
    refused: list[tuple[Operation, dict[str, Any]]] = [
        (contract.GET_REFERRAL, {"referral_id": family["referral_id"]}),
        (contract.CLOSE, {"referral_id": family["referral_id"], "version": 2, "reason": "Done"}),
        (contract.CHANGE_FAMILY, {"family_id": family["id"], **kept}),
    ]
    for operation, values in refused:
        with pytest.raises(Restricted if operation is contract.CHANGE_FAMILY else NotFound):
            referrals.ask(operation, colleague, **values)
    other = referrals.ask(contract.REFER, colleague, **factories.referral_details())
    with pytest.raises(NotFound):
        referrals.ask(
            contract.MARK_DUPLICATE, colleague, referral_id=other["id"], version=1, of=family["referral_id"], reason="Same children"
        )


def test_a_family_is_restricted_while_it_is_only_referred(
    referrals: Desk, clinician: Caller, colleague: Caller, facilitator: Caller
) -> None:
    received = referrals.ask(contract.REFER, clinician, **factories.referral_details())
    restrict(referrals, clinician, received["family_id"])
    for other in (colleague, facilitator):
        with pytest.raises(NotFound):
            referrals.ask(contract.GET_REFERRAL, other, referral_id=received["id"])
    accepted = referrals.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Fits")
    assert not sees(referrals, colleague, accepted["family_id"])


def test_a_new_referral_of_a_restricted_family_is_received_like_any_other(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    details = factories.referral_details()
    restrict(referrals, clinician, register(**details)["id"])
    again = referrals.ask(contract.REFER, colleague, **details)
    assert referrals.ask(contract.GET_REFERRAL, colleague, referral_id=again["id"])["status"] == "received"


def test_a_referrer_goes_on_seeing_how_far_their_own_referral_has_come(referrals: Desk, clinician: Caller, health_visitor: Caller) -> None:
    received = referrals.ask(contract.REFER, health_visitor, **factories.referral_details())
    restrict(referrals, clinician, received["family_id"])
    referrals.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Fits")
    (own,) = referrals.ask(contract.OWN_REFERRALS, health_visitor)["items"]
    assert (own["id"], own["told"]) == (received["id"], "accepted")


# --- changing and lifting -----------------------------------------------------------------------------------------------


def change(desk: Desk, by: Caller, family_id: UUID, version: int, *add: Caller, remove: tuple[Caller, ...] = ()) -> dict[str, Any]:
    given: dict[str, Any] = {"add": [person(one) for one in add], "remove": [one.person_id for one in remove]}
    return desk.ask(contract.CHANGE_RESTRICTION, by, family_id=family_id, version=version, **given)


def test_a_person_who_is_added_sees_it_and_one_who_is_removed_does_not_at_once(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family = register()
    restriction = restrict(referrals, clinician, family["id"])
    changed = change(referrals, clinician, family["id"], restriction["version"], colleague)
    assert sees(referrals, colleague, family["id"])
    assert {one["name"] for one in changed["people"]} == {"Paul Lang", "Ruth Osei"}
    change(referrals, clinician, family["id"], changed["version"], remove=(colleague,))
    assert not sees(referrals, colleague, family["id"])


def test_who_is_removed_loses_also_what_they_had_broken_the_glass_for(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    version = referrals.ask(contract.GET_RESTRICTION, clinician, family_id=family["id"])["version"]
    change(referrals, clinician, family["id"], version, remove=(colleague,))
    assert not sees(referrals, colleague, family["id"])


def test_the_last_practitioner_is_not_removed(referrals: Desk, register: Register, clinician: Caller, facilitator: Caller) -> None:
    family = register()
    version = restrict(referrals, clinician, family["id"], person(facilitator, practitioner=False))["version"]
    with pytest.raises(Invalid):
        change(referrals, clinician, family["id"], version, remove=(clinician,))
    assert sees(referrals, clinician, family["id"])


def test_two_who_change_it_at_once_are_shown_both(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    family = register()
    version = restrict(referrals, clinician, family["id"], person(colleague))["version"]
    third = factories.caller(clinician.borough_id, name="Dr Third")
    change(referrals, colleague, family["id"], version, third)
    with pytest.raises(Stale) as refused:
        change(referrals, clinician, family["id"], version, remove=(colleague,))
    assert refused.value.facts["yours"]["remove"] == [str(colleague.person_id)]
    assert [one["name"] for one in refused.value.facts["theirs"]["people"]] == ["Dr Third", "Paul Lang", "Ruth Osei"]


def test_lifted_everybody_sees_it_again_and_what_was_lent_does_not_come_back(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    version = referrals.ask(contract.GET_RESTRICTION, clinician, family_id=family["id"])["version"]
    lifted = referrals.ask(contract.LIFT_RESTRICTION, clinician, family_id=family["id"], version=version, reason="It is over")
    assert (lifted["in_force"], lifted["people"]) == (False, [])
    assert sees(referrals, colleague, family["id"])
    assert not referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["restricted"]
    restrict(referrals, clinician, family["id"])
    assert not sees(referrals, colleague, family["id"])


def test_of_a_family_that_was_never_restricted_it_is_told_that_it_is_not(referrals: Desk, register: Register, clinician: Caller) -> None:
    restriction = referrals.ask(contract.GET_RESTRICTION, clinician, family_id=register()["id"])
    assert (restriction["in_force"], restriction["version"], restriction["people"], restriction["may_change"]) == (False, 0, [], False)


def test_a_family_is_restricted_once(referrals: Desk, register: Register, clinician: Caller) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    with pytest.raises(Conflict):
        restrict(referrals, clinician, family["id"])


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Return what each call answers, made all at the same moment; an error stands for its answer."""

    def outcome(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except StayPlayError as error:
            return error

    threads = [eventlet.spawn(outcome, call) for call in calls]
    return [thread.wait() for thread in threads]


def test_two_who_restrict_it_at_once_make_one_restriction(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family = register()
    answers = at_once(*(lambda who=who: restrict(referrals, who, family["id"]) for who in (clinician, colleague)))
    (kept,) = [answer for answer in answers if isinstance(answer, dict)]
    (refused,) = [answer for answer in answers if isinstance(answer, StayPlayError)]
    assert isinstance(refused, (Conflict, Restricted))
    winner = clinician if kept["people"][0]["person_id"] == clinician.person_id else colleague
    assert referrals.ask(contract.GET_RESTRICTION, winner, family_id=family["id"])["version"] == 1


# --- breaking the glass -------------------------------------------------------------------------------------------------


def test_who_breaks_the_glass_sees_the_family_for_four_hours_by_the_real_clock(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    practising = replace(colleague, at=datetime(2024, 3, 5, 10, tzinfo=UTC))
    until = referrals.ask(contract.BREAK_GLASS, practising, family_id=family["id"], reason=REASON)["until"]
    assert abs(until - datetime.now(UTC) - timedelta(hours=4)) < timedelta(minutes=1)
    assert sees(referrals, colleague, family["id"])
    assert hidden_by_hand(referrals, clinician.borough_id, colleague.person_id) == []


def test_everything_of_the_family_is_open_to_who_broke_the_glass(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    assert referrals.ask(contract.GET_REFERRAL, colleague, referral_id=family["referral_id"])["family_id"] == family["id"]
    assert referrals.ask(contract.FAMILY_STORY, colleague, family_id=family["id"])["entries"]
    assert referrals.ask(contract.LIST_FAMILIES, colleague)["total"] == 1
    restriction = referrals.ask(contract.GET_RESTRICTION, colleague, family_id=family["id"])
    assert (restriction["may_change"], restriction["may_add"]) == (False, True)
    assert [(one["name"], one["reason"]) for one in restriction["glass"]] == [("Paul Lang", REASON)]


def test_four_hours_later_it_is_closed_to_them_again(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    let_time_pass(referrals, clinician.borough_id, colleague.person_id)
    assert not sees(referrals, colleague, family["id"])
    with pytest.raises(NotFound):
        referrals.ask(contract.GET_REFERRAL, colleague, referral_id=family["referral_id"])


def let_time_pass(desk: Desk, borough_id: UUID, person_id: UUID) -> None:
    """Let what somebody was lent have ended a second ago, as it will have in four hours."""
    ended = text("UPDATE restrictions SET access = jsonb_set(access, ARRAY[:who, 'until'], to_jsonb((now() - interval '1 second')::text))")
    with desk.work("referrals", borough_id) as work:
        work.session.execute(ended, {"who": str(person_id)})


def test_breaking_it_twice_tells_nobody_twice_and_makes_it_no_longer(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, southwark: UUID
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    first = referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    assert referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason="I still need it today") == first
    told = [event for event in referrals.told("referrals", southwark) if event["type"] == "referrals.glass.broken"]
    assert [event["data"]["reason"] for event in told] == [REASON]


def test_the_same_request_sent_twice_is_done_once(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, southwark: UUID
) -> None:
    family, key = register(), uuid4().hex
    restrict(referrals, clinician, family["id"])
    answers = [referrals.ask(contract.BREAK_GLASS, colleague, key=key, family_id=family["id"], reason=REASON) for _ in range(2)]
    assert answers[0] == answers[1]
    assert [event["type"] for event in referrals.told("referrals", southwark)].count("referrals.glass.broken") == 1


def test_two_who_break_the_glass_at_once_both_see_it(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, facilitator: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    breaking = [
        lambda who=who: referrals.ask(contract.BREAK_GLASS, who, family_id=family["id"], reason=REASON) for who in (colleague, facilitator)
    ]
    assert all(isinstance(answer, dict) for answer in at_once(*breaking))
    assert sees(referrals, colleague, family["id"])
    assert sees(referrals, facilitator, family["id"])
    assert len(referrals.ask(contract.GET_RESTRICTION, clinician, family_id=family["id"])["glass"]) == 2


@pytest.mark.parametrize("reason", ["", "urgent", "   too short  "[:9]])
def test_a_reason_says_something(referrals: Desk, register: Register, clinician: Caller, colleague: Caller, reason: str) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    with pytest.raises(Invalid) as refused:
        referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=reason)
    assert set(refused.value.faults) == {"reason"}
    assert not sees(referrals, colleague, family["id"])


def test_a_record_that_is_open_needs_no_glass_broken(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    family = register()
    with pytest.raises(Conflict):
        referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    restrict(referrals, clinician, family["id"])
    with pytest.raises(Conflict):
        referrals.ask(contract.BREAK_GLASS, clinician, family_id=family["id"], reason=REASON)


def test_who_was_lent_a_record_keeps_it_for_nobody_but_others(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family, third = register(), factories.caller(clinician.borough_id, name="Dr Third")
    restrict(referrals, clinician, family["id"])
    referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    version = referrals.ask(contract.GET_RESTRICTION, colleague, family_id=family["id"])["version"]

    for add, remove in (((colleague,), ()), ((), (clinician,)), ((third,), (clinician,))):
        with pytest.raises(Forbidden):
            change(referrals, colleague, family["id"], version, *add, remove=remove)
    with pytest.raises(Forbidden):
        referrals.ask(contract.LIFT_RESTRICTION, colleague, family_id=family["id"], version=version, reason="It is over")
    change(referrals, colleague, family["id"], version, third)
    assert sees(referrals, third, family["id"])


def test_the_administrators_are_told_who_why_and_until_when_and_no_name_of_the_family(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, southwark: UUID
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    *_, state, glass = referrals.told("referrals", southwark)
    assert (state["type"], state["subject"], state["sequence"]) == ("referrals.family.restricted", family["id"], 2)
    assert {one["person_id"] for one in state["data"]["access"]} == {str(clinician.person_id), str(colleague.person_id)}
    assert (glass["type"], glass["data"]["person_name"], glass["data"]["reason"]) == ("referrals.glass.broken", "Paul Lang", REASON)
    assert family["name"] not in str(glass["data"])


def test_what_was_read_by_breaking_the_glass_carries_the_reason_in_the_audit_trail(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, southwark: UUID
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason=REASON)
    for caller in (colleague, clinician):
        referrals.ask(contract.GET_FAMILY, caller, family_id=family["id"])
        referrals.ask(contract.GET_REFERRAL, caller, referral_id=family["referral_id"])
    with referrals.work("referrals", southwark) as work:
        reads = select(audit).where(audit.c.borough_id == southwark, audit.c.kind == "read").order_by(audit.c.number)
        kept = work.session.execute(reads).mappings().all()
    assert {(entry["person_name"], entry["reason"]) for entry in kept if entry["person_name"] == "Paul Lang"} == {("Paul Lang", REASON)}
    assert {entry["reason"] for entry in kept if entry["person_name"] == "Ruth Osei"} == {None}


# --- finding it, exactly ------------------------------------------------------------------------------------------------


def find(desk: Desk, caller: Caller, **values: Any) -> list[UUID]:
    found: list[UUID] = desk.ask(contract.FIND_RESTRICTED, caller, **values)["families"]
    return found


def test_a_full_name_with_its_birthday_says_that_a_restricted_record_matches(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    for one in (family["parents"][0], family["children"][0]):
        name = f"{one['given_name']} {one['family_name']}"
        assert find(referrals, colleague, name=name.upper(), birth_date=one["birth_date"]) == [family["id"]]
        assert find(referrals, colleague, name=name, birth_date=one["birth_date"] - timedelta(days=1)) == []
        for part in (one["given_name"], one["family_name"], name[:-2]):  # the last letter may be a letter and its accent
            assert find(referrals, colleague, name=part, birth_date=one["birth_date"]) == []


def test_an_exact_reference_says_so_too(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, neighbour: Caller
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    for reference in (family["id"], family["referral_id"]):
        assert find(referrals, colleague, reference=reference) == [family["id"]]
        assert find(referrals, neighbour, reference=reference) == []
    assert find(referrals, colleague, reference=new_id()) == []


def test_the_reference_that_people_use_says_so_however_it_is_typed(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, neighbour: Caller
) -> None:
    family = register()
    known_as = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=family["referral_id"])["reference"]
    restrict(referrals, clinician, family["id"])
    for typed in (known_as, f" {known_as.lower().replace('-', ' ')}"):
        assert find(referrals, colleague, known_as=typed) == [family["id"]]
        assert find(referrals, neighbour, known_as=typed) == []
        assert find(referrals, clinician, known_as=typed) == [], "who may see it finds it as any other"
    with pytest.raises(Invalid) as refused:
        find(referrals, colleague, known_as=f"{known_as[:-1]}{'2' if known_as[-1] != '2' else '3'}")
    assert set(refused.value.faults) == {"known_as"}


def test_somebody_is_found_by_the_name_they_are_known_by_and_before_they_are_accepted(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    child = factories.child_details(given_name="Anastasia", middle_names="Ivanovna", preferred_name="Nastya", family_name="Petrova")
    family = register(children=[child])
    referred = referrals.ask(contract.REFER, clinician, **factories.referral_details(children=[child]))["family_id"]
    for family_id in (family["id"], referred):
        restrict(referrals, clinician, family_id)
    for name in ("Anastasia Petrova", "nastya petrova", "Anastasia Ivanovna Petrova"):
        assert set(find(referrals, colleague, name=name, birth_date=child["birth_date"])) == {family["id"], referred}
    for part in ("Nastya", "Petrova", "Anastasia Nastya", "Ivanovna Petrova", "Anastasia Ivanovna"):
        assert find(referrals, colleague, name=part, birth_date=child["birth_date"]) == []


def test_who_may_see_it_and_who_asks_for_an_open_family_find_nothing_restricted(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    family, open_to_all = register(), register()
    restrict(referrals, clinician, family["id"])
    assert find(referrals, clinician, reference=family["id"]) == []
    assert find(referrals, colleague, reference=open_to_all["id"]) == []


@pytest.mark.parametrize("asked", [{}, {"name": "Luz Castillo"}, {"birth_date": datetime(1995, 7, 16, tzinfo=UTC).date()}], ids=str)
def test_what_is_not_exact_is_not_asked(referrals: Desk, clinician: Caller, asked: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        find(referrals, clinician, **asked)


def test_that_a_restricted_record_was_found_is_in_the_audit_trail(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, southwark: UUID
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    find(referrals, colleague, reference=family["id"])
    with referrals.work("referrals", southwark) as work:
        kept = (
            work.session.execute(select(audit).where(audit.c.operation == "referrals.find_restricted", audit.c.borough_id == southwark))
            .mappings()
            .all()
        )
    assert [(entry["family_id"], entry["person_name"]) for entry in kept] == [(family["id"], "Paul Lang")]


# --- the database itself ------------------------------------------------------------------------------------------------

ADD_A_CHILD = """
    INSERT INTO children (borough_id, id, family_id, place, given_name, family_name, birth_date, created_at, changed_at)
    VALUES (%s, gen_random_uuid(), %s, 9, 'A', 'B', '2024-01-01', now(), now())
"""
TABLES = ("families", "parents", "children", "referrals")


def hidden_by_hand(desk: Desk, borough_id: UUID, reader: object) -> list[str]:
    """Return the tables in which a stolen password of the service would show nothing, read as ``reader``."""
    connection = psycopg2.connect(desk.installed.env["REFERRALS_DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.borough_id', %s, true), set_config('app.person_id', %s, true)", (str(borough_id), str(reader))
        )
        empty = []
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            empty += [table] * (cursor.fetchone() == (0,))
    connection.close()
    return empty


def test_raw_sql_of_the_services_role_sees_it_only_as_a_named_person_or_the_service(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, southwark: UUID
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    for unnamed in (colleague.person_id, "", new_id(), "nobody"):
        assert hidden_by_hand(referrals, southwark, unnamed) == list(TABLES)
    for reader in (clinician.person_id, "service"):
        assert hidden_by_hand(referrals, southwark, reader) == []


def test_raw_sql_can_neither_change_nor_delete_nor_add_what_it_may_not_see(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, southwark: UUID
) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    connection = psycopg2.connect(referrals.installed.env["REFERRALS_DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.borough_id', %s, true), set_config('app.person_id', %s, true)",
            (str(southwark), str(colleague.person_id)),
        )
        for statement in ("UPDATE parents SET phone = '1'", "DELETE FROM referrals"):
            cursor.execute(statement)
            assert cursor.rowcount == 0
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(ADD_A_CHILD, (str(southwark), str(family["id"])))
    connection.close()


def test_the_next_transaction_of_a_connection_reads_as_nobody(referrals: Desk, clinician: Caller) -> None:
    database = referrals.databases["referrals"]
    for _ in range(3):
        with database.session(clinician.borough_id, str(clinician.person_id)) as session:
            assert session.scalar(text("SELECT current_setting('app.person_id')")) == str(clinician.person_id)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_setting('app.person_id', true)").scalar() in {None, ""}


def test_a_reader_is_a_person_or_the_service_or_nobody(referrals: Desk, clinician: Caller) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        referrals.databases["referrals"].session(clinician.borough_id, "x', true); --")


def test_looking_past_ends_with_its_block(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    family = register()
    restrict(referrals, clinician, family["id"])
    with referrals.databases["referrals"].session(clinician.borough_id, str(colleague.person_id)) as session:
        count = text("SELECT count(*) FROM families")
        with session.looking_past_restrictions():
            assert session.scalar(count) == 1
        assert session.scalar(count) == 0


QUERIES: dict[str, Callable[[Work], object]] = {
    "families": lambda work: work.families.by_name(None, 25),
    "referrals": lambda work: work.referrals.search(status=["accepted"], mine=None, sort="oldest", after=None, limit=25),
    "what waits": lambda work: work.referrals.waiting(),
    "a family": lambda work: work.families.find(new_id()),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_lists_go_by_their_index_for_members_too_and_ask_once_who_is_hidden(
    referrals: Desk, register: Register, clinician: Caller, query: Callable[[Work], object]
) -> None:
    restrict(referrals, clinician, register()["id"])
    for plan in plans(referrals.databases["referrals"], Work, replace(clinician, permissions=frozenset({""})), query):
        assert "Seq Scan" not in plan
        assert "Index Cond: (" in plan
        assert "SubPlan" not in plan
