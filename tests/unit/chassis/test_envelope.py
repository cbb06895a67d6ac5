"""The envelope of an event: CloudEvents 1.0, signed by its producer."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from chassis.contract import EventType
from chassis.events.envelope import Envelope, opened
from chassis.events.faults import EventFault, Malformed, Unverified
from chassis.schemas import Contract, identifier, moment, text
from chassis.signing import Signer, Verifier, new_pair

PAIR, OTHER = new_pair(), new_pair()
SIGNER = Signer(PAIR.private)
VERIFIERS = {"referrals": Verifier(PAIR.public), "outreach": Verifier(OTHER.public)}


class Accepted(Contract):
    family_id = identifier("Family")
    words = text("Words")
    at = moment("At")


ACCEPTED = EventType("referrals.referral.accepted", Accepted)


def envelope(**changed: Any) -> Envelope:
    data = {"family_id": str(uuid4()), "words": "Hello", "at": "2026-03-02T10:00:00+00:00"}
    plain = Envelope(uuid4(), ACCEPTED.name, uuid4(), 3, uuid4(), datetime(2026, 3, 2, 10, 0, tzinfo=UTC), "correlation-1", data)
    return replace(plain, **changed)


def test_it_has_the_attributes_of_cloudevents_and_our_extensions() -> None:
    event = envelope()
    document = json.loads(event.sealed(SIGNER))
    assert document.pop("signature")
    assert document == {
        "specversion": "1.0",
        "id": str(event.id),
        "source": "/stayplay/referrals",
        "type": "referrals.referral.accepted",
        "subject": str(event.subject),
        "time": "2026-03-02T10:00:00+00:00",
        "datacontenttype": "application/json",
        "borough": str(event.borough_id),
        "sequence": 3,
        "correlation": "correlation-1",
        "data": event.data,
    }


@pytest.mark.parametrize("year", [1999, 2100])
def test_an_event_is_received_whatever_day_the_work_is_dated_at(year: int) -> None:
    with clock.acting_at(datetime(year, 1, 1, tzinfo=UTC)):
        at = envelope().received(ACCEPTED).data["at"]
    assert isinstance(at, datetime)
    assert at.year == 2026


def test_names_of_attributes_are_lower_case_letters_as_cloudevents_asks() -> None:
    assert all(name.isalpha() and name.islower() for name in json.loads(envelope(acting=True).sealed(SIGNER)))


def test_what_was_sealed_can_be_opened() -> None:
    event = envelope(acting=True)
    assert opened(event.sealed(SIGNER), VERIFIERS) == event


def test_time_is_told_in_utc() -> None:
    summer = datetime(2026, 7, 1, 11, 0, tzinfo=timezone(timedelta(hours=1)))
    assert opened(envelope(time=summer).sealed(SIGNER), VERIFIERS).time.isoformat() == "2026-07-01T10:00:00+00:00"


def test_the_handler_gets_its_data_as_the_contract_loads_them() -> None:
    received = envelope().received(ACCEPTED)
    assert isinstance(received.data["family_id"], UUID)
    assert received.data["at"] == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_a_handler_is_told_which_field_does_not_fit_and_not_what_it_says() -> None:
    with pytest.raises(ValueError, match=r"does not fit its contract: \['at'\]") as raised:
        envelope(data={"family_id": str(uuid4()), "words": "Finn", "at": "yesterday"}).received(ACCEPTED)
    assert "yesterday" not in str(raised.value)


def test_an_unknown_field_does_not_fit() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        envelope(data={**envelope().data, "shoe_size": 5}).received(ACCEPTED)


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "referrals.accepted"},
        {"type": "Referrals.Referral.Accepted"},
        {"sequence": -1},
        {"correlation_id": "with blanks"},
        {"correlation_id": ""},
        {"correlation_id": "x" * 65},
    ],
)
def test_an_envelope_that_nobody_would_take_is_not_sealed(changed: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        envelope(**changed).sealed(SIGNER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "1.1"),
        ("specversion", None),
        ("id", "not an id"),
        ("source", "/stayplay/outreach"),
        ("source", "https://example.org"),
        ("subject", 17),
        ("time", "2026-03-02T10:00:00"),
        ("time", "yesterday"),
        ("time", "0001-01-01T00:00:00+14:00"),
        ("time", "9999-12-31T23:59:59-14:00"),
        ("datacontenttype", "text/plain"),
        ("borough", "southwark"),
        ("borough", None),
        ("sequence", "3"),
        ("sequence", 1.5),
        ("sequence", 2**63),
        ("correlation", "a b"),
        ("acting", "yes"),
        ("data", []),
        ("data", "Hello"),
        ("tenant", "southwark"),
    ],
)
def test_an_attribute_that_is_not_as_it_should_be_is_refused(name: str, value: object) -> None:
    document = {**envelope().document(), name: value}
    with pytest.raises(Malformed, match=name if name != "source" else "source"):
        Envelope.from_document(document)


@pytest.mark.parametrize("name", sorted(envelope().document()))
def test_an_attribute_that_is_missing_is_refused(name: str) -> None:
    document = envelope().document()
    del document[name]
    with pytest.raises(Malformed, match=name):
        Envelope.from_document(document)


def test_a_fault_names_attributes_and_not_what_they_say() -> None:
    with pytest.raises(Malformed) as raised:
        Envelope.from_document({**envelope().document(), "sequence": "Finn Doyle", "Finn": 1})
    assert "Doyle" not in str(raised.value)


@pytest.mark.parametrize("name", sorted({*envelope().document()} - {"specversion", "datacontenttype", "source", "type"}))
def test_no_attribute_can_be_changed_after_signing(name: str) -> None:
    document = json.loads(envelope().sealed(SIGNER))
    other = envelope(time=datetime(2026, 3, 3, tzinfo=UTC), sequence=4, correlation_id="another-one").document()
    document[name] = other[name]
    with pytest.raises(Unverified):
        opened(json.dumps(document).encode(), VERIFIERS)


def test_a_service_cannot_tell_for_another() -> None:
    with pytest.raises(Unverified):
        opened(envelope().sealed(Signer(OTHER.private)), VERIFIERS)


def test_what_a_stranger_tells_is_not_believed() -> None:
    event = envelope(type="stranger.referral.accepted")
    with pytest.raises(Unverified):
        opened(event.sealed(SIGNER), VERIFIERS)


def test_a_signature_made_for_something_else_is_no_event_s() -> None:
    document = envelope().document()
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    document["signature"] = SIGNER.sign(canonical)
    with pytest.raises(Unverified):
        opened(json.dumps(document).encode(), VERIFIERS)


def test_the_order_of_attributes_and_blanks_between_them_do_not_matter() -> None:
    document = json.loads(envelope().sealed(SIGNER))
    rewritten = json.dumps(dict(reversed(document.items())), indent=4, ensure_ascii=False).encode()
    assert opened(rewritten, VERIFIERS).data == document["data"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_any_data_come_through_as_they_were(data: dict[str, Any]) -> None:
    assert opened(envelope(data=data).sealed(SIGNER), VERIFIERS).data == data


@pytest.mark.parametrize("depth", [10, 900, 990, 5000, 100_000])
def test_however_deeply_data_are_nested_they_are_opened_or_refused(depth: int) -> None:
    document = json.dumps({**envelope().document(), "signature": "", "data": {}})
    with pytest.raises(EventFault):
        opened(document.replace("{}", '{"words": ' + "[" * depth + "]" * depth + "}").encode(), VERIFIERS)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 5000])
def test_a_number_without_end_is_refused(number: str) -> None:
    document = json.dumps({**envelope().document(), "signature": "", "data": {}})
    with pytest.raises(Malformed):
        opened(document.replace("{}", f'{{"words": {number}}}').encode(), VERIFIERS)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(body: bytes) -> None:
    with pytest.raises(EventFault):
        opened(body, VERIFIERS)


@given(st.dictionaries(st.sampled_from([*envelope().document(), "signature"]), json_values))
def test_no_document_does_more_than_be_refused(document: dict[str, Any]) -> None:
    with pytest.raises(EventFault):
        opened(json.dumps(document).encode(), VERIFIERS)
