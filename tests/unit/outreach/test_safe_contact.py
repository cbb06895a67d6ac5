"""Safe contact comes first: no message or call by a channel that the family did not say is safe."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from services.outreach import contract
from services.outreach.contract import CHANNELS, UnsafeChannel
from services.outreach.models import Contact
from tests.support.reaching import a_family, at, by, contact_values

SOME = st.sets(st.sampled_from(sorted(CHANNELS)), min_size=1)


@given(SOME, st.sampled_from(sorted(CHANNELS)))
def test_we_reach_out_by_safe_channels_and_no_other(safe: set[str], channel: str) -> None:
    family = a_family(*safe)
    if channel in safe:
        assert Contact.made(family, contact_values(channel), None, by())[0].channel == channel
    else:
        with pytest.raises(UnsafeChannel):
            Contact.made(family, contact_values(channel), None, by())


def test_an_unsafe_channel_is_refused_with_what_is_safe_instead() -> None:
    with pytest.raises(UnsafeChannel) as fault:
        Contact.made(a_family("text"), contact_values("letter"), None, by())
    assert fault.value.facts["channel"] == "letter"
    assert fault.value.facts["safe"] == ["text"]
    assert (fault.value.facts["times"], fault.value.facts["avoid"]) == ("Weekdays 9:30 to 14:30", "Never leave a voicemail")


@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_a_family_may_reach_us_any_way_it_likes(channel: str) -> None:
    contact, _ = Contact.made(a_family("text"), contact_values(channel, direction="in"), None, by())
    assert contact.reached


def test_only_details_of_safe_channels_are_shown() -> None:
    (by_text,) = a_family("text").reachable()
    (by_mail,) = a_family("email").reachable()
    assert by_text["phone"]
    assert by_text["email"] is None
    assert by_mail["email"]
    assert by_mail["phone"] is None


@pytest.mark.parametrize(("channel", "shown"), [("letter", True), ("visit", True), ("text", False), ("phone", False)])
def test_the_address_is_shown_only_where_somebody_may_go_or_write_there(channel: str, *, shown: bool) -> None:
    assert (a_family(channel).reachable_address() is not None) == shown


@pytest.mark.parametrize(
    ("channel", "unsafe", "shown"),
    [
        ("letter", "safe_for_letters", False),
        ("letter", "safe_for_visits", True),
        ("visit", "safe_for_visits", False),
        ("visit", "safe_for_letters", True),
    ],
)
def test_an_address_is_shown_only_for_what_is_safe_there(channel: str, unsafe: str, *, shown: bool) -> None:
    home = {"line": "2 Long Lane", "postcode": "SE1 4PT", "safe_for_letters": True, "safe_for_visits": True, unsafe: False}
    assert (a_family(channel, address=home).reachable_address() is not None) == shown


def test_nobody_comes_to_an_address_that_is_not_safe_to_visit() -> None:
    home = {"line": "2 Long Lane", "postcode": "SE1 4PT", "safe_for_letters": True, "safe_for_visits": False}
    assert a_family("visit", "letter", address=home).home_to_come_to() is None


def test_whoever_calls_on_a_family_knows_what_to_know_before() -> None:
    barred = {"name": "Dean Marsh", "relation": None, "may_not": ["be_told"]}
    family = a_family("text", not_allowed=[barred], risks_to_visitors="A large dog")
    assert (family.not_allowed, family.risks_to_visitors, family.access_needs, family.expected_on) == ([barred], "A large dog", [], [])


def test_a_family_without_an_address_has_none_to_show() -> None:
    assert a_family("visit", address=None).reachable_address() is None


def test_a_contact_tells_what_came_of_it_but_not_what_was_said() -> None:
    contact, event = Contact.made(a_family(), contact_values(note="Feels better this week"), None, by())
    assert event.type is contract.CONTACT_MADE
    assert "note" not in event.data
    assert contact.facts == {"channel": "text", "direction": "out", "outcome": "reached", "by_name": "Jo Marsh"}


def test_a_contact_is_dated_now_unless_it_is_written_down_later() -> None:
    assert Contact.made(a_family(), contact_values(), None, by())[0].made_at == at()
    assert Contact.made(a_family(), contact_values(made_at=at(9)), None, by())[0].made_at == at(9)


def test_a_contact_is_about_a_case_or_a_family() -> None:
    faults = contract.LOG_CONTACT.request().validate({"channel": "text", "outcome": "reached"})
    assert faults == {"case_id": ["Say which case or which family this is about."]}


def test_a_contact_has_happened() -> None:
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    whole = {"channel": "text", "outcome": "reached", "case_id": "00000000-0000-4000-8000-000000000001", "made_at": tomorrow}
    assert set(contract.LOG_CONTACT.request().validate(whole)) == {"made_at"}


@pytest.mark.parametrize(("field", "wrong"), [("channel", "pigeon"), ("outcome", "fine"), ("direction", "up"), ("note", "x" * 2001)])
def test_bad_input_is_named_by_its_field(field: str, wrong: str) -> None:
    whole = {"channel": "text", "outcome": "reached", "case_id": "00000000-0000-4000-8000-000000000001", field: wrong}
    assert set(contract.LOG_CONTACT.request().validate(whole)) == {field}
