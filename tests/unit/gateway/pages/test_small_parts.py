from datetime import UTC, datetime
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from gateway.access.visitor import Borough
from gateway.contract.colours import DEFAULT_ACCENT, contrast_with_white
from gateway.pages.accent import accent_of
from gateway.pages.answers import sections
from gateway.pages.assessments.signatures import corners
from gateway.pages.conflict import differences
from gateway.pages.contact import contact_words
from gateway.pages.done import DONE
from gateway.pages.forms import Form
from gateway.pages.groups.places import MOVES as PLACE_MOVES
from gateway.pages.groups.places import moves_from as place_moves
from gateway.pages.referrals.moves import MOVES, moves_from
from gateway.pages.registers.marks import given_marks, typed_in
from gateway.pages.tones import tone_of
from services.referrals.contract import CHANNELS, ReferRequest

WORDS = {"phone": "Phone", "text": "Text message", "visit": "Visit"}


def borough(accent: str = DEFAULT_ACCENT) -> Borough:
    return Borough(uuid4(), "southwark", "Southwark", "Southwark Stay & Play", practice=True, policy={}, version=1, accent=accent)


@pytest.mark.parametrize(
    ("safe", "said"),
    [
        (
            {"channels": ["text"], "times": "Weekdays 9:30 to 14:30", "avoid": "never leave a voicemail. Do not write to the home address"},
            "Text message only, weekdays 9:30 to 14:30. Never leave a voicemail. Do not write to the home address.",
        ),
        ({"channels": ["phone", "visit"], "times": None, "avoid": ""}, "Phone and visit."),
        ({"channels": [], "times": "any time", "avoid": None}, "No safe way is known. Ask the referrer before you do anything."),
        (None, "No safe way is known. Ask the referrer before you do anything."),
    ],
)
def test_safe_contact_is_said_in_a_sentence(safe: dict[str, object] | None, said: str) -> None:
    assert contact_words(safe, WORDS) == said


def test_every_channel_of_the_contract_has_words() -> None:
    assert (
        contact_words({"channels": list(CHANNELS)}, CHANNELS)
        == "Phone call, text message, email, letter, a visit to the home and through somebody they trust."
    )


def test_the_accent_is_the_boroughs_where_white_words_can_be_read_on_it() -> None:
    assert accent_of(borough(accent="#7A1F5C")) == "#7a1f5c"
    assert accent_of(borough(accent="#ffcc00")) == DEFAULT_ACCENT
    assert accent_of(borough(accent="red; } body {")) == DEFAULT_ACCENT
    assert accent_of(borough()) == DEFAULT_ACCENT
    assert accent_of(None) == DEFAULT_ACCENT


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white(DEFAULT_ACCENT) > 7


def test_only_the_moves_that_a_referral_allows_are_offered() -> None:
    assert [move.name for move in moves_from({"may_move_to": ["declined", "accepted"]})] == ["accept", "decline"]
    assert moves_from({"may_move_to": []}) == []


@pytest.mark.parametrize(
    ("status", "moves"),
    [
        ("waiting", ["offer", "end"]),
        ("offered", ["start", "end"]),
        ("active", ["pause", "end"]),
        ("paused", ["resume", "end"]),
        ("ended", ["add"]),
    ],
)
def test_only_what_can_be_done_with_a_place_is_offered(status: str, moves: list[str]) -> None:
    assert [move.name for move in place_moves({"status": status})] == moves


def test_every_decision_says_afterwards_what_was_done() -> None:
    assert {f"referral_{name}" for name in MOVES} <= set(DONE)
    assert {f"place_{name}" for name in PLACE_MOVES} <= set(DONE)


def test_marks_are_read_with_what_the_form_showed() -> None:
    posted = MultiDict(
        [("mark-f1", "here"), ("was-f1", "told_us"), ("people-f1", "p2"), ("people-f1", "p1"), ("mark-f2", "told_us"), ("people-f2", "p3")]
    )
    assert given_marks(posted) == [
        {"family_id": "f1", "mark": "here", "people": ["p1", "p2"], "was": "told_us"},
        {"family_id": "f2", "mark": "told_us", "people": None, "was": None},
    ]
    assert typed_in(posted)["f1"].people == {"p1", "p2"}


