"""One borough never learns of another, not even that it is there."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chassis.database import catalogue
from gateway.platform_tables import PLATFORM_TABLES
from stayplay.roster import store
from tests.support.gateway import Borough, Gateway, Someone


def told(answer: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return everything in an answer that could tell one from another."""
    changing = {"X-Correlation-Id", "Date"}
    return answer.status_code, answer.data, sorted((name, value) for name, value in answer.headers if name not in changing)


def test_a_borough_that_one_does_not_belong_to_is_not_there(administrator: Someone, lambeth: Borough) -> None:
    foreign = administrator.get(f"{lambeth.base}/people")
    unknown = administrator.get("/api/v1/there-is-none/people")
    assert told(foreign) == told(unknown)
    assert foreign.status_code == 404


def test_an_id_of_another_borough_is_answered_byte_for_byte_as_an_unknown_one(
    southwark: Borough, administrator: Someone, lambeth: Borough, neighbour: Someone
) -> None:
    theirs = neighbour.get(f"{lambeth.base}/me").json
    invitation = lambeth.invite(neighbour, "Lambeth Person", ["referrer"])
    for path, body in (
        (f"{southwark.base}/people/{{}}/end", {"version": 1}),
        (f"{southwark.base}/people/{{}}/change", {"version": 1, "roles": ["referrer"]}),
        (f"{southwark.base}/invitations/{{}}/withdraw", {}),
    ):
        foreign = administrator.post(path.format(invitation["id"] if "invitations" in path else theirs["id"]), body)
        unknown = administrator.post(path.format(uuid4()), body)
        assert told(foreign) == told(unknown)
        assert foreign.status_code == 404
    assert neighbour.get(f"{lambeth.base}/me").json == theirs


def test_an_agency_of_another_borough_can_not_be_named(
    southwark: Borough, administrator: Someone, lambeth: Borough, neighbour: Someone
) -> None:
    theirs = neighbour.get(f"{lambeth.base}/agencies").json["items"][0]
    person = {"name": "X", "email": "x@x.example", "roles": ["referrer"]}
    foreign = administrator.post(f"{southwark.base}/invitations", {**person, "agency_id": theirs["id"]})
    unknown = administrator.post(f"{southwark.base}/invitations", {**person, "agency_id": str(uuid4())})
    assert told(foreign) == told(unknown)


def test_lists_hold_nothing_of_another_borough(southwark: Borough, administrator: Someone, lambeth: Borough, neighbour: Someone) -> None:
    ours = administrator.get(f"{southwark.base}/agencies", limit=100).json["items"]
    theirs = neighbour.get(f"{lambeth.base}/agencies", limit=100).json["items"]
    assert ours
    assert theirs
    assert not {one["id"] for one in ours} & {one["id"] for one in theirs}


def test_a_member_of_two_boroughs_is_in_each_what_they_are_there(gateway: Gateway, southwark: Borough, administrator: Someone) -> None:
    person = southwark.invite(administrator, "Two Places", ["referrer"])
    somebody = southwark.join(person)
    other = gateway.onboard(name="Greenwich")
    body = {"name": "Two Places", "email": person["email"], "roles": ["administrator"]}
    other.join(other.administrator().post(f"{other.base}/invitations", body).json)
    assert somebody.get(f"{other.base}/invitations").status_code == 200
    assert somebody.get(f"{southwark.base}/invitations").status_code == 403


def test_the_application_s_role_sees_one_borough_and_no_sign_in(gateway: Gateway, southwark: Borough, lambeth: Borough) -> None:
    with gateway.database.session(UUID(southwark.id)) as session:
        assert {str(one) for one in session.execute(text("SELECT borough_id FROM members")).scalars()} == {southwark.id}
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text("SELECT * FROM identity.people"))


def test_the_role_of_sign_in_can_change_nothing_of_a_borough(gateway: Gateway, southwark: Borough) -> None:
    with gateway.database.platform_session() as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("UPDATE members SET roles = '[\"administrator\"]'"))


def test_without_a_borough_nothing_is_seen(gateway: Gateway, southwark: Borough) -> None:
    with gateway.database.engine.connect() as connection:
        for table in ("profiles", "agencies", "members", "invitations"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_the_catalogue_finds_no_way_round(gateway: Gateway) -> None:
    with gateway.database.engine.connect() as connection:
        assert catalogue.faults(connection, store("gateway"), PLATFORM_TABLES) == []
