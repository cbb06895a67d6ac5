import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.datastructures import MultiDict

from chassis.errors import Forbidden, NotFound, SomethingWrong, Stale, StayPlayError, TooManyAttempts, Unavailable
from gateway.pages import render_error
from gateway.pages.assessments import views as assessments
from gateway.pages.family import views as families
from gateway.pages.groups import views as groups
from gateway.pages.outreach import collections
from gateway.pages.outreach import views as outreach
from gateway.pages.people import views as people
from gateway.pages.referrals import deciding as referrals
from gateway.pages.registers import views as registers
from gateway.pages.today import views as today
from gateway.pages.today.needs import Answers
from services.sessions.contract import RegisterIncomplete
from tests.support.families import a_family
from tests.support.pages import ME, NOW, Looking, seen
from tests.unit.gateway.pages.triaged import referral

FAMILY = a_family()


def session(**changes: Any) -> dict[str, Any]:
    base = {
        "id": uuid4(),
        "group_id": uuid4(),
        "group_name": "Peckham Tuesday",
        "venue_name": "1st Place",
        "room": "Garden room",
        "on": NOW.date(),
        "starts_at": NOW.replace(hour=10),
        "ends_at": NOW.replace(hour=11),
        "status": "open",
        "bank_holiday": None,
        "version": 1,
        "expected": 8,
        "marked": 0,
        "here": 0,
        "to_collect": 3,
        "collected": 0,
    }
    return {**base, **changes}


def line(surname: str, **changes: Any) -> dict[str, Any]:
    members = [
        {"id": uuid4(), "given_name": "Tola", "family_name": surname, "kind": "parent", "birth_date": None},
        {"id": uuid4(), "given_name": "Kemi", "family_name": surname, "kind": "child", "birth_date": date(2024, 10, 1)},
    ]
    base = {
        "family_id": uuid4(),
        "family_name": f"Tola {surname} and Kemi",
        "surname": surname,
        "members": members,
        "language": "English",
        "interpreter": False,
        "mark": None,
        "people": [],
        "arrived_at": None,
        "left_at": None,
        "marked_by": None,
        "marked_at": None,
        "collection": None,
        "collected_at": None,
        "first_time": False,
        "missed": 0,
    }
    return {**base, **changes}


def register(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    missing = sum(one["mark"] is None for one in lines)
    base = {
        "session": session(),
        "version": 7,
        "lines": list(lines),
        "people_here": 0,
        "families_here": 0,
        "expected": len(lines),
        "to_mark": missing,
        "may_mark": True,
        "may_reopen": False,
        "closed_at": None,
        "closed_by": None,
    }
    return {**base, **changes}


def assessment(**changes: Any) -> dict[str, Any]:
    decision = {
        "outcome": "offer_place",
        "group_id": uuid4(),
        "group_name": "Peckham Tuesday",
        "reason": "Isolated.",
        "before_joining": None,
    }
    base = {
        "id": uuid4(),
        "status": "visited",
        "version": 3,
        "family_id": uuid4(),
        "family_name": "Luz Castillo and Mateo",
        "referral_id": uuid4(),
        "opened_at": NOW,
        "visit_starts_at": None,
        "signed_by": [],
        "edited_by": "Ruth Osei",
        "edited_at": NOW,
        "agreed_at": None,
        "closed_because": None,
        "visits": [],
        "signatures": [],
        "disagreements": [],
        "versions": [],
        "may_sign": True,
        "left_out": [],
        "parent_side": None,
        "child_side": None,
        "shared": None,
        "decision": decision,
    }
    return {**base, **changes}


def test_today_shows_each_group_with_its_register(looking: Looking) -> None:
    sessions = {
        "sessions": [session(), session(group_name="Camberwell", status="closed", here=6, to_collect=0)],
        "unclosed": [],
        "unclosed_total": 0,
        "starting": 0,
        "waiting": 0,
    }
    with looking("facilitator"):
        page = seen(today.board(Answers(sessions=sessions, may_record=True)))
    assert page.one("h1").text == "Tuesday 24 November"
    assert page.one(".lede").text == "Two groups today, three families to be collected"
    assert [link.text for link in page.all(".row--timed .govuk-button")] == ["Open register", "See register"]
    assert "✓ 6 came" in page.text
    assert page.one("title").text == "Tuesday 24 November - Southwark - Stay & Play"


def test_today_says_kindly_that_nothing_waits(looking: Looking) -> None:
    empty = {"sessions": [], "unclosed": [], "unclosed_total": 0, "starting": 0, "waiting": 0}
    with looking("facilitator"):
        page = seen(today.board(Answers(sessions=empty), missing=True))
    assert "Nothing waits for you." in page.text
    assert "No groups meet today." in page.text
    assert "Part of this page can't be shown" in page.text


@pytest.mark.parametrize(
    ("role", "items"),
    [
        ("practitioner", ["Today", "Referrals", "Assessments", "Groups", "Outreach", "Families"]),
        ("facilitator", ["Today", "Referrals", "Groups", "Outreach", "Families"]),
        ("administrator", ["Today", "Groups", "People", "Notices", "Set-up", "Audit"]),
        ("referrer", ["Today", "Referrals"]),
    ],
)
def test_the_menu_holds_only_what_a_role_may_open(looking: Looking, role: str, items: list[str]) -> None:
    with looking(role):
        page = seen(today.board(Answers()))
    assert [link.text for link in page.all(".nav__link")] == items
    assert page.one(".nav__link[aria-current=page]").text == "Today"
    assert [link.text for link in page.all(".menu--phone nav a")] == items


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        (["records_lead"], "/southwark/records"),
        (["referrer"], "/southwark/referrals"),
        (["referrer", "records_lead"], "/southwark/records"),
        (["commissioner"], "/account?borough=southwark"),
    ],
)
def test_who_has_no_groups_begins_where_they_have_something_to_do(looking: Looking, roles: list[str], page: str) -> None:
    with looking(*roles):
        answer = today.show("southwark")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)


