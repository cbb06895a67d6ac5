"""A borough leaves in order: suspended, exported, erased, certified; whatever comes out of order is refused and changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from gateway.leaving.certificate import is_genuine, sign, signed_bytes
from tests.support.gateway import Borough, Gateway, Someone
from tests.support.installation import SECRETS

CHECKSUM = "ab" * 32
ROWS = {service: {"families": 2} for service in ("referrals", "assessments", "sessions", "outreach", "gateway")}
NOTHING = {service: {"families": 0} for service in ROWS}
BASE = "/api/v1/operator"


@pytest.fixture
def operator(gateway: Gateway) -> Someone:
    return gateway.operator


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    """A real borough."""
    return gateway.onboard(practice=False)


def path(borough: Borough, what: str) -> str:
    return f"{BASE}/boroughs/{borough.id}/{what}"


def suspended(operator: Someone, borough: Borough) -> None:
    assert operator.post(path(borough, "suspend"), {"reason": "It leaves"}).status_code == 200


def exported(operator: Someone, borough: Borough, **changed: Any) -> Any:
    body = {"manifest_checksum": CHECKSUM, "made_at": datetime.now(UTC).isoformat(), "by": "Olu Operator", "rows": ROWS}
    return operator.post(path(borough, "export"), {**body, **changed})


def erased(operator: Someone, borough: Borough, **changed: Any) -> Any:
    body = {"manifest_checksum": CHECKSUM, "slug": borough.slug, "slug_again": borough.slug, "by": "Olu Operator"}
    return operator.post(path(borough, "erasure"), {**body, **changed})


def certified(operator: Someone, borough: Borough, **changed: Any) -> Any:
    return operator.post(path(borough, "certificate"), {"left": NOTHING, "audit_erased": {}, **changed})


def ready(operator: Someone, borough: Borough) -> None:
    suspended(operator, borough)
    assert exported(operator, borough).status_code == 200


def is_there(gateway: Gateway, borough: Borough) -> bool:
    with gateway.database.platform_session() as session:
        return bool(session.execute(text("SELECT count(*) FROM profiles WHERE borough_id = :id"), {"id": borough.id}).scalar_one())


def test_the_whole_way_in_order(gateway: Gateway, operator: Someone, borough: Borough) -> None:
    borough.administrator()
    ready(operator, borough)
    assert operator.get(path(borough, "departure")).json["state"] == "exported"
    assert erased(operator, borough).json["state"] == "erasing"
    assert not is_there(gateway, borough)
    certificate = certified(operator, borough).json
    assert operator.get(path(borough, "departure")).json["state"] == "erased"
    assert certificate["certificate"]["borough"]["slug"] == borough.slug
    assert is_genuine(certificate["certificate"], certificate["signature"], SECRETS["GATEWAY_PUBLIC_KEY"])
    assert certificate == operator.get(path(borough, "certificate")).json


def entries(gateway: Gateway, borough: Borough) -> list[Any]:
    with gateway.database.session(UUID(borough.id)) as session:
        return list(session.connection().exec_driver_sql("SELECT * FROM audit ORDER BY number"))


def test_what_operators_do_is_in_the_trail_of_the_borough_with_where_they_did_it(
    gateway: Gateway, operator: Someone, borough: Borough
) -> None:
    ready(operator, borough)
    erased(operator, borough)
    done = [entry for entry in entries(gateway, borough) if entry.roles == "operator"]
    assert [entry.operation for entry in done] == ["gateway.onboard", "gateway.suspend_borough", "gateway.erase_leaving"]
    assert {(entry.person_name, entry.address) for entry in done} == {("Operations team", "127.0.0.1")}
    assert done[1].reason == "It leaves"


@pytest.mark.parametrize("running", [True, False])
def test_that_everything_was_read_into_an_archive_is_in_the_trail(
    gateway: Gateway, operator: Someone, borough: Borough, *, running: bool
) -> None:
    body = {"manifest_checksum": CHECKSUM, "made_at": "2026-03-02T09:00:00Z", "by": "Olu Operator", "running": running}
    answer = operator.post(path(borough, "archives"), body)
    assert (answer.status_code, answer.data) == (204, b"")
    entry = entries(gateway, borough)[-1]
    assert (entry.operation, entry.kind, entry.roles) == ("gateway.note_archive", "read", "operator")
    assert entry.facts == {"archive": CHECKSUM, "made_at": "2026-03-02T09:00:00+00:00", "at_work": running}
    assert entry.changes == [{"asked": {"by": "Olu Operator"}}]


def test_an_archive_of_no_borough_is_noted_nowhere(operator: Someone, borough: Borough) -> None:
    body = {"manifest_checksum": CHECKSUM, "made_at": "2026-03-02T09:00:00Z", "by": "Olu Operator", "running": True}
    assert operator.post(f"{BASE}/boroughs/{UUID(int=1)}/archives", body).status_code == 404


def test_a_borough_at_work_is_not_noted_as_exported(operator: Someone, borough: Borough) -> None:
    refused = exported(operator, borough)
    assert refused.status_code == 409
    assert "suspend the borough first" in refused.json["detail"]
    assert operator.get(path(borough, "departure")).status_code == 404


def test_an_archive_from_before_the_suspension_does_not_count(operator: Someone, borough: Borough) -> None:
    made_at = datetime.now(UTC) - timedelta(seconds=1)
    suspended(operator, borough)
    assert exported(operator, borough, made_at=made_at.isoformat()).status_code == 409


def test_a_borough_that_was_not_exported_is_not_erased(gateway: Gateway, operator: Someone, borough: Borough) -> None:
    suspended(operator, borough)
    refused = erased(operator, borough)
    assert refused.status_code == 409
    assert "Export the borough first" in refused.json["detail"]
    assert is_there(gateway, borough)


def test_a_borough_that_works_again_is_not_erased(gateway: Gateway, operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    operator.post(path(borough, "resume"), {"reason": "It stays"})
    assert erased(operator, borough).status_code == 409
    assert is_there(gateway, borough)


def test_a_borough_that_worked_since_its_export_has_to_be_exported_again(gateway: Gateway, operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    operator.post(path(borough, "resume"), {"reason": "It stays"})
    suspended(operator, borough)
    refused = erased(operator, borough)
    assert refused.status_code == 409
    assert "export it again" in refused.json["detail"]
    exported(operator, borough)
    assert erased(operator, borough).status_code == 200
    assert not is_there(gateway, borough)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slug": "southwark"}, "slug"),
        ({"slug_again": "southwark"}, "slug_again"),
        ({"manifest_checksum": "cd" * 32}, "manifest_checksum"),
        ({"manifest_checksum": "short"}, "manifest_checksum"),
        ({"by": ""}, "by"),
    ],
)
def test_what_is_typed_wrong_erases_nothing(
    gateway: Gateway, operator: Someone, borough: Borough, changed: dict[str, str], field: str
) -> None:
    ready(operator, borough)
    refused = erased(operator, borough, **changed)
    assert refused.status_code == 422
    assert field in refused.json["faults"]
    assert is_there(gateway, borough)
    assert operator.get(path(borough, "departure")).json["state"] == "exported"


def test_only_the_newest_archive_counts(operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    exported(operator, borough, manifest_checksum="cd" * 32)
    assert erased(operator, borough).status_code == 422
    assert erased(operator, borough, manifest_checksum="cd" * 32).status_code == 200


def test_erasing_twice_is_erasing_once(operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    assert [erased(operator, borough).status_code for _ in range(3)] == [200, 200, 200]


def test_a_borough_that_is_being_erased_is_not_exported_again(operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    erased(operator, borough)
    assert exported(operator, borough).status_code == 404


@pytest.mark.parametrize("before", [lambda *_: None, suspended, ready])
def test_nothing_is_certified_before_it_was_asked_for(
    operator: Someone, borough: Borough, before: Callable[[Someone, Borough], None]
) -> None:
    before(operator, borough)
    assert certified(operator, borough).status_code == 404
    assert operator.get(path(borough, "certificate")).status_code == 404


def test_nothing_is_certified_while_a_row_is_left(operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    erased(operator, borough)
    refused = certified(operator, borough, left={**NOTHING, "outreach": {"families": 0, "audit": 3}})
    assert refused.status_code == 409
    assert "outreach audit (3)" in refused.json["detail"]
    assert operator.get(path(borough, "certificate")).status_code == 404


def test_nothing_is_certified_when_a_service_was_not_counted(operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    erased(operator, borough)
    refused = certified(operator, borough, left={name: rows for name, rows in NOTHING.items() if name != "sessions"})
    assert refused.status_code == 409
    assert "sessions" in refused.json["detail"]


def test_a_certificate_is_never_written_anew(operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    erased(operator, borough)
    first = certified(operator, borough).json
    again = certified(operator, borough, left={"referrals": {"families": 9}}).json
    assert again == first


def test_people_of_the_borough_are_forgotten_with_all_that_is_theirs(gateway: Gateway, operator: Someone, borough: Borough) -> None:
    boss = borough.administrator()
    ready(operator, borough)
    erased(operator, borough)
    assert boss.get(f"{borough.base}/me").status_code == 401
    with gateway.database.platform_session() as session:
        left = session.execute(
            text("SELECT count(*) FROM identity.people WHERE email = :email"), {"email": borough.answer["invitation"]["email"]}
        )
        assert left.scalar_one() == 0
        assert session.execute(text("SELECT count(*) FROM mails WHERE borough_id = :id"), {"id": borough.id}).scalar_one() == 0


def test_every_table_of_people_is_forgotten_by_the_person(gateway: Gateway) -> None:
    """Whatever names a person in the platform's own tables has a column of that name, so that erasing finds it."""
    with gateway.database.platform_session() as session:
        tables = session.execute(
            text(
                "SELECT c.relname, bool_or(a.attname = 'person_id') FROM pg_class c "
                "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
                "WHERE c.relnamespace = 'identity'::regnamespace AND c.relkind = 'r' GROUP BY 1"
            )
        ).all()
    of_nobody = {name for name, has in tables if not has}
    assert of_nobody <= {"people", "attempts", "departures", "onboardings", "operator_sessions", "spent", "challenges"}


