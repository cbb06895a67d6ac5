"""A story is narrowed to some kinds of things, or to a while, by its address alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from chassis import clock
from chassis.ids import new_id
from gateway.family_story import WAY
from gateway.pages.family import views as families
from gateway.pages.family.filter import KINDS, PERIODS, Wanted
from gateway.pages.family.story import TELLERS
from tests.support.families import a_family
from tests.support.pages import NOW, Looking, seen

TODAY = NOW.date()
SOME = st.lists(st.sampled_from([*KINDS, "nonsense", "", "%"]), max_size=4)


def entry(kind: str, days_ago: int = 0) -> dict[str, Any]:
    return {"id": new_id(), "kind": kind, "occurred_at": clock.now() - timedelta(days=days_ago), "facts": {}}


def kinds_of(kind: str) -> list[str]:
    return [code for code, (_, starts) in KINDS.items() if kind.startswith(starts)]


@pytest.mark.parametrize("kind", sorted({*TELLERS, *WAY}))
def test_everything_that_happens_is_of_one_kind(kind: str) -> None:
    assert len(kinds_of(kind)) == 1


def test_nothing_chosen_is_everything() -> None:
    entries = [entry("referral.received", 400), entry("contact.made")]
    assert Wanted.of(MultiDict()).fitting(entries, TODAY) == entries
    assert not Wanted.of(MultiDict()).narrowed


@pytest.mark.parametrize(("period", "shown"), [("", 4), ("month", 1), ("quarter", 2), ("year", 3)])
def test_a_while_leaves_out_what_was_before(period: str, shown: int) -> None:
    entries = [entry("contact.made", days) for days in (5, 60, 200, 500)]
    assert len(Wanted.of(MultiDict({"period": period})).fitting(entries, TODAY)) == shown


def test_the_first_day_of_a_while_belongs_to_it() -> None:
    since = Wanted(period="month").since(TODAY)
    assert since is not None
    at = datetime.combine(since, datetime.min.time(), clock.LONDON)
    assert len(Wanted(period="month").fitting([{**entry("contact.made"), "occurred_at": at}], TODAY)) == 1
    assert Wanted(period="month").fitting([{**entry("contact.made"), "occurred_at": at - timedelta(minutes=1)}], TODAY) == []


@given(SOME, st.sampled_from([*PERIODS, "century", ""]))
def test_any_address_asks_for_something_that_can_be_shown(kinds: list[str], period: str) -> None:
    wanted = Wanted.of(MultiDict([*(("kind", kind) for kind in kinds), ("period", period)]))
    assert set(wanted.kinds) <= set(KINDS)
    assert wanted.words
    entries = [entry(kind) for kind in TELLERS]
    shown = {str(one["kind"]) for one in wanted.fitting(entries, TODAY)}
    assert shown == {kind for kind in TELLERS if not wanted.kinds or set(kinds_of(kind)) & set(wanted.kinds)}


def replies() -> list[Any]:
    referred = {**entry("referral.received", 40), "facts": {"source": "A2", "service": "HV", "referral_id": "one"}}
    contact = {**entry("contact.made", 2), "facts": {"channel": "text", "outcome": "reached", "by_name": "Jo Marsh"}}
    attendance: dict[str, Any] = {
        "entries": [],
        "days": [],
        "place": None,
        "attended": 0,
        "of": 0,
        "next_session": None,
        "engagement": "trying",
    }
    return [{"entries": [referred]}, {"entries": []}, attendance, {"entries": [contact], "open_cases": []}]


def test_a_narrowed_story_says_what_it_shows_and_how_to_see_all_of_it(looking: Looking) -> None:
    family = a_family()
    with looking("practitioner", path=f"/southwark/families/{family['id']}?kind=outreach&period=month"):
        page = seen(families.whole(family, replies(), wanted=Wanted(("outreach",), "month")))
    assert "Referred by" not in page.one(".story").text
    assert "Text message" in page.one(".story").text
    assert [one["value"] for one in page.all("[name=kind][checked]")] == ["outreach"]
    assert page.one("#period option[selected]")["value"] == "month"
    assert "Outreach and contacts: the last four weeks" in page.text
    assert "Show all of it" in page.text


def test_a_story_that_is_narrowed_to_nothing_says_so(looking: Looking) -> None:
    family = a_family()
    with looking("practitioner", path=f"/southwark/families/{family['id']}?kind=sharing"):
        page = seen(families.whole(family, replies(), wanted=Wanted(("sharing",))))
    assert "Nothing of this kind happened in this time." in page.text
    assert page.all(".story") == []


def test_the_weeks_and_what_is_due_are_those_of_the_whole_story(looking: Looking) -> None:
    family = a_family()
    with looking("practitioner", path=f"/southwark/families/{family['id']}?kind=outreach"):
        page = seen(families.whole(family, replies(), wanted=Wanted(("outreach",))))
    assert len(page.all(".weeks .week")) >= 5
    assert "Waits for triage" in page.text