def test_a_practice_borough_says_that_its_families_are_not_real(looking: Looking) -> None:
    with looking("facilitator", practice=True):
        assert "no real families" in seen(today.board(Answers())).one(".practice").text
    with looking("facilitator"):
        assert not seen(today.board(Answers())).all(".practice")


def test_the_signatures_are_as_far_as_they_are(looking: Looking) -> None:
    signed = {
        "version": 3,
        "person_id": uuid4(),
        "person_name": "Ruth Osei",
        "agency_id": uuid4(),
        "agency_name": "CAMHS",
        "agency_kind": "camhs",
        "signed_at": NOW,
        "withdrawn_at": None,
    }
    old = {
        **signed,
        "version": 2,
        "person_id": ME,
        "person_name": "Paul Lang",
        "agency_name": "Adult team",
        "agency_kind": "adult_mental_health",
    }
    with looking("practitioner", path=f"/southwark/assessments/{uuid4()}", kind="adult_mental_health"):
        page = seen(assessments.detail(assessment(signatures=[signed, old])))
    camhs, adult = page.all(".signature")
    assert "✓ Signed version 3" in camhs.text
    assert "Ruth Osei, 24 November 9:30" in camhs.text
    assert not camhs.all("form")
    assert "Paul Lang signed version 2. It changed since" in adult.words
    assert [button.text.strip() for button in adult.all(".govuk-button")] == ["Sign version 3", "I disagree"]
    assert adult.one("[name=version]")["value"] == "3"


def test_nothing_can_be_signed_without_a_decision(looking: Looking) -> None:
    with looking("practitioner", path=f"/southwark/assessments/{uuid4()}", kind="camhs"):
        page = seen(assessments.detail(assessment(decision=None, may_sign=False)))
    assert page.text.count("There is no decision to sign yet.") == 2
    assert not page.all(".signature form")


def test_the_register_is_one_form_with_a_line_for_each_family(looking: Looking) -> None:
    here = line("Adeyemi", mark="here", arrived_at=NOW, collection="collected", collected_at=NOW)
    with looking("facilitator", path=f"/southwark/sessions/{uuid4()}/register"):
        page = seen(registers.sheet(register(here, line("Brennan", first_time=True, language="Spanish", missed=2))))
    assert len(page.all("form[data-register]")) == 1
    adeyemi, brennan = page.all(".attend")
    assert adeyemi.one("input[data-mark][checked]")["value"] == "here"
    assert "Collected 9:30" in adeyemi.text
    assert adeyemi.one("[name^=was-]")["value"] == "here"
    assert "Speaks Spanish" in brennan.text
    assert "Missed last 2" in brennan.text
    assert brennan.one("[name^=was-]")["value"] == ""
    assert "(1 still to mark)" in page.one("[data-close]").text


