"""Services learn of boroughs and policy by event only; one that was down when something happened catches up."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from chassis import clock
from chassis.container import Container
from chassis.database.tables import boroughs
from stayplay.roster import service_class
from tests.support.boroughs import described
from tests.support.desk import until
from tests.support.installation import SECRETS, Templates
from tests.support.whole import Town, Whole, whole_platform

DOWN = ("sessions", "referrals")
BOROUGHS = "/api/v1/operator/boroughs"


@pytest.fixture(scope="module")
def platform(postgres_url: str, broker: str) -> Iterator[Whole]:
    """A platform of the module's own: it stops services."""
    with whole_platform(Templates(postgres_url), broker) as running:
        yield running


def stop(platform: Whole) -> None:
    for name in DOWN:
        platform.containers[name].stop()


def start(platform: Whole) -> None:
    for name in DOWN:
        container = Container(service_class(name), platform.containers[name].config)
        container.start()
        platform.containers[name] = container


@pytest.fixture
def down(platform: Whole) -> Iterator[None]:
    """Two services are down, until the test starts them."""
    stop(platform)
    yield
    for name in DOWN:
        platform.containers[name].stop()
    start(platform)


def onboarded(platform: Whole, **changed: Any) -> Town:
    body = described(slug=f"c-{uuid4().hex[:10]}", practice=False, **changed)
    answer = operate(platform, "", body)
    town = Town(platform, body["slug"], answer["id"])
    town.administrator = town.join(answer["invitation"])
    return town


def operate(platform: Whole, path: str, body: dict[str, Any]) -> dict[str, Any]:
    with platform.client(SECRETS["OPERATOR_TOKEN"]) as operator:
        answer = operator.post(f"{BOROUGHS}{path}", json=body, headers={"Idempotency-Key": uuid4().hex})
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def known(platform: Whole, service: str, town: Town) -> Any:
    """Return the copy of a borough that a service keeps."""
    database = platform.containers[service].config["settings"].database()
    with database.operating() as connection:
        found = connection.execute(select(boroughs).where(boroughs.c.borough_id == UUID(town.id))).one_or_none()
    database.close()
    return found


def is_suspended(platform: Whole, service: str, town: Town) -> bool:
    found = known(platform, service, town)
    return found is not None and found.suspended


def test_a_service_that_was_down_learns_of_a_borough_its_venues_its_policy_and_its_suspension(platform: Whole, down: None) -> None:
    town = onboarded(platform, venues=[{"name": "1st Place"}, {"name": "Burgess Park"}], policy={"child_max_age_months": 36})
    now = town.administrator.get("/policy").json()
    decided = {**now["current"]["policy"], "group_capacity": 11, "version": now["version"], "reason": "Larger halls"}
    assert town.administrator.post("/policy", decided).is_success
    operate(platform, f"/{town.id}/suspend", {"reason": "Accounts were misused"})
    assert [known(platform, name, town) for name in DOWN] == [None, None]
    start(platform)
    for name in DOWN:
        until(lambda name=name: is_suspended(platform, name, town))  # type: ignore[misc]  # mypy can't infer it
        assert known(platform, name, town).policy["child_max_age_months"] == 36
        assert known(platform, name, town).policy["group_capacity"] == 11
    assert venues(town) == ["1st Place", "Burgess Park"]
    assert town.administrator.post("/venues", {"name": "Another"}).json()["code"] == "borough_suspended"
    operate(platform, f"/{town.id}/resume", {"reason": "Cleared up"})
    until(lambda: not known(platform, "sessions", town).suspended)
    assert venue_and_group(town)["capacity"] == 11


def test_what_happens_while_a_service_is_down_holds_when_it_is_back(platform: Whole) -> None:
    town = onboarded(platform, venues=[{"name": "1st Place"}])
    until(lambda: _answers(town) and venues(town) == ["1st Place"])
    stop(platform)
    now = town.administrator.get("/policy").json()
    decided = {**now["current"]["policy"], "group_capacity": 5, "version": now["version"], "reason": "Smaller halls"}
    assert town.administrator.post("/policy", decided).is_success
    operate(platform, f"/{town.id}/suspend", {"reason": "Accounts were misused"})
    operate(platform, f"/{town.id}/resume", {"reason": "Cleared up"})
    start(platform)
    until(lambda: known(platform, "sessions", town).policy.get("group_capacity") == 5)
    assert known(platform, "sessions", town).suspended is False
    assert venues(town) == ["1st Place"]


def test_the_news_of_a_borough_heard_twice_makes_its_venues_once(platform: Whole) -> None:
    town = onboarded(platform, venues=[{"name": "1st Place"}])
    until(lambda: _answers(town) and venues(town) == ["1st Place"])
    database = platform.containers["gateway"].config["settings"].database()
    forget = platform.containers["sessions"].config["settings"].database()
    with forget.operating() as connection:
        connection.exec_driver_sql("DELETE FROM inbox WHERE borough_id = %s::uuid", (town.id,))
    with database.operating() as connection:
        connection.exec_driver_sql("UPDATE outbox SET sent_at = NULL WHERE borough_id = %s::uuid", (town.id,))
    until(lambda: _heard_again(forget, town))
    assert venues(town) == ["1st Place"]
    database.close()
    forget.close()


def _heard_again(database: Any, town: Town) -> bool:
    with database.operating() as connection:
        count = "SELECT count(*) FROM inbox WHERE borough_id = %s::uuid AND state = 'handled'"
        return bool(connection.exec_driver_sql(count, (town.id,)).scalar_one())


def _answers(town: Town) -> bool:
    return bool(town.administrator.get("/venues").is_success)


def venues(town: Town) -> list[str]:
    answer: httpx.Response = town.administrator.get("/venues")
    return [venue["name"] for venue in answer.json()["items"]]


def venue_and_group(town: Town) -> dict[str, Any]:
    """Return a new group at the first venue, for which nobody said how large it is."""
    venue = town.administrator.get("/venues").json()["items"][0]
    body = {
        "name": "Peckham", "venue_id": venue["id"], "weekday": "1", "starts_at": "10:00", "ends_at": "11:30",
        "starts_on": clock.today().isoformat(),
    }  # fmt: skip
    answer = town.administrator.post("/groups", body)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found
