"""Practice boroughs can be dated and erased; real ones never."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.support.gateway import PASSWORD, Borough, Gateway, Someone

LONG_AGO = "2025-03-02T10:00:00+00:00"


def dated(somebody: Someone, moment: str) -> Someone:
    return Someone(somebody.http, somebody.token, {"Stay-Play-At": moment})


def test_what_is_done_in_a_practice_borough_can_be_dated(gateway: Gateway, southwark: Borough, administrator: Someone) -> None:
    agency = dated(administrator, LONG_AGO).post(f"{southwark.base}/agencies", {"name": "Long ago", "kind": "referring"}).json
    with gateway.database.session(UUID(southwark.id)) as session:
        made = session.execute(text("SELECT created_at FROM agencies WHERE id = :id"), {"id": agency["id"]}).scalar_one()
    assert made.isoformat() == LONG_AGO


def test_what_is_done_in_a_real_borough_can_not(lambeth: Borough, neighbour: Someone) -> None:
    refused = dated(neighbour, LONG_AGO).post(f"{lambeth.base}/agencies", {"name": "Long ago", "kind": "referring"})
    assert (refused.status_code, refused.json["faults"]) == (422, {"Stay-Play-At": ["This is not a practice borough."]})
    assert "Long ago" not in neighbour.get(f"{lambeth.base}/agencies", limit=100).text


def test_not_even_reading_in_a_real_borough_can_be_dated(lambeth: Borough, neighbour: Someone) -> None:
    assert dated(neighbour, LONG_AGO).get(f"{lambeth.base}/me").status_code == 422


def test_a_stranger_does_not_learn_whether_a_borough_is_real(administrator: Someone, lambeth: Borough) -> None:
    foreign = dated(administrator, LONG_AGO).get(f"{lambeth.base}/me")
    unknown = dated(administrator, LONG_AGO).get("/api/v1/there-is-none/me")
    assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data)


@pytest.mark.parametrize("moment", ["yesterday", "2025-03-02T10:00:00", "2025-13-02T10:00:00+00:00", "", "1", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_is_none_is_refused(southwark: Borough, administrator: Someone, moment: str) -> None:
    refused = dated(administrator, moment).get(f"{southwark.base}/me")
    assert (refused.status_code, list(refused.json["faults"])) == (422, ["Stay-Play-At"])


def test_a_date_does_not_keep_a_session_alive(gateway: Gateway, southwark: Borough) -> None:
    somebody = southwark.administrator()
    with gateway.database.platform_session() as session:
        newest = "(SELECT id FROM identity.sign_ins ORDER BY created_at DESC LIMIT 1)"
        session.execute(text(f"UPDATE identity.sign_ins SET ends_at = now() - interval '1 second' WHERE id = {newest}"))
        session.commit()
    assert dated(somebody, LONG_AGO).get(f"{southwark.base}/me").status_code == 401


TABLES = ("profiles", "agencies", "members", "invitations", "answers", "boroughs")


def rows_of(gateway: Gateway, borough: Borough) -> dict[str, Any]:
    with gateway.database.session(UUID(borough.id)) as session:
        return {table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}


def test_an_operator_erases_a_practice_borough_with_its_people(gateway: Gateway) -> None:
    borough = gateway.onboard()
    somebody = borough.administrator()
    assert gateway.operator.delete(f"/api/v1/operator/boroughs/{borough.id}").status_code == 204
    mark = {"boroughs": 1}  # without a name: it makes news that come late do nothing
    assert rows_of(gateway, borough) == {**dict.fromkeys(TABLES, 0), **mark}
    with gateway.database.session(UUID(borough.id)) as session:
        assert session.execute(text("SELECT slug || name || programme_name FROM boroughs")).scalar_one() == ""
    assert somebody.get(f"{borough.base}/me").status_code == 401
    signed_in = gateway.anyone.post("/api/v1/session", {"email": f"ada@{borough.slug}.example", "password": PASSWORD})
    assert signed_in.status_code == 401


def test_every_service_is_told_that_a_borough_was_erased(gateway: Gateway) -> None:
    borough = gateway.onboard()
    gateway.operator.delete(f"/api/v1/operator/boroughs/{borough.id}")
    with gateway.database.operating() as connection:
        events = connection.execute(text("SELECT type FROM outbox WHERE borough_id = :id"), {"id": borough.id}).scalars().all()
    assert events == ["gateway.borough.erased"]


def test_somebody_who_belongs_elsewhere_too_stays(gateway: Gateway, southwark: Borough, administrator: Someone) -> None:
    person = southwark.invite(administrator, "Stays Here", ["referrer"])
    somebody = southwark.join(person)
    borough = gateway.onboard()
    body = {"name": "Stays Here", "email": person["email"], "roles": ["referrer"]}
    borough.join(borough.administrator().post(f"{borough.base}/invitations", body).json)
    gateway.operator.delete(f"/api/v1/operator/boroughs/{borough.id}")
    assert somebody.get(f"{southwark.base}/me").status_code == 200
    assert somebody.get(f"{borough.base}/me").status_code == 404


def test_the_name_of_an_erased_borough_is_free_again(gateway: Gateway) -> None:
    borough = gateway.onboard()
    gateway.operator.delete(f"/api/v1/operator/boroughs/{borough.id}")
    assert gateway.onboard(slug=borough.slug).id != borough.id


def test_a_real_borough_is_not_erased(gateway: Gateway, lambeth: Borough, neighbour: Someone) -> None:
    refused = gateway.operator.delete(f"/api/v1/operator/boroughs/{lambeth.id}")
    assert (refused.status_code, refused.json["detail"]) == (409, "Only a practice borough can be erased.")
    assert neighbour.get(f"{lambeth.base}/me").status_code == 200


def test_a_borough_that_is_not_there_can_not_be_erased(gateway: Gateway) -> None:
    assert gateway.operator.delete(f"/api/v1/operator/boroughs/{uuid4()}").status_code == 404


def test_operators_see_boroughs_in_pages_and_nothing_else(gateway: Gateway, southwark: Borough, lambeth: Borough) -> None:
    first = gateway.operator.get("/api/v1/operator/boroughs", limit=1).json
    second = gateway.operator.get("/api/v1/operator/boroughs", limit=100, after=first["next"]).json
    slugs = [one["slug"] for one in [*first["items"], *second["items"]]]
    assert {southwark.slug, lambeth.slug} <= set(slugs)
    assert slugs == sorted(slugs)


def test_the_operator_s_token_opens_no_borough(gateway: Gateway, southwark: Borough) -> None:
    assert gateway.operator.get(f"{southwark.base}/people").status_code == 401
