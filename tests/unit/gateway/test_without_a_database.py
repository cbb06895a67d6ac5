"""Where the database is away, the gateway says so, and says nothing else."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.support.installation import SECRETS


@pytest.mark.parametrize("path", ["/api/v1/southwark/me", "/api/v1/invitations/abc"])
def test_whoever_asks_is_told_to_try_again(http: FlaskClient, path: str) -> None:
    answer = http.get(path, headers={"Authorization": "Bearer abc"})
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "unavailable"
    assert "postgresql" not in answer.text
    assert "nobody" not in answer.text


@pytest.mark.parametrize("path", ["departures", f"boroughs/{uuid4()}/departure", f"boroughs/{uuid4()}/certificate"])
def test_operators_are_told_so_of_boroughs_that_leave(http: FlaskClient, path: str) -> None:
    answer = http.get(f"/api/v1/operator/{path}", headers={"Authorization": f"Bearer {SECRETS['OPERATOR_TOKEN']}"})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
    assert "nobody" not in answer.text


def test_the_document_needs_no_database(http: FlaskClient) -> None:
    assert http.get("/api/openapi.json").status_code == 200
