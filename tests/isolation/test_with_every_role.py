"""Whatever the document lets through, sent with every role's session: no 5xx, and no answer that the document does not describe.

pytest runs this module last of its folder, by its name: what it sends changes a great deal of our own borough. `make test-isolation` sends
a few requests of each operation, the same at each run, as some who may and as some who may not, in turn; `make test-deep` sends many
as everybody, others at each run.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from gateway.access.roles import ALLOWED_TO_ANYBODY, permissions_of
from gateway.access.scopes import SCOPES
from gateway.api.document import PERMISSION
from tests.support.gateway import application
from tests.support.installation import SECRETS
from tests.support.isolation.described import well
from tests.support.isolation.requests import Operation, operations
from tests.support.isolation.side_by_side import NOBODY, SideBySide, is_deep
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 60 if is_deep() else 2

OF_WHO_ASKS = ("/operator/", "/people/", "/systems/")
"""Parts of addresses at which a change of our own would end who asks: our borough, a membership, a system's token."""

DOCUMENT = application().test_client().get("/api/openapi.json").get_json()
api = schemathesis.openapi.from_dict(DOCUMENT)


EVERY = [one.name for one in operations(DOCUMENT)]
MAY, MAY_NOT = 3, 2
"""As how many who may, and who may not, each operation is asked."""
ROLES_HELD = {
    "administrator": permissions_of(["administrator"], "camhs"),
    "camhs": permissions_of(["practitioner"], "camhs"),
    "adult": permissions_of(["practitioner"], "adult_mental_health"),
    "facilitator": permissions_of(["facilitator"], "childrens_centre"),
    "referrer": permissions_of(["referrer"], "referring"),
    "commissioner": permissions_of(["commissioner"], "referring"),
    "records": permissions_of(["records_lead"], "camhs"),
    "system": frozenset(SCOPES),
    "operator": frozenset(),
    NOBODY: ALLOWED_TO_ANYBODY,
}


def may_use(who: str, operation: Operation) -> bool:
    """Tell whether somebody may use an operation by what they are; what needs no permission is for all."""
    if "/operator/" in operation.address:
        return who == "operator"
    permission = DOCUMENT["paths"][operation.address][operation.method.lower()].get(PERMISSION)
    return permission is None or permission in ROLES_HELD[who]


def from_on(people: Sequence[str], number: int) -> list[str]:
    """Return people in their order, beginning with another one at each number."""
    start = number % len(people) if people else 0
    return [*people[start:], *people[:start]]


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

    def in_turn(self, operation: Operation) -> Mapping[str, str]:
        """Return the tokens of some who may and of some who may not, others from operation to operation; `make test-deep` asks as all."""
        every = self.awake()
        if is_deep():
            return every
        number = EVERY.index(operation.name)
        may = [who for who in every if may_use(who, operation)]
        may_not = [who for who in every if who not in may]
        return {who: every[who] for who in [*from_on(may, number)[:MAY], *from_on(may_not, number)[:MAY_NOT]]}

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


@api.parametrize()
@settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    derandomize=not is_deep(),
    suppress_health_check=list(HealthCheck),
)
def test_every_request_of_every_role_gets_an_answer_that_the_document_describes(
    case: schemathesis.Case[Any], boroughs: SideBySide, everybody: Everybody, by_name: Mapping[str, Operation]
) -> None:
    """About our own things; but with an unknown identifier where a change of one of our own would end who asks."""
    operation = by_name[f"{case.method.upper()} {case.operation.path}"]
    if operation.method == "GET" or not any(part in operation.address for part in OF_WHO_ASKS):
        case.path_parameters |= boroughs.made.request(operation).path
    for who, token in everybody.in_turn(operation).items():
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = case.call(base_url=boroughs.whole.url, session=everybody.connections[who], headers=headers)
        everybody.heard(who, operation.address, answer.status_code)
        case.validate_response(answer, checks=CHECKS, excluded_checks=[])
        assert answer.status_code < 500, f"{operation.name} as {who}: {answer.text}"  # here every part of the platform is there


def test_everybody_who_asks_is_known_here(everybody: Everybody) -> None:
    assert everybody.tokens.keys() == ROLES_HELD.keys()
    asked = {who for number in range(len(EVERY)) for who in from_on(list(ROLES_HELD), number)[:MAY]}
    assert asked == ROLES_HELD.keys()


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
