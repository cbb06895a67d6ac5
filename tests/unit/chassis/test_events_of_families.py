"""Every event says which family it is about, so that it goes when they are erased: sent or not, of whatever kind."""

from importlib import import_module

import pytest

from chassis import tenancy
from chassis.contract import EventType
from chassis.keeping import ERASURE_REPORTED, FAMILY_ERASED
from services.referrals import contract as referrals
from tests.support.contracts import leaves

SERVICES = ("referrals", "assessments", "sessions", "outreach")
TIED_OTHERWISE = {
    "referrals.referral.told": "its subject is a referral, which erasure knows",
    "referrals.referral.silenced": "its subject is a referral, which erasure knows",
    "referrals.import.stepped": "it holds the id of a file",
    "outreach.run.arranged": "each stop names its family",
    "outreach.run.completed": "each stop names its family",
    "sessions.session.closed": "it holds numbers alone",
    "gateway.borough.onboarded": "it is about a borough",
    "gateway.borough.changed": "it is about a borough",
    "gateway.borough.suspended": "it is about a borough",
    "gateway.borough.erased": "it is about a borough",
}
"""Events without a family, and why erasure needs none: none may hold a word that somebody wrote about a family."""
EVENTS: list[EventType] = sorted(
    {*tenancy.EVENTS, *ERASURE_REPORTED.values(), *(one for name in SERVICES for one in import_module(f"services.{name}.contract").EVENTS)},
    key=lambda one: one.name,
)


def names_its_family(event_type: EventType) -> bool:
    return "family_id" in event_type.schema().fields


def test_there_are_events_of_every_service() -> None:
    assert {one.service for one in EVENTS} == {*SERVICES, "gateway"}
    assert FAMILY_ERASED in EVENTS
    assert set(TIED_OTHERWISE) <= {one.name for one in EVENTS}


@pytest.mark.parametrize("event_type", EVENTS, ids=lambda one: one.name)
def test_an_event_names_its_family_or_it_is_written_down_why_it_need_not(event_type: EventType) -> None:
    assert names_its_family(event_type) is not (event_type.name in TIED_OTHERWISE)


@pytest.mark.parametrize("event_type", [one for one in EVENTS if not names_its_family(one)], ids=lambda one: one.name)
def test_an_event_that_names_no_family_holds_nothing_that_is_personal(event_type: EventType) -> None:
    told = {name for name, field in leaves(event_type.schema) if field.metadata.get("sensitivity") in {"personal", "clinical", "safety"}}
    assert told == set()


def test_a_message_that_is_to_be_mailed_names_the_family_it_is_about() -> None:
    assert names_its_family(referrals.MESSAGE_WANTED)
