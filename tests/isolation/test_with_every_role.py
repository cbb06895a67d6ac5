"""Whatever the document lets through, sent with every role's session: no 5xx, and no answer that the document does not describe.

pytest runs this module last of its folder, by its name: what it sends changes a great deal of our own borough. `make test` sends
a few requests of each operation, the same at each run; `make test-deep` sends many, others at each run.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.support.gateway import application
from tests.support.installation import SECRETS
from tests.support.isolation.described import well
from tests.support.isolation.requests import Operation
from tests.support.isolation.side_by_side import NOBODY, SideBySide
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
IS_DEEP = settings.get_current_profile_name() == "deep"
EXAMPLES = 60 if IS_DEEP else 2

OF_WHO_ASKS = ("/operator/", "/people/", "/systems/")
"""Parts of addresses at which an own identifier would end who asks: our borough, a membership, a system's token."""

api = schemathesis.openapi.from_dict(application().test_client().get("/api/openapi.json").get_json())


class Everybody:
    """A session of every role, the token of a system, the operators' and none at all.

    Attributes:
        answers: how many there were, by who asked and status.
    """

    def __init__(self, boroughs: SideBySide) -> None:
        self._boroughs = boroughs
        self.tokens = {who: asker.token for who, asker in boroughs.askers.items()} | {"operator": SECRETS["OPERATOR_TOKEN"]}
        self.answers: dict[str, Counter[int]] = defaultdict(Counter)
        self._asleep: set[str] = set()
        self.connections = {who: requests.Session() for who in self.tokens}
        for connection in self.connections.values():
            connection.trust_env = False  # looking for proxies takes longer than asking

    def awake(self) -> Mapping[str, str]:
        """Return the tokens; somebody whose session was ended by what was sent before signs in again."""
        for who in sorted(self._asleep):
            member = self._boroughs.here.borough.members[who]
            self.tokens[who] = member.client.signed_in(member.email, self._boroughs.here.borough.password).token
        self._asleep.clear()
        return self.tokens

    def heard(self, who: str, address: str, status: int) -> None:
        """Keep what somebody was answered."""
        self.answers[who][status] += 1
        is_for_them = "/operator/" not in address and address != "/api/v1/session"
        if status == 401 and is_for_them and who in self._boroughs.here.borough.members:
            self._asleep.add(who)


@pytest.fixture(scope="module")
def everybody(boroughs: SideBySide) -> Iterator[Everybody]:
    made = Everybody(boroughs)
    yield made
    for connection in made.connections.values():
        connection.close()


@pytest.fixture(scope="module")
def by_name(boroughs: SideBySide) -> Mapping[str, Operation]:
    return {operation.name: operation for operation in boroughs.operations}


def test_everything_that_was_answered_so_far_is_as_the_document_describes_it(boroughs: SideBySide) -> None:
    """All that the other modules asked with valid requests, by whomever: its status, its type and every field."""
    answers = boroughs.described.answers
    tell(f"{answers.total()} answers held against the document, {well(answers)} of them of requests that did what they say")
    assert well(answers) > 500
    assert sorted(boroughs.described.undescribed) == []


@api.parametrize()
@settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    derandomize=not IS_DEEP,
    suppress_health_check=list(HealthCheck),
)
def test_every_request_of_every_role_gets_an_answer_that_the_document_describes(
    case: schemathesis.Case[Any], boroughs: SideBySide, everybody: Everybody, by_name: Mapping[str, Operation]
) -> None:
    """About our own things; but with an unknown identifier where one of our own would end who asks."""
    operation = by_name[f"{case.method.upper()} {case.operation.path}"]
    if not any(part in operation.address for part in OF_WHO_ASKS):
        case.path_parameters |= boroughs.made.request(operation).path
    for who, token in everybody.awake().items():
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = case.call(base_url=boroughs.whole.url, session=everybody.connections[who], headers=headers)
        everybody.heard(who, operation.address, answer.status_code)
        case.validate_response(answer, checks=CHECKS, excluded_checks=[])
        assert answer.status_code < 500, f"{operation.name} as {who}: {answer.text}"  # here every part of the platform is there


def test_every_role_was_let_in_and_refused(boroughs: SideBySide, everybody: Everybody) -> None:
    """To the end, or nothing would have been tried with it."""
    with boroughs.whole.client() as http:
        for who in boroughs.here.sessions:
            answer = http.get(f"/api/v1/{boroughs.here.borough.slug}/me", headers={"Authorization": f"Bearer {everybody.awake()[who]}"})
            assert answer.status_code == (403 if who == "system" else 200), who
    told = {who: f"{well(counted)} of {counted.total()} done" for who, counted in everybody.answers.items()}
    tell(f"{told}")
    for who, counted in everybody.answers.items():
        assert well(counted) >= 3 or who == NOBODY, f"{who}: {counted}"
        assert counted[403] + counted[401] > 5, f"{who}: {counted}"
