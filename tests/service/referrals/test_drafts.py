"""A referral is written step by step, put aside, taken up again, and sent once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from chassis import clock
from chassis.caller import Caller
from chassis.database import open_work
from chassis.database.tables import audit
from chassis.database.tenants import Borough, keep_borough
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, NotOpen, Stale, TooManyAttempts
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models import Draft
from services.referrals.models.draft import CODE_TRIES, CODES_AN_HOUR
from services.referrals.repository import Work
from services.referrals.service import ReferralsService
from tests import factories
from tests.support.desk import Desk, desk
from tests.support.drafts import EMAIL, answers, code_mailed, new_secret, proven, stranger, written
from tests.support.installation import Templates


@pytest.fixture(scope="module")
def referrals(postgres_url: str) -> Iterator[Desk]:
    """Nothing here depends on the broker: one is enough."""
    with desk(Templates(postgres_url), f"inprocess://{uuid4().hex}", ReferralsService) as running:
        yield running


@pytest.fixture
def somebody(southwark: UUID) -> Caller:
    return stranger(southwark)


def mailed(desk: Desk, borough_id: UUID, kind: str) -> list[dict[str, Any]]:
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


def test_a_member_is_written_to_at_the_address_of_their_account_and_never_at_one_that_they_typed(
    referrals: Desk, health_visitor: Caller, clinician: Caller, southwark: UUID
) -> None:
    typed = {"name": "Grace Mensah", "service": "Health visiting", "source": "A2", "email": "grcae@healthvisiting.example"}
    for own in (EMAIL, None):
        draft = written(referrals, health_visitor, referrals.ask(contract.START_DRAFT, health_visitor, kind="professional"), referrer=typed)
        sent = referrals.ask(contract.SEND_DRAFT, health_visitor, draft_id=draft["id"], own_email=own)
        read = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=sent["referral_id"])
        assert (read["referrer"]["name"], read["referrer"]["email"]) == ("Grace Mensah", own)
    assert [copy["to"] for copy in mailed(referrals, southwark, "referrer_copy")] == [EMAIL]


def test_who_has_no_account_can_not_say_that_they_have_one(referrals: Desk, somebody: Caller, clinician: Caller) -> None:
    secret = new_secret()
    draft = written(referrals, somebody, proven(referrals, somebody, secret), secret)
    asked = {"draft_id": draft["id"], "secret": secret, "own_email": "mallory@example.org"}
    sent = referrals.ask(contract.SEND_DRAFT, somebody, **asked)
    assert referrals.ask(contract.GET_REFERRAL, clinician, referral_id=sent["referral_id"])["referrer"]["email"] == EMAIL


def test_nothing_about_a_family_is_kept_before_the_address_is_proved(referrals: Desk, somebody: Caller) -> None:
    secret = new_secret()
    draft = referrals.ask(contract.START_DRAFT, somebody, kind="professional", secret=secret)
    with pytest.raises(Conflict):
        written(referrals, somebody, draft, secret)
    with pytest.raises(Conflict):
        referrals.ask(contract.SEND_DRAFT, somebody, draft_id=draft["id"], secret=secret)
    assert referrals.ask(contract.GET_DRAFT, somebody, draft_id=draft["id"], secret=secret)["answers"] == {}


@pytest.mark.parametrize("other", [None, "", "x" * 43, "another"])
def test_a_link_of_somebody_else_opens_nothing(referrals: Desk, somebody: Caller, clinician: Caller, other: str | None) -> None:
    secret = new_secret()
    draft = proven(referrals, somebody, secret)
    given = new_secret() if other == "another" else other or None
    for operation in (contract.GET_DRAFT, contract.SEND_DRAFT, contract.DISCARD_DRAFT):
        for by in (somebody, clinician):
            with pytest.raises(NotFound):
                referrals.ask(operation, by, draft_id=draft["id"], secret=given)


def test_a_member_can_t_open_a_stranger_s_draft_even_with_its_secret_nor_a_stranger_a_member_s(
    referrals: Desk, somebody: Caller, health_visitor: Caller, clinician: Caller
) -> None:
    own = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    for by in (somebody, clinician):
        with pytest.raises(NotFound):
            referrals.ask(contract.GET_DRAFT, by, draft_id=own["id"], secret=new_secret())
    assert [draft["id"] for draft in referrals.ask(contract.OWN_DRAFTS, health_visitor)["drafts"]] == [own["id"]]
    assert referrals.ask(contract.OWN_DRAFTS, clinician)["drafts"] == []


def test_another_borough_does_not_know_the_draft(referrals: Desk, somebody: Caller, lambeth: UUID) -> None:
    secret = new_secret()
    draft = proven(referrals, somebody, secret)
    with pytest.raises(NotFound):
        referrals.ask(contract.GET_DRAFT, stranger(lambeth), draft_id=draft["id"], secret=secret)


def test_a_draft_sent_twice_is_one_referral(referrals: Desk, somebody: Caller, southwark: UUID) -> None:
    secret = new_secret()
    draft = written(referrals, somebody, proven(referrals, somebody, secret), secret)
    first = referrals.ask(contract.SEND_DRAFT, somebody, draft_id=draft["id"], secret=secret)
    again = referrals.ask(contract.SEND_DRAFT, somebody, draft_id=draft["id"], secret=secret)
    assert again == first
    received = [event for event in referrals.told("referrals", southwark) if event["type"] == "referrals.referral.received"]
    assert len(received) == 1
    assert len(mailed(referrals, southwark, "referrer_copy")) == 1
    with pytest.raises(Conflict, match=first["reference"]):
        written(referrals, somebody, draft, secret)


def test_two_who_send_at_once_make_one_referral(referrals: Desk, somebody: Caller, southwark: UUID) -> None:
    secret = new_secret()
    draft = written(referrals, somebody, proven(referrals, somebody, secret), secret)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: referrals.ask(contract.SEND_DRAFT, somebody, draft_id=draft["id"], secret=secret), range(4)))
    assert len({one["reference"] for one in sent}) == 1
    received = [event for event in referrals.told("referrals", southwark) if event["type"] == "referrals.referral.received"]
    assert len(received) == 1


def test_two_tabs_save_different_questions_and_nothing_is_lost(referrals: Desk, health_visitor: Caller) -> None:
    draft = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    given = answers()
    for step in ("why_now", "risks"):
        referrals.ask(contract.SAVE_DRAFT, health_visitor, draft_id=draft["id"], version=draft["version"], step=step, answers=given[step])
    kept = referrals.ask(contract.GET_DRAFT, health_visitor, draft_id=draft["id"])["answers"]
    assert set(kept) == {"why_now", "risks"}


def test_two_tabs_that_answer_one_question_differently_are_shown_both_answers(referrals: Desk, health_visitor: Caller) -> None:
    draft = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    asked = {"draft_id": draft["id"], "version": draft["version"], "step": "why_now"}
    referrals.ask(contract.SAVE_DRAFT, health_visitor, **asked, answers={"why_now": "First."})
    referrals.ask(contract.SAVE_DRAFT, health_visitor, **asked, answers={"why_now": "First."})
    with pytest.raises(Stale) as stale:
        referrals.ask(contract.SAVE_DRAFT, health_visitor, **asked, answers={"why_now": "Second."})
    assert stale.value.facts["yours"]["answers"]["why_now"] == "Second."
    assert stale.value.facts["theirs"]["answers"]["why_now"] == "First."


def test_a_wrong_answer_is_named_at_its_step_and_not_kept(referrals: Desk, health_visitor: Caller) -> None:
    draft = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    wrong = {"contact": {"safe_contact": {"channels": ["pigeon"]}}, "why_now": {"why_now": ""}, "nothing": {}, "risks": {"why_now": "x"}}
    for step, given in wrong.items():
        with pytest.raises(Invalid):
            referrals.ask(contract.SAVE_DRAFT, health_visitor, draft_id=draft["id"], version=1, step=step, answers=given)
    assert referrals.ask(contract.GET_DRAFT, health_visitor, draft_id=draft["id"])["answers"] == {}


def test_what_is_missing_is_named_when_it_is_sent(referrals: Desk, health_visitor: Caller) -> None:
    draft = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    given = answers()
    referrals.ask(contract.SAVE_DRAFT, health_visitor, draft_id=draft["id"], version=1, step="why_now", answers=given["why_now"])
    with pytest.raises(Invalid) as missing:
        referrals.ask(contract.SEND_DRAFT, health_visitor, draft_id=draft["id"])
    assert {"parents", "children", "referrer", "agrees", "may_be_told"} <= set(missing.value.faults)
    assert "why_now" not in missing.value.faults
    assert contract.step_of("professional", "may_be_told") == "told"


def test_nobody_is_referred_who_said_no(referrals: Desk, health_visitor: Caller) -> None:
    draft = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    for given in ({"family_knows": True, "agrees": "no"}, {"family_knows": False, "agrees": "yes"}):
        with pytest.raises(Invalid) as refused:
            referrals.ask(contract.SAVE_DRAFT, health_visitor, draft_id=draft["id"], version=1, step="agreement", answers=given)
        assert set(refused.value.faults) == {"agrees"}


def test_a_child_who_is_too_old_is_refused_when_it_is_sent(referrals: Desk, health_visitor: Caller) -> None:
    child = factories.child_details(birth_date=factories.toddler_birth_date(75))
    draft = written(referrals, health_visitor, referrals.ask(contract.START_DRAFT, health_visitor, kind="professional"), children=[child])
    with pytest.raises(Invalid) as refused:
        referrals.ask(contract.SEND_DRAFT, health_visitor, draft_id=draft["id"])
    assert "children" in refused.value.faults


def test_who_is_what_to_whom_is_asked_again_when_the_people_change(referrals: Desk, health_visitor: Caller) -> None:
    children = [factories.child_details(given_name=name) for name in ("Finn", "Aoife")]
    pairs = [{"parent": 0, "child": number, "relation": "MTH", "parental_responsibility": "yes"} for number in (0, 1)]
    draft = written(
        referrals,
        health_visitor,
        referrals.ask(contract.START_DRAFT, health_visitor, kind="professional"),
        children=children,
        relations=pairs,
    )
    fewer = answers(children=children[1:])["children"]
    referrals.ask(contract.SAVE_DRAFT, health_visitor, draft_id=draft["id"], version=draft["version"], step="children", answers=fewer)
    assert "relations" not in referrals.ask(contract.GET_DRAFT, health_visitor, draft_id=draft["id"])["answers"]


def test_each_adult_is_what_they_are_to_each_child(referrals: Desk, health_visitor: Caller, clinician: Caller) -> None:
    children = [factories.child_details(given_name=name) for name in ("Finn", "Aoife")]
    pairs = [
        {"parent": 0, "child": 0, "relation": "MTH", "parental_responsibility": "yes"},
        {"parent": 0, "child": 1, "relation": "STPMTH", "parental_responsibility": "no"},
    ]
    begun = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    draft = written(referrals, health_visitor, begun, children=children, relations=pairs)
    sent = referrals.ask(contract.SEND_DRAFT, health_visitor, draft_id=draft["id"])
    family = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=sent["referral_id"])["family"]
    relations = {one["child_id"]: (one["relation"], one["parental_responsibility"]) for one in family["parents"][0]["relations"]}
    assert [relations[child["id"]] for child in family["children"]] == [("MTH", "yes"), ("STPMTH", "no")]


def test_the_team_writes_down_what_came_by_phone(referrals: Desk, facilitator: Caller, clinician: Caller, southwark: UUID) -> None:
    referrer = {"name": "Ola Bello", "service": "Lambeth Walk GP practice", "source": "A1", "email": "ola@gp.example"}
    begun = referrals.ask(contract.START_DRAFT, facilitator, kind="staff")
    draft = written(referrals, facilitator, begun, referrer=referrer, agrees="not_asked")
    sent = referrals.ask(contract.SEND_DRAFT, facilitator, draft_id=draft["id"])
    read = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=sent["referral_id"])
    assert read["intake"] == {"came_by": "phone", "taken_by": "Amina Khan", "received_on": clock.today() - timedelta(days=3)}
    assert read["referred_on"] == clock.today() - timedelta(days=3), "waiting is counted from the day it came"
    assert (read["referrer"]["name"], read["referred_by_name"]) == ("Ola Bello", "Amina Khan")
    assert read["agreement"]["agrees"] == "not_asked"
    assert [copy["to"] for copy in mailed(referrals, southwark, "referrer_copy")] == ["ola@gp.example"]


def test_of_a_family_that_nobody_asked_a_referrer_hears_no_more_than_that_it_arrived(
    referrals: Desk, health_visitor: Caller, clinician: Caller, southwark: UUID
) -> None:
    begun = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    draft = written(referrals, health_visitor, begun, agrees="not_asked", may_be_told="status")
    sent = referrals.ask(contract.SEND_DRAFT, health_visitor, draft_id=draft["id"], own_email=EMAIL)
    asked = {"referral_id": sent["referral_id"], "version": 1}
    read = referrals.ask(contract.ASK_FOR_INFORMATION, clinician, **asked, reason="Have you asked them?")
    assert (read["referrer"]["may_be_told"], read["agreement"]["may_be_told"]) == ("nothing", "nothing")
    (own,) = referrals.ask(contract.OWN_REFERRALS, health_visitor)["items"]
    assert (own["told"], own["question"]) == ("received", None)
    assert [copy["words"]["may_be_told"] for copy in mailed(referrals, southwark, "referrer_copy")] == ["not_asked"]
    assert mailed(referrals, southwark, "question") == []


def test_only_the_team_writes_down_what_came_by_phone(referrals: Desk, somebody: Caller, health_visitor: Caller) -> None:
    for by in (somebody, health_visitor):
        with pytest.raises(Forbidden):
            referrals.ask(contract.START_DRAFT, by, kind="staff", secret=new_secret())


def test_somebody_without_an_account_needs_a_secret_that_is_one(referrals: Desk, somebody: Caller) -> None:
    for secret in (None, "short", "x" * 42, "x" * 87, "ä" * 43):
        with pytest.raises(Invalid):
            referrals.ask(contract.START_DRAFT, somebody, kind="professional", secret=secret)


def test_a_draft_is_thrown_away_at_once(referrals: Desk, health_visitor: Caller) -> None:
    draft = written(referrals, health_visitor, referrals.ask(contract.START_DRAFT, health_visitor, kind="professional"))
    referrals.ask(contract.DISCARD_DRAFT, health_visitor, draft_id=draft["id"])
    with pytest.raises(NotFound):
        referrals.ask(contract.GET_DRAFT, health_visitor, draft_id=draft["id"])


def test_an_expired_draft_opens_to_nobody_and_is_deleted_by_the_clock(referrals: Desk, health_visitor: Caller, southwark: UUID) -> None:
    draft = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
    assert timedelta(days=13) < draft["expires_at"] - clock.now() < timedelta(days=15)
    with referrals.work("referrals", southwark) as work:
        work.session.execute(update(Draft).where(Draft.id == draft["id"]).values(expires_at=clock.now() - timedelta(seconds=1)))
    with pytest.raises(NotFound):
        referrals.ask(contract.GET_DRAFT, health_visitor, draft_id=draft["id"])
    with open_work(Work, referrals.databases["referrals"], Caller.service("referrals", southwark)) as work:
        ReferralsService().forget_drafts(work)
    with referrals.work("referrals", southwark) as work:
        assert work.session.get(Draft, (southwark, draft["id"])) is None


def test_the_audit_trail_has_who_wrote_and_nothing_of_what(referrals: Desk, somebody: Caller, southwark: UUID) -> None:
    secret = new_secret()
    written(referrals, somebody, proven(referrals, somebody, secret), secret)
    with referrals.work("referrals", southwark) as work:
        rows = work.session.execute(select(audit).where(audit.c.borough_id == southwark)).mappings().all()
    assert {"referrals.start_draft", "referrals.prove_mail", "referrals.save_draft"} <= {row["operation"] for row in rows}
    assert {(row["person_name"], row["roles"], row["address"]) for row in rows} == {
        ("Somebody without an account", "public", "203.0.113.7")
    }
    told = str([dict(row) for row in rows])
    assert factories.CLINICAL not in told
    assert EMAIL not in told


class TestCodes:
    """Codes prove a mail address, and lead back."""

    def test_a_wrong_code_is_counted_and_after_five_none_is_right(self, referrals: Desk, somebody: Caller, southwark: UUID) -> None:
        secret = new_secret()
        draft = referrals.ask(contract.START_DRAFT, somebody, kind="professional", secret=secret)
        referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=secret, email=EMAIL)
        code = code_mailed(referrals, southwark)
        wrong = f"{(int(code) + 1) % 10**6:06}"
        left = [self._proof(referrals, somebody, draft, secret, wrong)["tries_left"] for _ in range(CODE_TRIES)]
        assert left == [4, 3, 2, 1, 0]
        assert not self._proof(referrals, somebody, draft, secret, code)["proven"]

    def test_a_code_works_once_and_the_next_one_takes_its_place(self, referrals: Desk, somebody: Caller, southwark: UUID) -> None:
        secret = new_secret()
        draft = referrals.ask(contract.START_DRAFT, somebody, kind="professional", secret=secret)
        codes = []
        for _ in range(2):
            referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=secret, email=EMAIL)
            codes.append(code_mailed(referrals, southwark))
        if codes[0] != codes[1]:
            assert not self._proof(referrals, somebody, draft, secret, codes[0])["proven"]
        assert self._proof(referrals, somebody, draft, secret, f" {codes[1][:3]} {codes[1][3:]} ")["proven"]
        assert not self._proof(referrals, somebody, draft, secret, codes[1])["proven"]

    def test_a_code_is_too_old_after_a_quarter_of_an_hour(self, referrals: Desk, somebody: Caller, southwark: UUID) -> None:
        secret = new_secret()
        draft = referrals.ask(contract.START_DRAFT, somebody, kind="professional", secret=secret)
        referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=secret, email=EMAIL)
        with referrals.work("referrals", southwark) as work:
            work.session.execute(update(Draft).where(Draft.id == draft["id"]).values(code_until=clock.now()))
        assert not self._proof(referrals, somebody, draft, secret, code_mailed(referrals, southwark))["proven"]

    def test_five_codes_an_hour_and_no_more(self, referrals: Desk, somebody: Caller, southwark: UUID) -> None:
        secret = new_secret()
        draft = referrals.ask(contract.START_DRAFT, somebody, kind="professional", secret=secret)
        for _ in range(CODES_AN_HOUR):
            referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=secret, email=EMAIL)
        with pytest.raises(TooManyAttempts) as refused:
            referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=secret, email=EMAIL)
        assert 3000 < refused.value.facts["retry_after"] <= 3600
        assert len(mailed(referrals, southwark, "refer_code")) == CODES_AN_HOUR

    def test_one_comes_back_with_a_code_and_the_old_secret_opens_nothing_any_more(
        self, referrals: Desk, somebody: Caller, southwark: UUID
    ) -> None:
        old, new = new_secret(), new_secret()
        draft = written(referrals, somebody, proven(referrals, somebody, old), old)
        referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=None, email=f" {EMAIL.upper()} ".strip())
        assert self._proof(referrals, somebody, draft, new, code_mailed(referrals, southwark))["proven"]
        assert referrals.ask(contract.GET_DRAFT, somebody, draft_id=draft["id"], secret=new)["answers"]
        with pytest.raises(NotFound):
            referrals.ask(contract.GET_DRAFT, somebody, draft_id=draft["id"], secret=old)

    def test_whoever_asks_for_a_code_to_another_address_gets_none_and_is_told_nothing(
        self, referrals: Desk, somebody: Caller, southwark: UUID
    ) -> None:
        draft = proven(referrals, somebody, new_secret())
        before = len(mailed(referrals, southwark, "refer_code"))
        right = referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=None, email="mallory@example.org")
        assert set(right) == {"id", "version", "kind", "expires_at"}
        assert len(mailed(referrals, southwark, "refer_code")) == before

    def test_a_member_s_draft_takes_no_codes(self, referrals: Desk, somebody: Caller, health_visitor: Caller, southwark: UUID) -> None:
        draft = referrals.ask(contract.START_DRAFT, health_visitor, kind="professional")
        referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=new_secret(), email=EMAIL)
        assert mailed(referrals, southwark, "refer_code") == []

    def test_a_family_s_own_draft_takes_no_codes_either(self, referrals: Desk, somebody: Caller, southwark: UUID) -> None:
        secret = new_secret()
        draft = referrals.ask(contract.START_DRAFT, somebody, kind="self", secret=secret)
        referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=secret, email=EMAIL)
        assert mailed(referrals, southwark, "refer_code") == []

    def test_another_address_must_be_proved_before_anything_more_is_kept(self, referrals: Desk, somebody: Caller, southwark: UUID) -> None:
        secret = new_secret()
        draft = proven(referrals, somebody, secret)
        referrals.ask(contract.ASK_CODE, somebody, draft_id=draft["id"], secret=secret, email="other@nhs.example")
        with pytest.raises(Conflict):
            written(referrals, somebody, draft, secret)

    @staticmethod
    def _proof(desk: Desk, by: Caller, draft: dict[str, Any], secret: str, code: str) -> dict[str, Any]:
        return desk.ask(contract.PROVE_MAIL, by, draft_id=draft["id"], secret=secret, code=code)


def test_a_borough_that_is_being_set_up_takes_no_drafts(referrals: Desk) -> None:
    borough_id = new_id()
    with referrals.work("referrals", borough_id) as work:
        keep_borough(work, Borough(borough_id, f"b-{uuid4().hex[:8]}", "Southwark", "Stay & Play", practice=True, sequence=1, opened=False))
    with pytest.raises(NotOpen):
        referrals.ask(contract.START_DRAFT, stranger(borough_id), kind="professional", secret=new_secret())
