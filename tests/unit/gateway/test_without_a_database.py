"""Where the database is away, the gateway says so, and says nothing else."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/api/v1/southwark/me", "/api/v1/invitations/abc"])
def test_whoever_asks_is_told_to_try_again(http: FlaskClient, path: str) -> None:
    answer = http.get(path, headers={"Authorization": "Bearer abc"})
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "unavailable"
    assert "postgresql" not in answer.text
    assert "nobody" not in answer.text


def test_the_document_needs_no_database(http: FlaskClient) -> None:
    assert http.get("/api/openapi.json").status_code == 200