def test_a_register_that_can_not_be_closed_names_who_is_missing(looking: Looking) -> None:
    missing = line("Castillo")
    with looking("facilitator", path=f"/southwark/sessions/{uuid4()}/register"):
        response = registers.sheet(register(missing), problem=RegisterIncomplete(), missing=frozenset({str(missing["family_id"])}))
        page = seen(response)
    assert response.status_code == 409
    link = page.one(".govuk-error-summary a")
    assert link.text == "Tola Castillo and Kemi"
    assert page.one(f'[id="{link["href"][1:]}"]')["type"] == "radio"


def test_marks_that_were_not_saved_are_shown_again(looking: Looking) -> None:
    from gateway.pages.registers.marks import TypedMark

    changed = line("Doyle", mark="here")
    typed = {str(changed["family_id"]): TypedMark("told_us", frozenset())}
    with looking("facilitator", path=f"/southwark/sessions/{uuid4()}/register"):
        page = seen(registers.sheet(register(changed), typed, Stale()))
    assert page.one("input[data-mark][checked]")["value"] == "told_us"
    assert page.one("[name^=was-]")["value"] == "here"


def test_a_closed_register_can_only_be_read(looking: Looking) -> None:
    closed = register(line("Doyle", mark="did_not_come"), may_mark=False, closed_at=NOW, closed_by="Jo Marsh")
    with looking("facilitator", path=f"/southwark/sessions/{uuid4()}/register"):
        page = seen(registers.sheet(closed))
    assert not page.all("[data-mark], [data-close]")
    assert "Closed today 9:30 by Jo Marsh" in page.text
    assert "Did not come" in page.text


def test_a_closed_register_is_opened_again_with_a_reason_by_who_may_mark_it(looking: Looking) -> None:
    closed = register(line("Doyle", mark="here"), may_mark=False, may_reopen=True, closed_at=NOW, closed_by="Jo Marsh")
    with looking("facilitator", path=f"/southwark/sessions/{uuid4()}/register"):
        form = seen(registers.sheet(closed)).one("#correct form")
    assert form["action"].endswith(f"/sessions/{closed['session']['id']}/register/reopen")
    assert form.one("[name=version]")["value"] == str(closed["version"])
    assert [one["value"] for one in form.all("[name=reason]")] == ["wrong_mark", "wrong_people", "too_soon"]
    with looking("practitioner", path=f"/southwark/sessions/{uuid4()}/register", kind="camhs"):
        assert not seen(registers.sheet(closed)).all("#correct")


def test_opening_a_register_again_without_a_reason_shows_the_question_again(looking: Looking) -> None:
    closed = register(line("Doyle", mark="here"), may_mark=False, may_reopen=True, closed_at=NOW, closed_by="Jo Marsh")
    with looking("facilitator", path=f"/southwark/sessions/{uuid4()}/register"):
        filled = registers.correction().sent(MultiDict())
        assert filled.checked(session_id=uuid4(), version=1) is None
        response = registers.sheet(closed, refused=filled)
        page = seen(response)
    assert response.status_code == 422
    assert page.one("#correct").has("open")
    link = page.one("#correct .govuk-error-summary a")["href"][1:]
    assert page.one(f'[id="{link}"]')["name"] == "reason"


def test_a_register_without_families_says_so(looking: Looking) -> None:
    with looking("facilitator", path=f"/southwark/sessions/{uuid4()}/register"):
        assert "No family is expected." in seen(registers.sheet(register())).text


def replies(**changes: Any) -> list[Any]:
    attendance = {
        "family_id": FAMILY["id"],
        "engagement": "drifting",
        "missed": 2,
        "attended": 22,
        "of": 30,
        "place": None,
        "next_session": None,
        "days": [{"on": date(2026, 11, 17), "mark": "did_not_come", "group_name": "Peckham", "collection": None}],
        "entries": [],
    }
    referred = {
        "id": uuid4(),
        "occurred_at": NOW - timedelta(days=60),
        "kind": "referral.received",
        "facts": {"source": "A2", "service": "HV"},
    }
    found = {
        "referrals": {"entries": [referred]},
        "assessments": {"entries": []},
        "sessions": attendance,
        "outreach": {"entries": [], "open_cases": []},
    }
    return list({**found, **changes}.values())