def test_here_without_anybody_means_everybody() -> None:
    assert given_marks(MultiDict([("mark-f1", "here")]))[0]["people"] is None


def assessment(**changes: object) -> dict[str, object]:
    base = {"version": 3, "signatures": [], "disagreements": [], "visits": [], "may_sign": True}
    return {**base, **changes}


def signature(kind: str, version: int, **changes: object) -> dict[str, object]:
    name = {"camhs": "CAMHS", "adult_mental_health": "Adult team"}[kind]
    at = datetime(2026, 11, 24, 9, 14, tzinfo=UTC)
    return {
        "agency_kind": kind,
        "agency_name": name,
        "version": version,
        "person_id": uuid4(),
        "person_name": "Somebody",
        "signed_at": at,
        "withdrawn_at": None,
        **changes,
    }


def test_each_agency_has_its_corner_and_only_ones_own_can_be_signed() -> None:
    camhs, adult = corners(
        assessment(signatures=[signature("camhs", 3), signature("adult_mental_health", 2)]), "adult_mental_health", uuid4()
    )
    assert (camhs.state, camhs.mine) == ("signed", False)
    assert (adult.state, adult.mine) == ("waiting", True)
    assert adult.earlier is not None
    assert camhs.at == datetime(2026, 11, 24, 9, 14, tzinfo=UTC)
    assert adult.at is None


def test_a_signature_that_was_taken_back_does_not_count() -> None:
    camhs, _ = corners(assessment(signatures=[signature("camhs", 3, withdrawn_at=datetime.now(UTC))]), "camhs", uuid4())
    assert camhs.state == "waiting"


def test_a_disagreement_with_this_version_shows_in_its_corner() -> None:
    said = {"version": 3, "agency_name": "CAMHS", "person_name": "Ruth Osei", "reason": "Not yet.", "at": datetime.now(UTC)}
    camhs, adult = corners(assessment(disagreements=[said]), "camhs", uuid4())
    assert (camhs.state, adult.state) == ("disagrees", "waiting")
    later, _ = corners(assessment(version=4, disagreements=[said]), "camhs", uuid4())
    assert later.state == "waiting"


def test_nobody_signs_who_may_not() -> None:
    assert not any(corner.mine for corner in corners(assessment(may_sign=False), "camhs", uuid4()))


def test_two_versions_differ_where_the_answers_do() -> None:
    form = Form(ReferRequest, order=("parents",))
    mine = form.blank(language="Ukrainian", interpreter=True, parents=[{"given_name": "Anna", "phone": "07700 900123"}])
    theirs = form.blank(language="Polish", interpreter=True, parents=[{"given_name": "Anna", "phone": None}])
    assert [(one.label, one.yours, one.theirs) for one in differences(mine, theirs)] == [
        ("Parents and carers 1, phone", "07700 900123", ""),
        ("Language they speak at home", "Ukrainian", "Polish"),
    ]


def test_answers_are_checked_in_words() -> None:
    filled = Form(ReferRequest).blank(
        interpreter=False,
        secondary_care="not_known",
        safe_contact={"channels": ["text", "visit"]},
        children=[{"given_name": "A"}, {"given_name": "B"}],
    )
    found = {title: dict(lines) for title, _, lines in sections(filled)}
    assert found["The referral"]["Is an interpreter needed?"] == "No"
    assert found["The referral"]["Is the parent under a Community Mental Health Team?"] == "Not known"
    assert found["Before you make contact"]["Safe ways to reach the family"] == "Text message and a visit to the home"
    assert found["Child 2"]["First name"] == "B"
    assert found["Child 1"]["Date of birth"] == "Not given"


def test_a_tone_never_stands_for_an_unknown_word() -> None:
    assert tone_of("here") == "good"
    assert tone_of("did_not_come") == "urgent"
    assert tone_of("something else") == ""