def test_departures_are_listed_for_operators(operator: Someone, borough: Borough) -> None:
    ready(operator, borough)
    listed = operator.get(f"{BASE}/departures", limit=100).json["items"]
    assert [(one["slug"], one["state"], one["certified"]) for one in listed if one["slug"] == borough.slug] == [
        (borough.slug, "exported", False)
    ]


@pytest.mark.parametrize("what", ["export", "erasure", "certificate"])
def test_only_operators_do_this(gateway: Gateway, borough: Borough, what: str) -> None:
    boss = borough.administrator()
    for somebody in (gateway.anyone, boss):
        assert somebody.post(path(borough, what), {}).status_code == 401
        assert somebody.get(f"{BASE}/departures").status_code == 401


@pytest.mark.parametrize("what", ["export", "erasure", "certificate"])
def test_a_change_needs_a_key(operator: Someone, borough: Borough, what: str) -> None:
    assert operator.post(path(borough, what), {}, key="").status_code == 400


def test_an_unknown_borough_is_not_found(operator: Someone, borough: Borough) -> None:
    nowhere = Borough(borough.gateway, "01a20857-24ec-7792-916f-1bba70b5564c", "nowhere", {})
    assert exported(operator, nowhere).status_code == 404
    assert erased(operator, nowhere).status_code == 404
    assert operator.get(path(nowhere, "departure")).status_code == 404


def test_a_signature_for_something_else_is_no_signature_under_a_certificate() -> None:
    certificate = {"borough": {"name": "Southwark"}}
    good = sign(certificate, SECRETS["GATEWAY_SIGNING_KEY"])
    assert is_genuine(certificate, good, SECRETS["GATEWAY_PUBLIC_KEY"])
    assert not is_genuine({"borough": {"name": "Lambeth"}}, good, SECRETS["GATEWAY_PUBLIC_KEY"])
    assert not is_genuine(certificate, good, SECRETS["REFERRALS_PUBLIC_KEY"])
    assert not is_genuine(certificate, "AAAA", SECRETS["GATEWAY_PUBLIC_KEY"])
    assert signed_bytes(certificate).startswith(b"stayplay certificate of erasure\n")


def test_the_order_of_names_in_a_certificate_does_not_matter() -> None:
    assert signed_bytes({"a": 1, "b": {"c": 2, "d": "é"}}) == signed_bytes({"b": {"d": "é", "c": 2}, "a": 1})
