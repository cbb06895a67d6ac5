"""Systems' tokens in the hands of administrators: made, shown once, renewed, taken back, and all of it in the audit trail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from gateway.people.systems.tokens import is_whole
from tests.support.gateway import Borough, Gateway, Someone
from tests.support.mailing import change
from tests.support.systems import EVERY_SCOPE, Made, made

UNKNOWN = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    """A borough of the test's own."""
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


def body(**changed: Any) -> dict[str, Any]:
    return {"name": "Health visiting record", "scopes": ["groups.read"], "days": 30, **changed}


def listed(boss: Someone, borough: Borough) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = boss.get(f"{borough.base}/systems").json["items"]
    return items


def long_ago(gateway: Gateway) -> None:
    """Let everybody have given their password longer ago than counts."""
    change(gateway.database, "UPDATE identity.sign_ins SET confirmed_at = now() - interval '11 minutes'")


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def test_a_borough_begins_without_systems(borough: Borough, boss: Someone) -> None:
    assert listed(boss, borough) == []


def test_a_token_is_told_once_and_never_again(borough: Borough, boss: Someone) -> None:
    answer = boss.post(f"{borough.base}/systems", body())
    assert answer.status_code == 201
    token = answer.json["token"]
    assert is_whole(token)
    later = [boss.get(f"{borough.base}/systems"), boss.get(f"{borough.base}/systems/{answer.json['id']}")]
    later += [boss.post(f"{borough.base}/systems/{answer.json['id']}/withdraw"), boss.get(f"{borough.base}/audit")]
    assert [token in one.text for one in later] == [False] * 4
    assert "token" not in listed(boss, borough)[0]


def test_an_administrator_sees_what_each_is_who_made_it_and_until_when_it_works(borough: Borough, boss: Someone) -> None:
    made(borough, boss, "groups.read", days=90)
    (one,) = listed(boss, borough)
    assert (one["name"], one["scopes"], one["state"], one["made_by_name"]) == (
        "Health visiting record",
        ["groups.read"],
        "working",
        "Ada Minister",
    )
    assert (one["used_at"], one["withdrawn_at"], one["expires_soon"]) == (None, None, False)
    left = moment(one["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=89, hours=23) < left <= timedelta(days=90)


def test_without_a_number_of_days_it_works_a_year_and_never_longer(borough: Borough, boss: Someone) -> None:
    answer = boss.post(f"{borough.base}/systems", {"name": "Website", "scopes": ["groups.read"]})
    assert timedelta(days=364) < moment(answer.json["expires_at"]) - datetime.now(UTC) <= timedelta(days=365)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"scopes": []}, "scopes"), ({"scopes": ["families.read"]}, "scopes"), ({"scopes": ["registers.read"]}, "scopes"),
        ({"scopes": ["groups.read", "systems.manage"]}, "scopes"), ({"scopes": "groups.read"}, "scopes"), ({"scopes": None}, "scopes"),
        ({"days": 0}, "days"), ({"days": 366}, "days"), ({"days": -1}, "days"), ({"days": "many"}, "days"), ({"days": 1.5}, "days"),
        ({"name": ""}, "name"), ({"name": "  "}, "name"), ({"name": "x" * 81}, "name"), ({"name": None}, "name"),
        ({"token": "stay_mine"}, "token"), ({"acts_as": UNKNOWN}, "acts_as"), ({"expires_at": "2030-01-01T00:00:00Z"}, "expires_at"),
        ({"borough_id": UNKNOWN}, "borough_id"),
    ],
)  # fmt: skip
def test_a_token_is_asked_for_as_it_must_be(borough: Borough, boss: Someone, changed: dict[str, Any], field: str) -> None:
    refused = boss.post(f"{borough.base}/systems", body(**changed))
    assert refused.status_code == 422
    assert field in str(refused.json["faults"])
    assert listed(boss, borough) == []


def test_scopes_that_are_named_twice_are_kept_once(borough: Borough, boss: Someone) -> None:
    assert made(borough, boss, "groups.read", "groups.read").answer["scopes"] == ["groups.read"]