def test_safe_contact_comes_before_everything_else_of_a_family(looking: Looking) -> None:
    with looking("practitioner", path=f"/southwark/families/{FAMILY['id']}"):
        page = seen(families.whole(FAMILY, replies()))
    headings = [heading.text for heading in page.all("h1, h2")]
    assert headings[:2] == ["Sinead Doyle and Finn", "Before you make contact"]
    assert headings[2:6] == ["People", "Safe ways to reach them", "Next", "Every week since referral"]
    assert "Text message only, weekdays 9:30 to 14:30. Never leave a voicemail." in page.text
    assert "Finn is 2 years 4 months" in page.text


def test_what_is_not_safe_to_use_says_so(looking: Looking) -> None:
    with looking("practitioner", path=f"/southwark/families/{FAMILY['id']}"):
        page = seen(families.whole(FAMILY, replies(), "details"))
    assert "07700 900123" in page.words
    assert "07700 900123 (not safe to use)" not in page.words
    assert re.search(r"14 Rye Lane, SE15.5BY \(not safe to use\)", page.words)


def test_every_week_is_said_in_words_as_well_as_drawn(looking: Looking) -> None:
    with looking("practitioner", path=f"/southwark/families/{FAMILY['id']}"):
        page = seen(families.whole(FAMILY, replies()))
    marks = page.all(".weeks .week")
    assert len(marks) == 10
    assert "Week of 16 November: missed" in marks[-2].text
    assert [item.text.strip() for item in page.all(".weeks-key li")] == ["Missed", "No session"]


def test_a_silent_service_is_said_and_the_rest_is_shown(looking: Looking) -> None:
    with looking("facilitator", path=f"/southwark/families/{FAMILY['id']}"):
        page = seen(families.whole(FAMILY, replies(sessions=Unavailable(), outreach=Unavailable())))
    assert "Part of the story can't be shown" in page.text
    assert "Referred by health visitor" in page.text


@pytest.mark.parametrize("part", ["story", "details", "attendance", "nonsense"])
def test_each_part_of_a_family_is_an_address(looking: Looking, part: str) -> None:
    with looking("practitioner", path=f"/southwark/families/{FAMILY['id']}?part={part}"):
        page = seen(families.whole(FAMILY, replies(), part))
    assert len(page.all(".tabs [aria-current=page]")) == 1


def case(**changes: Any) -> dict[str, Any]:
    base = {
        "id": uuid4(),
        "version": 2,
        "family_id": uuid4(),
        "family_name": "Sinead Doyle and Finn",
        "reason": "missed_sessions",
        "status": "open",
        "words": None,
        "missed": 2,
        "owner_id": None,
        "owner_name": None,
        "opened_at": NOW,
        "due_on": date(2026, 11, 23),
        "overdue": True,
        "escalated": True,
        "escalated_at": NOW,
        "contacts": 0,
        "last_contact_at": None,
        "closed_at": None,
        "closed_because": None,
        "closed_by": None,
        "closed_words": None,
        "safe_contact": FAMILY["safe_contact"],
        "parents": [],
        "address": None,
        "history": [],
    }
    return {**base, **changes}


def test_a_case_offers_the_safe_ways_first_and_names_the_others(looking: Looking) -> None:
    with looking("facilitator", path=f"/southwark/outreach/{uuid4()}"):
        page = seen(outreach.detail(case()))
    ways = [label.text.strip() for label in page.all("#log .govuk-radios__label")][:5]
    assert ways[0] == "Text message"
    assert all(way.endswith("(not safe for this family)") for way in ways[1:])
    assert "Overdue by 1 day" in page.text


def test_the_outreach_list_counts_its_tabs(looking: Looking) -> None:
    counts = {"open": 3, "mine": 1, "unowned": 2, "overdue": 1, "escalated": 1}
    with looking("facilitator", path="/southwark/outreach"):
        page = seen(outreach.listing({"items": [case()], "next": None, "counts": counts}, status="open", whose="", reason=None))
    assert [link.text for link in page.all(".filters a")][:3] == ["All open (3)", "Yours (1)", "No owner (2)"]
    assert "Missed two weeks · no owner yet · no contact yet" in page.words


