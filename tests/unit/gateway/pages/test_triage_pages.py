"""What the pages of triage show: the board, one referral, what can be done with it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from chassis import clock
from gateway.pages.referrals import board, deciding
from gateway.pages.referrals.moves import moves_from
from services.referrals.contract import ANSWERS, CRITERIA, FITS, SELF_REFERRED
from tests.support.pages import NOW, Looking, Seen, seen
from tests.unit.gateway.pages.triaged import board as shown_board
from tests.unit.gateway.pages.triaged import criterion, item, member, question, referral, step


def page_of(looking: Looking, *, role: str = "practitioner", people: list[dict[str, object]] | None = None, **changes: object) -> Seen:
    with looking(role, path=f"/southwark/referrals/{uuid4()}"):
        return seen(deciding.detail(referral(**changes), [], people=people or []))


def test_what_a_referrer_wrote_is_never_markup(looking: Looking) -> None:
    page = page_of(looking)
    assert "<b>Since the summer</b>" in page.text
    assert not page.all("main b")


def test_what_a_visitor_must_know_stands_before_why_they_were_referred(looking: Looking) -> None:
    page = page_of(looking)
    assert "A dog." in page.one(".heed").text
    assert page.text.index("A dog.") < page.text.index("Why they were referred")


def test_who_they_are_and_how_to_reach_them_stand_before_the_decisions(looking: Looking) -> None:
    page = page_of(looking)
    headings = [heading.text for heading in page.all("main h2")]
    assert (
        headings.index("Why they were referred") < headings.index("People") < headings.index("How to reach them") < headings.index("Decide")
    )


@pytest.mark.parametrize(("answer", "by", "words"), [("met", None, "Change the answer"), ("not_known", None, "Answer it")])
def test_a_criterion_says_whether_it_is_still_to_be_answered(looking: Looking, answer: str, by: str | None, words: str) -> None:
    page = page_of(looking, criteria=[criterion("agreement", answer=answer, by_name=by)])
    assert page.one("#judge-agreement summary").text.startswith(words)


def test_each_decision_is_a_form_of_its_own(looking: Looking) -> None:
    other = {"id": uuid4(), "family_name": "Ama Quaye and Kofi", "referred_on": date(2026, 11, 1)}
    with looking("practitioner", path=f"/southwark/referrals/{uuid4()}"):
        page = seen(deciding.detail(referral(), [other], people=[member()]))
    assert [one.text for one in page.all("#decide summary")] == ["Accept for joint assessment", "Decline", "Mark as referred before"]
    assert page.one("#accept").has("open")
    assert page.all("#decline-reason")
    assert {form.one("[name=version]")["value"] for form in page.all("#decide form")} == {"1"}


def test_both_sides_are_asked_for_at_acceptance_and_ones_own_is_chosen(looking: Looking) -> None:
    page = page_of(looking, people=[member("camhs"), member("adult_mental_health")])
    assert page.one("#accept-camhs option[selected]").text == "Somebody of camhs, CAMHS"
    assert not page.all("#accept-adult_mental_health option[selected]")


def test_where_nobody_of_a_side_is_here_nobody_is_asked_for(looking: Looking) -> None:
    page = page_of(looking, people=[member("camhs")])
    assert "choose when the visit is arranged" in page.one("#accept-adult_mental_health").text


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_each_answer_has_a_sign_and_a_word_beside_its_colour(looking: Looking, answer: str) -> None:
    page = page_of(looking, criteria=[criterion("borough", answer)])
    pill = page.one("#criteria .pill").text
    assert ANSWERS[answer] in pill
    assert pill.split()[0] in {"\u2713", "\u2717", "?"}


def test_a_parent_under_the_team_is_flagged_and_not_called_unfit(looking: Looking) -> None:
    page = page_of(looking, criteria=[criterion("below_threshold", "not_met", flagged=True)])
    assert page.one("#criteria .pill").text == "! To be looked at"


def test_who_answered_a_criterion_and_when_stands_beside_the_fact(looking: Looking) -> None:
    page = page_of(looking, criteria=[criterion("borough", "met", fact="Seen at the library.", by_name="Ruth Osei", at=NOW)])
    assert "Seen at the library. Ruth Osei" in page.one(".criterion__fact").words


def test_what_is_decided_is_answered_no_more(looking: Looking) -> None:
    assert page_of(looking).all("#judge-borough")
    assert not page_of(looking, status="declined", may_move_to=["closed"]).all("#judge-borough")


def test_clinical_words_are_not_there_for_who_may_not_read_them(looking: Looking) -> None:
    hidden = [criterion("below_threshold", None, fact=None)]
    page = page_of(looking, clinical_hidden=True, why_now=None, concern=None, secondary_care=None, parental_need=None, criteria=hidden)
    assert "Only the clinicians" in page.text
    assert "Only for clinicians" in page.one("#criteria").text
    assert "A dog." in page.text


def test_a_question_says_whether_it_left_by_mail(looking: Looking) -> None:
    assert "Emailed to the referrer" in page_of(looking, questions=[question()]).one("#questions").words
    assert "Not emailed" in page_of(looking, questions=[question(mailed=False)]).one("#questions").words


def test_an_answer_after_the_decision_is_shown_until_somebody_has_looked(looking: Looking) -> None:
    late = question(answer="Her mother.", answered_at=NOW, came_after="closed")
    page = page_of(looking, status="closed", may_move_to=[], questions=[late])
    assert "Her mother." in page.one("#questions").text
    assert "Came after the decision" in page.one("#questions .pill").text
    assert page.one("#questions button").text.strip() == "I have looked at it"
    looked = page_of(looking, status="closed", may_move_to=[], questions=[{**late, "seen_by": "Ruth Osei"}])
    assert "Looked at by Ruth Osei" in looked.one("#questions").text
    assert not looked.all("#questions button")


def test_what_was_decided_against_can_be_opened_again(looking: Looking) -> None:
    page = page_of(looking, status="declined", may_move_to=["closed"], may_reopen=True)
    assert [one.text for one in page.all("#decide summary")] == ["Close the referral", "Open it again"]


def test_closing_what_is_accepted_is_shown_once_more_and_closing_the_rest_is_not() -> None:
    (accepted,) = moves_from({"may_move_to": ["closed"], "status": "accepted"})
    (declined,) = moves_from({"may_move_to": ["closed"], "status": "declined"})
    assert (accepted.final, declined.final) == (True, False)


def test_the_reason_of_each_step_is_told(looking: Looking) -> None:
    steps = [
        step(), step("redirected", to="Perinatal team", told=["family", "referrer"], reason="Needs more."),
        step("received", kind="reopened"), step("declined", because="child_age"),
    ]  # fmt: skip
    told = page_of(looking, steps=steps).one(".story").words
    assert "Perinatal team" in told
    assert "Told: the family, the referrer" in told
    assert "Opened again" in told
    assert "Declined: the child is too old or too young" in told


def test_who_took_it_can_hand_it_back_and_others_can_take_it(looking: Looking) -> None:
    mine = member("camhs")
    own = page_of(looking, people=[mine], assigned_to_id=mine["person_id"], assigned_to_name=mine["name"])
    assert "Yours" in own.text
    assert "Hand it back" in own.text
    assert "Take it" in page_of(looking, people=[mine]).text


@pytest.mark.parametrize(
    ("shown", "words"), [("received", "Nothing to triage."), ("finished", "Nothing finished yet."), ("all", "No referrals yet.")]
)
def test_an_empty_list_says_which_one_is_empty(looking: Looking, shown: str, words: str) -> None:
    with looking("practitioner", path="/southwark/referrals"):
        page = seen(board.listing(shown_board(), shown=shown))
    assert words in page.text
    assert page.all(".filters [aria-current]")


def test_a_filter_that_finds_nothing_says_so(looking: Looking) -> None:
    with looking("practitioner", path="/southwark/referrals?whose=mine"):
        assert "None of these." in seen(board.listing(shown_board(), shown="received", whose="mine")).text


def test_each_filter_counts_what_it_leads_to(looking: Looking) -> None:
    with looking("practitioner", path="/southwark/referrals"):
        page = seen(board.listing(shown_board(item()), shown="received"))
    links = {link.text: link["href"] for link in page.all(".filters a")}
    assert links["Overdue (2)"].endswith("?only=late")
    assert links["Yours (1)"].endswith("?whose=mine")
    assert "To triage (1)" in links


def test_a_list_leads_on_to_its_next_page_and_keeps_its_filter(looking: Looking) -> None:
    with looking("practitioner", path="/southwark/referrals?status=all&sort=newest"):
        page = seen(board.listing(shown_board(item(), next="abc"), shown="all", sort="newest"))
    assert page.one(".pager a")["href"] == "/southwark/referrals?after=abc&sort=newest&status=all"


def test_filters_lead_to_one_address_in_whatever_order_they_are_chosen(looking: Looking) -> None:
    ways = []
    for chosen in ("status=all&whose=mine", "whose=mine&status=all"):
        with looking("practitioner", path=f"/southwark/referrals?{chosen}"):
            page = seen(board.listing(shown_board(item()), shown="all", whose="mine"))
        ways.append([link["href"] for link in page.all(".filters a")])
    assert ways[0] == ways[1]


@pytest.mark.parametrize(
    ("days", "ago", "words"),
    [
        (0, 0, "came today"),
        (1, 1, "waiting 1 working day, since"),
        (6, 8, "waiting 6 working days, since"),
    ],
)
def test_the_board_says_how_long_a_family_has_waited(looking: Looking, days: int, ago: int, words: str) -> None:
    with looking("practitioner", path="/southwark/referrals"):
        page = seen(board.listing(shown_board(item(waited_days=days, received_at=clock.now() - timedelta(days=ago))), shown="received"))
    assert words in page.one(".rows li").words


def test_a_parent_who_asked_for_themselves_is_named_as_that_once(looking: Looking) -> None:
    with looking("practitioner", path="/southwark/referrals"):
        page = seen(board.listing(shown_board(item(source=SELF_REFERRED, referrer_service="The parent")), shown="received"))
    assert page.one(".rows li").words.count("The parent") == 1


@pytest.mark.parametrize("fit", sorted(set(FITS) - {"hidden"}))
def test_on_the_board_no_colour_stands_alone(looking: Looking, fit: str) -> None:
    with looking("practitioner", path="/southwark/referrals"):
        page = seen(board.listing(shown_board(item(fit=fit, warns_visitors=True, urgency="urgent")), shown="received"))
    pills = [pill.text for pill in page.all(".rows .pill")]
    assert pills[:3] == ["Urgent", "Overdue", "\u26a0 Read before visiting"]
    assert pills[3] == f"{board.FIT_SIGNS[fit]} {FITS[fit]}"


def test_the_board_says_nothing_of_fit_to_who_may_not_read_it(looking: Looking) -> None:
    with looking("practitioner", path="/southwark/referrals"):
        page = seen(board.listing(shown_board(item(fit="hidden", late=False)), shown="received"))
    assert [pill.text for pill in page.all(".rows .pill")] == ["Urgent"]


def test_every_criterion_has_a_form_of_its_own(looking: Looking) -> None:
    page = page_of(looking)
    ids = [one["id"] for one in page.all("#criteria details")]
    assert ids == [f"judge-{name}" for name in CRITERIA]
    assert all(UUID(form["action"].split("/")[3]) for form in page.all("#criteria form"))
