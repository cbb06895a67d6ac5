"""Whatever people do in whatever order: agreed means two people of both agencies under the present version."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Event
from chassis.errors import StayPlayError
from chassis.ids import new_id
from services.assessments import contract
from services.assessments.models import Visit
from tests import factories
from tests.unit.assessments.conftest import BOROUGH, halves, opened, visit_request

RUTH = factories.caller(BOROUGH, name="Ruth Osei")
PEOPLE = [
    RUTH,
    replace(RUTH, person_id=new_id(), person_name="Ada Nwosu"),
    factories.caller(BOROUGH, name="Kit Ward"),
    factories.caller(BOROUGH, kind="adult_mental_health", name="Paul Lang"),
    factories.caller(BOROUGH, kind="adult_mental_health", name="Mei Chen"),
    factories.caller(BOROUGH, kind="childrens_centre", name="Amina Khan"),
    replace(RUTH, agency_id=None, agency_kind="", person_id=new_id(), person_name="Nobody"),
]
PEOPLE.append(replace(PEOPLE[3], person_id=RUTH.person_id))  # Ruth, after a move to the other agency
WORDS = st.sampled_from(["", "Cautious", "Settles with his father", "Laughs"])
VERSIONS = st.integers(-1, 0)


class JointWork(RuleBasedStateMachine):
    """People of several agencies work on one assessment at once, some of them on what they opened a while ago."""

    def __init__(self) -> None:
        super().__init__()
        self.assessment = opened()
        self.visit: Visit | None = None
        self.agreements: list[Event] = []
        self.past: set[int] = set()

    @initialize(begun=st.sampled_from(["blank", "visited", "written", "written"]))
    def begin(self, begun: str) -> None:
        """Begin at different stages, so that signing is tried as often as arranging."""
        if begun != "blank":
            self.arrange_visit(60)
            self.end_visit("done")
        if begun == "written":
            self.edit(RUTH, 0, "", "decided")

    def tried(self, what: Any, *given: Any) -> Any:
        """Do it if it is allowed; a refusal leaves everything as it was."""
        before = self.state()
        try:
            return what(*given)
        except StayPlayError:
            assert self.state() == before
            return None

    def state(self) -> Any:
        """Return all that a refused attempt must not change."""
        own, signed = self.assessment, [(each.id, each.withdrawn_at) for each in self.assessment.signatures]
        return own.status, own.version, own.sequence, own.content, signed, len(own.versions), len(own.disagreements)

    @rule(ago=st.integers(-60, 60))
    def arrange_visit(self, ago: int) -> None:
        request = visit_request(clock.now() - timedelta(minutes=ago))
        self.visit = self.tried(self.assessment.arrange_visit, request, clock.now()) or self.visit

    @precondition(lambda self: self.visit is not None)
    @rule(status=st.sampled_from(["done", "done", "missed", "cancelled"]))
    def end_visit(self, status: str) -> None:
        self.tried(self.assessment.end_visit, self.visit, status, None, clock.now())

    @rule(by=st.sampled_from(PEOPLE), back=VERSIONS, words=WORDS, stage=st.sampled_from(["decided", "decided", "undecided"]))
    def edit(self, by: Caller, back: int, words: str, stage: str) -> None:
        record = halves(shared=words, **({} if stage == "decided" else {"decision": None}))
        self.tried(self.assessment.edit, self.assessment.version + back, record, by, clock.now())

    @rule(by=st.sampled_from(PEOPLE), back=VERSIONS)
    def sign(self, by: Caller, back: int) -> None:
        self.agreements += self.tried(self.assessment.sign, self.assessment.version + back, by, clock.now()) or []

    @rule(by=st.sampled_from(PEOPLE), back=VERSIONS)
    def disagree(self, by: Caller, back: int) -> None:
        self.tried(self.assessment.disagree, self.assessment.version + back, "I see it differently", by, clock.now())

    @invariant()
    def agreed_means_two_people_of_both_agencies_under_the_present_version(self) -> None:
        signed = self.assessment.standing
        people = {signature.person_id for signature in signed}
        agencies = {signature.agency_id for signature in signed}
        kinds = {signature.agency_kind for signature in signed}
        both = len(signed) == len(people) == len(agencies) == 2 and kinds == set(contract.SIDES)
        assert (self.assessment.status == "agreed") == both
        assert all(signature.version == self.assessment.version for signature in signed)

    @invariant()
    def no_two_standing_signatures_of_one_side_ever(self) -> None:
        kinds = [signature.agency_kind for signature in self.assessment.standing]
        assert len(kinds) == len(set(kinds))

    @invariant()
    def it_is_agreed_once_and_with_a_decision(self) -> None:
        assert len(self.agreements) == (self.assessment.status == "agreed")
        assert self.assessment.status != "agreed" or self.assessment.content["decision"]

    @invariant()
    def every_version_is_kept_and_the_newest_is_what_stands(self) -> None:
        numbers = [version.version for version in self.assessment.versions]
        assert numbers == list(range(self.assessment.version, 0, -1))
        assert self.assessment.versions[0].content == self.assessment.content


TestJointWork = JointWork.TestCase
TestJointWork.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
