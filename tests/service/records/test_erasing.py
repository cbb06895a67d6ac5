"""A family is erased: no word of it is left in any table of any database, whatever happens meanwhile."""

import json

import pytest

from stayplay.client import Refused
from stayplay.journey import until
from tests.support.looking import Looked
from tests.support.planted import Planted


@pytest.fixture(scope="module")
def family(story: Looked) -> Planted:
    return story.family("zqvonder")


@pytest.fixture(scope="module")
def planted_in(story: Looked, family: Planted) -> list[str]:
    return story.places_of(family.mark)


@pytest.fixture(scope="module")
def stopped(story: Looked, family: Planted, planted_in: list[str]) -> dict[str, object]:
    """Outreach is away when somebody decides to erase; before it is back, a hold is put on the record."""
    story.stop("outreach")
    decided = family.erase()
    until("the others are ready", lambda: states(family.erasure(decided["id"])).count("ready") == 4 or None)
    family.hold()
    story.start("outreach")
    return family.until_erased(decided["id"], "stopped")


@pytest.fixture(scope="module")
def erased(story: Looked, family: Planted, stopped: dict[str, object]) -> dict[str, object]:
    """The hold is lifted, and it is decided again."""
    family.lift_holds()
    decided = family.erase()
    done = family.until_erased(decided["id"])
    story.until_nothing_is_left(family.mark)
    return done


def states(erasure: dict[str, object]) -> list[str]:
    return [one["state"] for one in erasure["services"]]  # type: ignore[attr-defined]  # JSON


def test_words_are_planted_in_every_service_and_in_passing_tables(planted_in: list[str]) -> None:
    assert {place.split(".")[0] for place in planted_in} >= {"referrals", "assessments", "sessions", "outreach"}
    tables = {place.split(".")[1] for place in planted_in}
    assert tables >= {"outbox", "answers", "audit", "pack_items", "person_keys", "name_words"}
    assert tables >= {"family_merges", "import_rows", "drafts", "questions", "mails"}


def test_what_waits_for_other_systems_has_the_reference_of_a_referral(story: Looked, family: Planted, planted_in: list[str]) -> None:
    tables = {place.split(".")[1] for reference in family.seen["references"] for place in story.places_of(reference)}
    assert tables >= {"referrals", "drafts", "mails", "webhook_deliveries"}
    assert len(set(family.seen["references"])) == 4


def test_a_hold_stops_everywhere_what_was_under_way(
    story: Looked, family: Planted, planted_in: list[str], stopped: dict[str, object]
) -> None:
    assert "done" not in states(stopped)
    assert {place.split(" ")[0] for place in planted_in} <= {place.split(" ")[0] for place in story.places_of(family.mark)}


def test_what_is_held_cannot_even_be_asked_for(family: Planted, stopped: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        family.erase()
    assert (refusal.value.status, refusal.value.problem["code"]) == (409, "held")


def test_every_part_says_that_it_has_erased_and_how_much(story: Looked, erased: dict[str, object]) -> None:
    assert states(erased) == ["done"] * len(story.whole.containers)
    counts = {one["service"]: one["counts"] for one in erased["services"]}  # type: ignore[attr-defined]  # JSON
    assert counts["outreach"]["contacts"] >= 1
    assert counts["referrals"]["audit"] >= 1


def test_no_reference_of_any_of_its_referrals_is_left(story: Looked, family: Planted, erased: dict[str, object]) -> None:
    for reference in family.seen["references"]:
        story.until_nothing_is_left(reference)


def test_the_erasure_of_the_family_told_twice_does_nothing_more(story: Looked, family: Planted, erased: dict[str, object]) -> None:
    story.tell_again("referrals", "referrals.family.erased")
    story.tell_as_another("referrals", "referrals.family.erased")
    assert family.erasure(str(erased["id"])) == erased
    assert story.places_of(family.mark) == []


def test_an_event_that_comes_late_brings_nothing_back(story: Looked, family: Planted, erased: dict[str, object]) -> None:
    late = {"parents": [{"given_name": family.word("late")}], "family_id": family.seen["family_id"], "name": family.word("late")}
    heard = {"family.changed": ("assessments", "sessions", "outreach"), "referral.accepted": ("assessments", "outreach")}
    for kind, services in heard.items():
        story.tell_late("referrals", family.borough.id, f"referrals.{kind}", family.seen["family_id"], late, *services)
    assert story.places_of(family.mark) == []


def test_the_erasure_told_again_does_nothing_more(story: Looked, family: Planted, erased: dict[str, object]) -> None:
    story.tell_again("referrals", "referrals.erasure.finished")
    assert family.erasure(str(erased["id"])) == erased


def test_the_same_request_again_is_told_that_it_was_erased(family: Planted, erased: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        family.borough["records"].post(**family.seen["hold_again"])
    assert refusal.value.status == 404
    assert "erased" in refusal.value.problem["detail"]


def test_nobody_can_go_on_with_a_family_that_was_erased(family: Planted, erased: dict[str, object]) -> None:
    base, family_id = family.borough.base, family.seen["family_id"]
    for path in (f"{base}/families/{family_id}", f"{base}/families/{family_id}/audit"):
        if path.endswith("audit"):
            assert all(entry["reason"] is None for entry in family.borough["camhs"].get(path)["items"])
        else:
            with pytest.raises(Refused) as refusal:
                family.borough["camhs"].get(path)
            assert refusal.value.status == 404


def test_closed_registers_keep_their_numbers_and_forget_who_it_was(family: Planted, erased: dict[str, object]) -> None:
    session = family._session(1)
    register = family.borough["facilitator"].get(f"{family.borough.base}/sessions/{session['id']}/register")
    assert [(line["family_name"], line["mark"]) for line in register["lines"]] == [("Erased family", "here")]


def test_the_trail_is_still_proved_whole(story: Looked, family: Planted, erased: dict[str, object]) -> None:
    for service in story.databases:
        assert story.faults_of_trail(service, family.borough.id) == []
    assert family.borough["administrator"].get(f"{family.borough.base}/audit", limit=500)["items"]


def test_a_new_table_that_keeps_a_word_is_found(story: Looked, erased: dict[str, object]) -> None:
    with story.table("sessions", "kept_by_somebody", "words text, said jsonb, raw bytea, many text[]") as put:
        for column, value in (("words", "a ZQLATE word"), ("said", json.dumps({"a": "zqlate"})), ("raw", b"zqlate"), ("many", ["zqlate"])):
            put(column, value)
        found = story.places_of("zqlate")
    assert found == [f"sessions.kept_by_somebody.{column} (1)" for column in ("words", "said", "raw", "many")]