def test_a_run_sheet_asks_what_came_of_each_stop(looking: Looking) -> None:
    stop = {
        "id": uuid4(),
        "family_id": uuid4(),
        "family_name": "Tola Adeyemi and Kemi",
        "pick_up_at": NOW,
        "pick_up_from": None,
        "people": 2,
        "children": 1,
        "state": "arranged",
    }
    run = {
        "id": uuid4(),
        "version": 1,
        "group_name": "Peckham",
        "session_starts_at": NOW,
        "driver_name": "Jo Marsh",
        "seats": 7,
        "child_seats": 4,
        "status": "arranged",
        "stops": [stop],
    }
    with looking("facilitator", path="/southwark/collections"):
        page = seen(collections.run_sheet({"items": [run]}, NOW.date()))
    assert len(page.all(f'[name="outcome-{stop["family_id"]}"]')) == 3
    assert "2 seats, 1 child seat" in page.words


def test_groups_stand_under_their_day(looking: Looking) -> None:
    group = {
        "id": uuid4(),
        "version": 1,
        "name": "Peckham Tuesday",
        "venue_id": uuid4(),
        "venue_name": "1st Place",
        "room": None,
        "weekday": "1",
        "starts_at": datetime(2026, 1, 1, 10, tzinfo=UTC).time(),
        "ends_at": datetime(2026, 1, 1, 11, tzinfo=UTC).time(),
        "capacity": 8,
        "taken": 8,
        "waiting": 2,
    }
    with looking("administrator", path="/southwark/groups"):
        page = seen(groups.listing({"items": [group], "next": None}, None))
    assert [heading.text for heading in page.all(".card__title")] == ["Tuesday"]
    assert "8 of 8 places" in page.text
    assert "Waiting for a place" not in page.text


def test_no_name_of_a_family_stays_in_the_history_of_a_browser(looking: Looking) -> None:
    with looking("practitioner", path=f"/southwark/families/{FAMILY['id']}"):
        pages = [
            seen(families.whole(FAMILY, replies())),
            seen(referrals.detail(referral(), [], people=[])),
            seen(assessments.detail(assessment())),
            seen(outreach.detail(case())),
        ]
    kinds = ["A family", "A referral", "A joint assessment", "Reaching out to a family"]
    assert [page.one("title").text for page in pages] == [f"{kind} - Southwark - Stay & Play" for kind in kinds]


def test_the_link_of_an_invitation_is_shown_once(looking: Looking) -> None:
    invitation = {
        "name": "Nadia Reid",
        "email": "nadia@example.org",
        "roles": ["facilitator"],
        "expires_at": NOW,
        "link": "https://example.org/invitation/x",
    }
    with looking("administrator", path="/southwark/people/invite"):
        page = seen(people.invited(invitation))
    assert page.one("#link")["value"] == "https://example.org/invitation/x"
    assert "It is shown only now" in page.text


@pytest.mark.parametrize(
    "error", [NotFound(), Forbidden(), Unavailable(), SomethingWrong(reference="ABC-123"), TooManyAttempts(retry_after=30)]
)
def test_every_error_says_what_to_do(looking: Looking, error: StayPlayError) -> None:
    with looking("facilitator", path="/southwark/nothing"):
        response = render_error(error)
        page = seen(response)
    assert response.status_code == error.status
    assert page.one("h1").text == error.title
    assert error.message in page.text
    assert page.one("main .govuk-button")["href"] == "/southwark/"
    if error.facts.get("reference"):
        assert "ABC-123" in page.text
    assert response.headers.get("Retry-After") == (str(error.facts["retry_after"]) if "retry_after" in error.facts else None)


def test_ids_in_the_register_are_those_of_the_families(looking: Looking) -> None:
    one = line("Doyle")
    with looking("facilitator", path=f"/southwark/sessions/{uuid4()}/register"):
        page = seen(registers.sheet(register(one)))
    assert UUID(page.one("[data-family]")["data-family"]) == one["family_id"]