def test_sent_twice_it_is_made_once_and_the_token_told_again(borough: Borough, boss: Someone) -> None:
    key = uuid4().hex
    answers = [boss.post(f"{borough.base}/systems", body(), key=key) for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert len(listed(boss, borough)) == 1
    other = boss.post(f"{borough.base}/systems", body(days=31), key=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_mismatch")


def test_it_is_made_only_by_somebody_who_gave_their_password_a_moment_ago(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    present = made(borough, boss)
    long_ago(gateway)
    for path in ("systems", f"systems/{present.id}/renew"):
        refused = boss.post(f"{borough.base}/{path}", body() if path == "systems" else {})
        assert (refused.status_code, refused.json["code"]) == (403, "confirmation_needed")
    assert len(listed(boss, borough)) == 1
    withdrawn = boss.post(f"{borough.base}/systems/{present.id}/withdraw")
    assert withdrawn.status_code == 200, "taking one back is never made harder"


@pytest.mark.parametrize("role", ["practitioner", "facilitator", "referrer", "commissioner"])
def test_nobody_but_an_administrator_has_anything_to_do_with_systems(
    southwark: Borough, administrator: Someone, given: Made, role: str
) -> None:
    kind = "camhs" if role == "practitioner" else "childrens_centre"
    member = southwark.join(southwark.invite(administrator, "Some Body", [role], kind))
    assert member.get(f"{southwark.base}/systems").status_code == 403
    assert member.get(f"{southwark.base}/systems/{given.id}").status_code == 403
    for path in ("systems", f"systems/{given.id}/renew", f"systems/{given.id}/withdraw"):
        assert member.post(f"{southwark.base}/{path}", body() if path == "systems" else {}).status_code == 403
    assert given.system.get(f"{southwark.base}/system").status_code == 200


def test_a_system_makes_no_other_and_does_not_even_see_itself_in_the_list(southwark: Borough, given: Made) -> None:
    assert given.system.get(f"{southwark.base}/systems").json["code"] == "scope_missing"
    assert given.system.post(f"{southwark.base}/systems", body()).json["code"] == "scope_missing"
    assert given.system.post(f"{southwark.base}/systems/{given.id}/renew").json["code"] == "scope_missing"


def test_a_neighbour_s_system_is_like_one_that_is_not_there(
    southwark: Borough, administrator: Someone, lambeth: Borough, neighbour: Someone, given: Made
) -> None:
    del administrator
    for path in (f"systems/{given.id}", f"systems/{UNKNOWN}"):
        assert neighbour.get(f"{lambeth.base}/{path}").status_code == 404
        for what in ("renew", "withdraw"):
            answer = neighbour.post(f"{lambeth.base}/{path}/{what}")
            assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert given.id not in neighbour.get(f"{lambeth.base}/systems").text
    assert given.system.get(f"{southwark.base}/system").status_code == 200


def test_the_next_token_is_the_same_system_and_the_one_before_works_on(borough: Borough, boss: Someone) -> None:
    first = made(borough, boss, "groups.read", "boroughs.read", name="Website", days=5)
    answer = boss.post(f"{borough.base}/systems/{first.id}/renew", {"days": 60})
    assert answer.status_code == 201
    second = Made(borough, answer.json)
    assert second.token != first.token
    assert (second.answer["name"], second.answer["scopes"]) == ("Website", ["boroughs.read", "groups.read"])
    for one in (first, second):
        told = one.system.get(f"{borough.base}/system").json
        assert (told["id"], told["acts_as"]) == (one.id, first.id)
    boss.post(f"{borough.base}/systems/{first.id}/withdraw")
    assert first.system.get(f"{borough.base}/system").status_code == 401
    assert second.system.get(f"{borough.base}/system").status_code == 200
    third = Made(borough, boss.post(f"{borough.base}/systems/{second.id}/renew").json)
    assert third.answer["acts_as"] == first.id


def test_a_token_that_ended_can_have_a_next_one_and_one_that_was_taken_back_can_not(borough: Borough, boss: Someone) -> None:
    ended, taken = made(borough, boss), made(borough, boss)
    ended.change("expires_at = now() - interval '1 day'")
    boss.post(f"{borough.base}/systems/{taken.id}/withdraw")
    assert boss.post(f"{borough.base}/systems/{ended.id}/renew").status_code == 201
    refused = boss.post(f"{borough.base}/systems/{taken.id}/renew")
    assert (refused.status_code, refused.json["code"]) == (409, "invalid_transition")
    assert "Add the system anew" in refused.json["detail"]


def test_taken_back_twice_it_was_taken_back_once(borough: Borough, boss: Someone) -> None:
    one = made(borough, boss)
    answers = [boss.post(f"{borough.base}/systems/{one.id}/withdraw").json for _ in range(2)]
    assert answers[0]["withdrawn_at"] == answers[1]["withdrawn_at"]
    assert [answer["state"] for answer in answers] == ["withdrawn"] * 2


def test_two_who_take_one_back_and_renew_it_at_once_leave_it_in_one_state(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    """Whichever comes first: what was taken back stays so, and a next one is made only before."""
    for _ in range(5):
        one = made(borough, boss)
        path = f"{borough.base}/systems/{one.id}"
        askers = [Someone(gateway.app.test_client(), boss.token) for _ in range(2)]
        with ThreadPoolExecutor(2) as both:
            taken = both.submit(askers[0].post, f"{path}/withdraw")
            renewed = both.submit(askers[1].post, f"{path}/renew")
        assert taken.result().status_code == 200
        assert renewed.result().status_code in {201, 409}
        assert one.system.get(f"{borough.base}/system").status_code == 401
        assert boss.get(path).json["state"] == "withdrawn"


def test_the_state_and_a_near_end_are_told(borough: Borough, boss: Someone) -> None:
    soon, late, ended, taken = (made(borough, boss, name=name, days=days) for name, days in (("a", 30), ("b", 31), ("c", 9), ("d", 9)))
    ended.change("expires_at = now() - interval '1 second'")
    boss.post(f"{borough.base}/systems/{taken.id}/withdraw")
    told = {one["name"]: (one["state"], one["expires_soon"]) for one in listed(boss, borough)}
    assert told == {"a": ("working", True), "b": ("working", False), "c": ("expired", False), "d": ("withdrawn", False)}
    assert soon.id != late.id


def test_the_list_comes_in_pages_newest_first(borough: Borough, boss: Someone) -> None:
    for number in range(5):
        made(borough, boss, name=f"System {number}")
    names, after = [], None
    while True:
        page = boss.get(f"{borough.base}/systems", limit=2, **({"after": after} if after else {})).json
        names += [one["name"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert names == [f"System {number}" for number in (4, 3, 2, 1, 0)]


def test_the_minute_of_its_last_use_is_told(borough: Borough, boss: Someone) -> None:
    one = made(borough, boss)
    before = datetime.now(UTC).replace(second=0, microsecond=0)
    one.system.get(f"{borough.base}/borough")
    used = moment(listed(boss, borough)[0]["used_at"])
    assert before <= used <= datetime.now(UTC)
    assert (used.second, used.microsecond) == (0, 0)


def test_its_use_is_written_down_at_most_once_a_minute(borough: Borough, boss: Someone) -> None:
    one = made(borough, boss)
    one.system.get(f"{borough.base}/borough")
    first = one.row()
    for _ in range(5):
        one.system.get(f"{borough.base}/borough")
    assert one.row()["written"] == first["written"], "nothing was written again"
    one.change("used_at = used_at - interval '3 minutes'")
    one.system.get(f"{borough.base}/borough")
    assert one.row()["used_at"] >= first["used_at"]


def test_a_refused_request_is_a_use_too_and_a_wrong_token_is_none(borough: Borough, boss: Someone, lambeth: Borough) -> None:
    one = made(borough, boss, "groups.read")
    one.system.get(f"{lambeth.base}/groups")
    assert one.row()["used_at"] is None
    assert one.system.get(f"{borough.base}/people").status_code == 403
    assert one.row()["used_at"] is not None


def test_two_requests_at_once_are_both_answered(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    one = made(borough, boss)
    askers = [Someone(gateway.app.test_client(), one.token) for _ in range(8)]
    with ThreadPoolExecutor(8) as all_at_once:
        answers = list(all_at_once.map(lambda asker: asker.get(f"{borough.base}/borough").status_code, askers))
    assert answers == [200] * 8


def test_what_is_done_with_tokens_is_in_the_audit_trail_as_a_matter_of_access(borough: Borough, boss: Someone) -> None:
    one = made(borough, boss, "groups.read", name="Website", days=9)
    renewed = boss.post(f"{borough.base}/systems/{one.id}/renew", {"days": 8}).json
    boss.post(f"{borough.base}/systems/{one.id}/withdraw")
    entries = [entry for entry in boss.get(f"{borough.base}/audit", limit=50).json["items"] if "system" in entry["operation"]]
    told = [(entry["operation"], entry["kind"], entry["subject_id"], entry["facts"]) for entry in entries]
    assert told == [
        ("gateway.withdraw_system", "security", one.id, {}),
        ("gateway.renew_system", "security", renewed["id"], {"scopes": ["groups.read"], "days": 8}),
        ("gateway.add_system", "security", one.id, {"scopes": ["groups.read"], "days": 9}),
    ]
    assert {entry["person_name"] for entry in entries} == {"Ada Minister"}
    assert [entry["words"] for entry in entries] == ["Took a system's token back", "Gave a system its next token", "Gave a system access"]


def test_what_a_system_reads_is_in_the_audit_trail_under_its_name(borough: Borough, boss: Someone) -> None:
    one = made(borough, boss, name="Website")
    one.system.get(f"{borough.base}/agencies")
    read = boss.get(f"{borough.base}/audit", operation="gateway.list_agencies").json["items"][0]
    assert (read["person_name"], read["person_id"], read["roles"], read["agency"]) == ("Website", one.id, ["system"], "")
    assert read["address"] == "127.0.0.1"


def test_no_entry_and_no_row_of_the_trail_holds_a_token(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    one = made(borough, boss)
    one.system.get(f"{borough.base}/borough")
    with gateway.database.session(UUID(borough.id)) as session:
        trail = " ".join(str(row) for (row,) in session.execute(text("SELECT audit::text FROM audit")))
    assert one.id in trail
    assert one.token[5:30] not in trail
    assert one.row()["token_hash"].hex() not in trail


def test_every_scope_of_the_tests_is_published(borough: Borough, boss: Someone) -> None:
    assert made(borough, boss).answer["scopes"] == sorted(EVERY_SCOPE)
