"""Whom a family is restricted to, on pages: in a borough of many people, and when somebody who is named leaves."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.service.gateway.conftest import described
from tests.support.crowds import as_superuser, copy
from tests.support.gateway import PASSWORD
from tests.support.whole import Person, Town, Whole

MANY = 130
"""More than one page of members holds."""


@pytest.fixture(scope="module")
def town(whole: Whole) -> Town:
    return whole.borough("Walworth", practice=True)


@pytest.fixture(scope="module")
def ruth(town: Town) -> Person:
    return town.member("Ruth Osei", "practitioner", "camhs")


@pytest.fixture(scope="module")
def zoe(town: Town) -> Person:
    """The last by name of all."""
    return town.member("Zoe Zimmer", "practitioner", "adult_mental_health")


@pytest.fixture(scope="module")
def page(whole: Whole, ruth: Person) -> Iterator[httpx.Client]:
    """Ruth's browser."""
    with httpx.Client(base_url=whole.url, timeout=20, follow_redirects=True) as http:
        http.post("/sign-in", data={"email": ruth.me["email"], "password": PASSWORD})
        yield http


@pytest.fixture
def restricted(town: Town, ruth: Person) -> Callable[..., str]:
    def made(*people: Person) -> str:
        family_id = town.refer(ruth, described())["family_id"]
        body = {"reason": "staff_member", "people": [one.me["id"] for one in people], "without_me": False}
        answer = ruth.post(f"/families/{family_id}/restrict", body)
        assert answer.status_code == 200, answer.text
        return str(family_id)

    return made


def named(ruth: Person, family_id: str) -> list[str]:
    return [one["name"] for one in ruth.get(f"/families/{family_id}/restriction").json()["people"]]


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_among_many_people_everybody_can_be_named_and_nobody_goes_unseen(
    whole: Whole, town: Town, ruth: Person, zoe: Person, page: httpx.Client, postgres_url: str, restricted: Callable[..., str]
) -> None:
    settings = whole.containers["gateway"].config["settings"]
    database = settings.database()
    with as_superuser(postgres_url, database) as cursor:
        cursor.execute("CREATE TEMP TABLE b AS SELECT number FROM generate_series(1, %s) AS number", (MANY,))
        another = "jsonb_build_object('id', gen_random_uuid(), 'person_id', gen_random_uuid(), 'name', 'Ann ' || b.number, "
        copy(cursor, "members", f"{another}'email', b.number || '@x.example')", "b", f"WHERE id = '{ruth.me['id']}'")
    database.close()
    family_id = restricted(zoe)
    path = f"/{town.slug}/families/{family_id}/restriction/change"
    form = page.get(path).text
    ticked = re.findall(r'<input[^>]*name="people"[^>]*value="([^"]+)"[^>]*checked', form)
    assert zoe.me["id"] in ticked
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert page.post(path, data={**hidden, "people": ticked}).status_code == 200
    assert named(ruth, family_id) == ["Ruth Osei", "Zoe Zimmer"]


def test_who_left_is_said_to_have_left_and_nobody_is_left_alone_with_it(
    town: Town, ruth: Person, page: httpx.Client, restricted: Callable[..., str]
) -> None:
    leaver = town.member("Lee Ver", "practitioner", "camhs")
    family_id = restricted(leaver)
    path = f"/{town.slug}/families/{family_id}/restriction"
    assert "Can't open it" not in text_of(page.get(path))
    town.administrator.post(f"/people/{leaver.me['id']}/end", {"version": leaver.me["version"]})
    shown = text_of(page.get(path)).replace("&#39;", "'")
    assert "Lee Ver Can't open it: has left, or works with families no more" in shown
    assert "No practitioner who is named" not in shown


def test_when_nobody_who_is_named_is_left_whoever_breaks_the_glass_is_told_and_names_others(
    town: Town, ruth: Person, zoe: Person, page: httpx.Client
) -> None:
    leaver = town.member("Only One", "practitioner", "camhs")
    family_id = town.refer(ruth, described())["family_id"]
    leaver.post(f"/families/{family_id}/restrict", {"reason": "other", "people": []})
    town.administrator.post(f"/people/{leaver.me['id']}/end", {"version": leaver.me["version"]})
    assert ruth.get(f"/families/{family_id}/restriction").status_code == 403
    assert ruth.post(f"/families/{family_id}/break-glass", {"reason": "Nobody who is named works here."}).status_code == 200
    assert "No practitioner who is named works here any more" in text_of(page.get(f"/{town.slug}/families/{family_id}/restriction"))
    version = ruth.get(f"/families/{family_id}/restriction").json()["version"]
    named_now = ruth.post(f"/families/{family_id}/restriction/change", {"version": version, "add": [zoe.me["id"]], "remove": []})
    assert named_now.status_code == 200
    assert "Zoe Zimmer" in named(zoe, str(family_id))
