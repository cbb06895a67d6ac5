"""Whatever the document lets through, sent with every role's session: no 5xx, and no answer that the document does not describe.

pytest runs this module last of its folder, by its name: what it sends changes a great deal of our own borough.
"""

from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.support.gateway import application
from tests.support.installation import SECRETS
from tests.support.isolation.answers import Asker
from tests.support.isolation.requests import Operation
from tests.support.isolation.side_by_side import NOBODY, SideBySide

pytestmark = pytest.mark.timeout(300)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
NOT_READY = {503}
"""A part of the platform that says that it is not ready, or not there, says so with a problem of that name: here all are."""

api = schemathesis.openapi.from_dict(application().test_client().get("/api/openapi.json").get_json())


@pytest.fixture(scope="module")
def tokens(boroughs: SideBySide) -> Mapping[str, str]:
    """A token of every role, the operators' and none at all."""
    signed_in = {who: asker.token for who, asker in boroughs.askers.items() if who != NOBODY}
    return {**signed_in, "operator": SECRETS["OPERATOR_TOKEN"], NOBODY: ""}


@pytest.fixture(scope="module")
def by_name(boroughs: SideBySide) -> Mapping[str, Operation]:
    return {operation.name: operation for operation in boroughs.operations}


@api.parametrize()
@settings(max_examples=2, phases=[Phase.generate], deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_request_of_every_role_gets_an_answer_that_the_document_describes(
    case: schemathesis.Case[Any], boroughs: SideBySide, tokens: Mapping[str, str], by_name: Mapping[str, Operation]
) -> None:
    operation = by_name[f"{case.method.upper()} {case.operation.path}"]
    if "/operator/" not in operation.address:  # an operator who names our own borough may erase it
        case.path_parameters |= boroughs.made.request(operation).path
    for who, token in awake(boroughs, tokens).items():
        answer = case.call(base_url=boroughs.whole.url, headers={"Authorization": f"Bearer {token}"} if token else {})
        case.validate_response(answer, checks=CHECKS, excluded_checks=[])
        assert answer.status_code not in NOT_READY, f"{operation.name} as {who}: {answer.text}"


def awake(boroughs: SideBySide, tokens: Mapping[str, str]) -> Mapping[str, str]:
    """Return the tokens; somebody whose session was ended by what was sent before signs in again."""
    for who, member in boroughs.here.borough.members.items():
        asker = boroughs.askers.get(who)
        if asker and asker.send("GET", f"{boroughs.here.borough.base}/me").status == 401:
            token = member.client.signed_in(member.email, boroughs.here.borough.password).token
            asker.http.headers["Authorization"] = f"Bearer {token}"
            tokens[who] = token  # type: ignore[index]  # the fixture's own
    return tokens


def test_a_session_of_each_role_was_there_to_the_end(boroughs: SideBySide, tokens: Mapping[str, str]) -> None:
    for who, token in tokens.items():
        if who not in {NOBODY, "operator"}:
            asker = Asker(boroughs.whole.url, token, boroughs.here.borough.slug)
            assert asker.send("GET", f"{boroughs.here.borough.base}/me").status in {200, 401, 404}, who
            asker.close()
