"""Whatever the document of the API lets through, and whatever it does not: no request is too much for the gateway."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings

from tests.support.gateway import Borough, Gateway, Someone, application

EXPECTED = {"unavailable"}
"""No other service is there to answer."""


api = schemathesis.openapi.from_wsgi("/api/openapi.json", application())


@api.parametrize()
@settings(max_examples=3, phases=[Phase.generate], deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_request_gets_an_answer_that_says_what_is_wrong_with_it(
    case: schemathesis.Case[Any], gateway: Gateway, southwark: Borough, administrator: Someone
) -> None:
    if "borough" in case.path_parameters:
        case.path_parameters["borough"] = southwark.slug
    token = gateway.operator.token if "/operator/" in case.path else administrator.token
    answer = case.call(headers={"Authorization": f"Bearer {token}"}, app=gateway.app)  # not the one that the document was read from
    if answer.status_code >= 400:
        told = answer.json()
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert answer.status_code < 500 or told["code"] in EXPECTED, told
        assert told["status"] == answer.status_code
        assert told["title"]
        assert told["detail"]
