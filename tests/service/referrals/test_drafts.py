"""A referral is written step by step, put aside, taken up again, and sent once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from chassis import clock
from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, NotOpen, Stale, TooManyAttempts
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models import Draft
from services.referrals.models.draft import CODES_AN_HOUR, CODE_TRIES
from tests import factories
from tests.support.desk import Desk
from tests.support.drafts import EMAIL, answers, code_mailed, new_secret, proven, stranger, written


@pytest.fixture
def somebody(southwark: UUID) -> Caller:
    return stranger(southwark)


def mailed(desk: Desk, borough_id: UUID, kind: str) -> list[dict[str, object]]:
    told = desk.told("referrals", borough_id)
    return [event["data"] for event in told if event["type"] == "referrals.message.wanted" and event["data"]["kind"] == kind]


def test_somebody_without_an_account_writes_a_referral_and_gets_a_reference(
    referrals: Desk, somebody: Caller, clinician: Caller, southwark: UUID
) -> None:
    secret = new_secret()
    draft = proven(referrals, somebody, secret)
    assert draft["proven"]
    draft = written(referrals, somebody, draft, secret)
    sent = referrals.ask(contract.SEND_DRAFT, somebody, draft_id=draft["id"], secret=secret)
    assert contract.tidy_reference(sent["reference"]) == sent["reference"]
    read = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=sent["referral_id"])
    assert read["reference"] == sent["reference"]
    assert read["referrer"]["email"] == EMAIL, "the address that was proved, though nobody typed it into the referral"
    assert read["agreement"]["agrees"] == "yes"
    assert read["agreement"]["share_with"] == [{"with_whom": "1st Place nursery", "what": "That they come to the group"}]
    assert read["family"]["parents"][0]["access_needs"] == "A ground floor room."
    assert (read["care_team"], read["other_services"]) == (None, "The health visitor comes every second week.")
    assert read["intake"] == {"came_by": None, "taken_by": None, "received_on": None}


def test_the_copy_for_the_referrer_names_nobody(referrals: Desk, somebody: Caller, southwark: UUID) -> None:
    secret = new_secret()
    parents = [factories.parent_details(given_name="Sinéad", family_name="Doyle")]
    draft = written(referrals, somebody, proven(referrals, somebody, secret), secret, parents=parents)
    sent = referrals.ask(contract.SEND_DRAFT, somebody, draft_id=draft["id"], secret=secret)
    (copy,) = mailed(referrals, southwark, "referrer_copy")
    assert (copy["to"], copy["reference"]) == (EMAIL, sent["reference"])
    assert str(copy["words"]).count("S. D.") == 1
    assert "Sinéad" not in str(copy)
    assert "Doyle" not in str(copy)
