"""The whole journey of a family, through the public interface, on the platform as operators run it."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from click.testing import CliRunner

from stayplay.client import Client, Refused
from stayplay.journey import Borough, FamilyJourney
from stayplay.smoke import see_nothing_of_each_other, smoke
from tests.support.platform import Platform


def journey_in(platform: Platform, name: str, surname: str) -> FamilyJourney:
    operator = Client(platform.url, token=platform.operator_token)
    return FamilyJourney(Borough(operator, name, f"{name.lower()}-{uuid4().hex[:6]}", "E09000028"), surname)


def walk(journey: FamilyJourney) -> FamilyJourney:
    for _, step in journey.steps():
        step()
    return journey


def test_two_boroughs_live_the_journey_at_once_and_see_nothing_of_each_other(platform: Platform) -> None:
    southwark, lambeth = journey_in(platform, "Southwark", "Doyle"), journey_in(platform, "Lambeth", "Brennan")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(walk, (southwark, lambeth)))
    see_nothing_of_each_other(southwark, lambeth)


def test_smoke_passes_prints_each_step_and_leaves_nothing_behind(platform: Platform) -> None:
    before = boroughs_of(platform)
    result = CliRunner().invoke(smoke, ["--url", platform.url, "--operator-token", platform.operator_token])
    assert result.exit_code == 0, result.output
    assert result.output.count(" ms\n") == 2 * len(journey_in(platform, "X", "X").steps()) + 1
    assert "passed in" in result.output
    assert boroughs_of(platform) == before


def test_smoke_fails_at_the_first_step_that_fails(platform: Platform) -> None:
    result = CliRunner().invoke(smoke, ["--url", platform.url, "--operator-token", "x" * 40])
    assert result.exit_code == 1
    assert "onboards the borough" in result.output


def test_an_erased_practice_borough_is_gone_from_every_service(platform: Platform) -> None:
    journey = walk(journey_in(platform, "Gone", "Gone"))
    camhs = journey.borough["camhs"]
    journey.borough.operator.delete(f"/api/v1/operator/boroughs/{journey.borough.id}")
    with pytest.raises(Refused) as refused:
        camhs.get(f"{journey.borough.base}/families/{journey.seen['family_id']}")
    assert refused.value.status in {401, 404}


def boroughs_of(platform: Platform) -> set[str]:
    operator = Client(platform.url, token=platform.operator_token)
    return {borough["id"] for borough in operator.get("/api/v1/operator/boroughs", limit=100)["items"]}
