"""What the demonstration shows of records: a family that was erased, and two that were taken for one in error."""

from datetime import date

import pytest

from stayplay.demo import people
from stayplay.demo.duplicates import parted
from stayplay.demo.records import erased
from stayplay.journey import Borough
from tests.support.looking import Looked
from tests.support.planted import Planted


@pytest.fixture(scope="module")
def borough(story: Looked) -> Borough:
    made = Planted(story.whole, "zqdemo")
    made.set_up()
    return made.borough


def test_of_a_family_that_was_erased_the_certificate_is_left_and_no_name(story: Looked, borough: Borough) -> None:
    erased(borough)
    (certificate,) = borough["records"].get(f"{borough.base}/records/erasures")["items"]
    assert (certificate["state"], certificate["because"]) == ("done", "asked")
    assert {one["state"] for one in certificate["services"]} == {"done"}
    story.until_nothing_is_left("lindqvist")


def test_two_families_that_were_made_one_are_two_again_and_the_record_says_so(borough: Borough) -> None:
    household, camhs, today = people.household(12, date.today()), borough["camhs"], date.today()
    referred = borough["referrer"].post(f"{borough.base}/referrals", people.referral(household, today, urgent=False))
    accepted = camhs.post(f"{borough.base}/referrals/{referred['id']}/accept", {"version": referred["version"], "reason": "Fits."})
    parted(borough, (household, accepted["family_id"]), today)
    (merge,) = camhs.get(f"{borough.base}/families/{accepted['family_id']}/merges")["merges"]
    assert merge["undone_at"]
    listed = camhs.get(f"{borough.base}/referrals")["items"]
    assert len({one["family_id"] for one in listed if household.surname in one["family_name"]}) == 2
