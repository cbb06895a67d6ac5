"""A borough's policy: decided by version, from a day on, in force on that day, told of by event."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import text

from chassis import clock
from chassis.context import Context, entered
from gateway.boroughs.policy import Beginning
from gateway.contract import kept_policy
from tests.support.gateway import Borough, Gateway, Someone


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


def now(boss: Someone, borough: Borough) -> dict[str, Any]:
    found: dict[str, Any] = boss.get(f"{borough.base}/policy").json
    return found


def decided(boss: Someone, borough: Borough, **changed: Any) -> Any:
    found = now(boss, borough)
    body = {**found["current"]["policy"], "version": found["version"], "reason": "Families asked for it", **changed}
    return boss.post(f"{borough.base}/policy", body)


def told(gateway: Gateway, borough: Borough) -> list[Any]:
    with gateway.database.operating() as connection:
        everything = "SELECT type, sequence, data FROM outbox WHERE borough_id = :id ORDER BY sequence"
        return list(connection.execute(text(everything), {"id": borough.id}))


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


@pytest.fixture
def the_next_day() -> Iterator[None]:
    with entered(Context("a-correlation-id", "gateway")), clock.acting_at(clock.now() + timedelta(days=1)):
        yield


def test_a_borough_begins_with_a_first_version(borough: Borough, boss: Someone) -> None:
    found = now(boss, borough)
    assert found["current"]["number"] == 1
    assert found["current"]["policy"] == kept_policy({})
    assert (found["upcoming"], found["reviewed_at"]) == ([], None)


def test_a_policy_of_today_is_in_force_at_once_and_everybody_is_told(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    answer = decided(boss, borough, missed_before_outreach=3)
    assert answer.status_code == 200
    assert (answer.json["current"]["number"], answer.json["current"]["policy"]["missed_before_outreach"]) == (2, 3)
    assert (answer.json["current"]["by_name"], answer.json["current"]["reason"]) == ("Ada Minister", "Families asked for it")
    newest = told(gateway, borough)[-1]
    assert (newest.type, newest.data["policy"]["missed_before_outreach"]) == ("gateway.borough.changed", 3)


def test_a_policy_of_another_day_waits_and_nobody_is_told(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    before = len(told(gateway, borough))
    answer = decided(boss, borough, missed_before_outreach=3, effective_on=tomorrow().isoformat()).json
    assert answer["current"]["number"] == 1
    assert [one["number"] for one in answer["upcoming"]] == [2]
    assert len(told(gateway, borough)) == before


def test_on_its_day_a_policy_begins_by_itself_and_everybody_is_told_once(
    gateway: Gateway, borough: Borough, boss: Someone, the_next_day: None
) -> None:
    with clock.acting_at(None):
        decided(boss, borough, group_capacity=12, effective_on=tomorrow().isoformat())
    Beginning(gateway.database).begin_due()
    first = told(gateway, borough)
    Beginning(gateway.database).begin_due()
    assert told(gateway, borough) == first
    assert (first[-1].type, first[-1].data["policy"]["group_capacity"]) == ("gateway.borough.changed", 12)
    with clock.acting_at(None):
        assert now(boss, borough)["current"]["number"] == 2


def test_before_its_day_a_policy_does_not_begin(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    decided(boss, borough, group_capacity=12, effective_on=tomorrow().isoformat())
    Beginning(gateway.database).begin_due()
    assert now(boss, borough)["current"]["number"] == 1


def test_looking_for_what_begins_is_one_question_however_many_boroughs_there_are(gateway: Gateway) -> None:
    for _ in range(3):
        gateway.onboard()
    asked: list[str] = []
    pool = gateway.database._identity
    hooks.listen(pool, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    assert Beginning(gateway.database).begin_due() == 0
    assert len(asked) == 1


def test_two_versions_that_are_due_at_once_begin_in_their_order(
    gateway: Gateway, borough: Borough, boss: Someone, the_next_day: None
) -> None:
    with clock.acting_at(None):
        decided(boss, borough, group_capacity=11, effective_on=tomorrow().isoformat())
        decided(boss, borough, group_capacity=12, effective_on=tomorrow().isoformat())
    Beginning(gateway.database).begin_due()
    with clock.acting_at(None):
        found = now(boss, borough)
    assert (found["current"]["number"], found["current"]["policy"]["group_capacity"], found["upcoming"]) == (3, 12, [])


def test_a_policy_that_is_to_come_can_be_taken_back_and_never_begins(
    gateway: Gateway, borough: Borough, boss: Someone, the_next_day: None
) -> None:
    with clock.acting_at(None):
        waiting = decided(boss, borough, group_capacity=12, effective_on=tomorrow().isoformat()).json
        gone = boss.post(f"{borough.base}/policy/versions/2/withdraw", {"version": waiting["version"]})
        assert (gone.status_code, gone.json["upcoming"]) == (200, [])
    Beginning(gateway.database).begin_due()
    with clock.acting_at(None):
        assert now(boss, borough)["current"]["number"] == 1
        newest = boss.get(f"{borough.base}/policy/versions").json["items"][0]
    assert (newest["number"], newest["state"], newest["withdrawn_by"]) == (2, "withdrawn", "Ada Minister")


def test_a_policy_in_force_can_not_be_taken_back(borough: Borough, boss: Someone) -> None:
    found = decided(boss, borough, group_capacity=12).json
    refused = boss.post(f"{borough.base}/policy/versions/2/withdraw", {"version": found["version"]})
    assert (refused.status_code, refused.json["code"]) == (409, "invalid_transition")
    unknown = boss.post(f"{borough.base}/policy/versions/9/withdraw", {"version": found["version"]})
    assert unknown.status_code == 404


def test_two_who_decide_at_once_do_not_overwrite_each_other(borough: Borough, boss: Someone) -> None:
    found = now(boss, borough)
    policy = found["current"]["policy"]
    first = {**policy, "group_capacity": 9, "version": found["version"], "reason": "First"}
    assert boss.post(f"{borough.base}/policy", first).status_code == 200
    refused = boss.post(f"{borough.base}/policy", {**first, "group_capacity": 10, "reason": "Second"})
    assert (refused.status_code, refused.json["code"]) == (409, "stale")
    assert (refused.json["yours"]["policy"]["group_capacity"], refused.json["theirs"]["policy"]["group_capacity"]) == (10, 9)
    assert now(boss, borough)["current"]["policy"]["group_capacity"] == 9


def test_a_decision_sent_twice_makes_one_version(borough: Borough, boss: Someone) -> None:
    found = now(boss, borough)
    body = {**found["current"]["policy"], "version": found["version"], "reason": "Once"}
    answers = [boss.post(f"{borough.base}/policy", body, key="the-same-key") for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert now(boss, borough)["current"]["number"] == 2


@pytest.mark.parametrize("days", [-1, 400])
def test_a_policy_begins_neither_in_the_past_nor_in_years(borough: Borough, boss: Someone, days: int) -> None:
    refused = decided(boss, borough, effective_on=(clock.today() + timedelta(days=days)).isoformat())
    assert (refused.status_code, list(refused.json["faults"])) == (422, ["effective_on"])


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"engagement": "time_limited"}, "engagement_weeks"),
        ({"missed_before_outreach": 5, "missed_before_escalation": 4}, "missed_before_escalation"),
        ({"child_min_age_months": 61}, "child_min_age_months"),
        ({"first_contact_days": 30}, "assessment_days"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"referrers_told": "everything"}, "referrers_told"),
        ({"group_capacity": 0}, "group_capacity"),
        ({"register_hours": "soon"}, "register_hours"),
        ({"reason": ""}, "reason"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_field(borough: Borough, boss: Someone, changed: dict[str, Any], fault: str) -> None:
    refused = decided(boss, borough, **changed)
    assert (refused.status_code, list(refused.json["faults"])) == (422, [fault])
    assert now(boss, borough)["current"]["number"] == 1


def test_a_time_limited_policy_says_how_many_weeks(borough: Borough, boss: Someone) -> None:
    answer = decided(boss, borough, engagement="time_limited", engagement_weeks=12)
    assert answer.json["current"]["policy"]["engagement_weeks"] == 12


def test_a_policy_is_reviewed_by_saying_so_or_by_changing_it(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    found = now(boss, borough)
    assert boss.post(f"{borough.base}/policy/reviewed", {"version": found["version"]}).json["reviewed_at"]
    other = gateway.onboard()
    boss_of_other = other.administrator()
    assert decided(boss_of_other, other, group_capacity=9).json["reviewed_at"]


def test_every_version_is_kept_newest_first_in_pages(borough: Borough, boss: Someone) -> None:
    for capacity in (9, 10, 11):
        decided(boss, borough, group_capacity=capacity)
    first = boss.get(f"{borough.base}/policy/versions", limit=3).json
    second = boss.get(f"{borough.base}/policy/versions", limit=3, after=first["next"]).json
    assert [one["number"] for one in [*first["items"], *second["items"]]] == [4, 3, 2, 1]
    assert second["next"] is None


def test_everybody_in_the_borough_reads_the_policy_and_only_administrators_decide(borough: Borough, boss: Someone) -> None:
    jo = borough.join(borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre"))
    assert now(jo, borough)["current"]["number"] == 1
    assert decided(jo, borough, group_capacity=9).status_code == 403
    assert jo.post(f"{borough.base}/policy/reviewed", {"version": 1}).status_code == 403


def test_a_neighbour_neither_reads_nor_decides(southwark: Borough, neighbour: Someone) -> None:
    assert neighbour.get(f"{southwark.base}/policy").status_code == 404
    assert neighbour.post(f"{southwark.base}/policy/reviewed", {"version": 1}).status_code == 404


def test_who_decided_and_why_is_in_the_audit_trail(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    decided(boss, borough, group_capacity=9)
    with gateway.database.session(UUID(borough.id)) as session:
        entry = session.execute(text("SELECT person_name, kind FROM audit WHERE operation = 'gateway.change_policy'")).one()
    assert (entry.person_name, entry.kind) == ("Ada Minister", "change")
