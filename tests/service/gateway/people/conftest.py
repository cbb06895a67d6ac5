"""People of the tests on sign-in: each test begins without failed attempts and without mails."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.gateway import Borough, Gateway, Someone
from tests.support.mailing import change


@pytest.fixture(autouse=True)
def clean(gateway: Gateway) -> Iterator[None]:
    change(gateway.database, "DELETE FROM identity.attempts")
    change(gateway.database, "DELETE FROM mails")
    yield
    change(gateway.database, "DELETE FROM identity.attempts")


@pytest.fixture(scope="module")
def invitation(southwark: Borough, administrator: Someone) -> dict[str, Any]:
    """Of Ruth, who has joined."""
    made = southwark.invite(administrator, "Ruth Osei", ["facilitator"], "childrens_centre")
    southwark.join(made)
    return made


@pytest.fixture
def ruth(southwark: Borough, invitation: dict[str, Any]) -> Someone:
    """Ruth, in a session of the test's own."""
    return southwark.sign_in(invitation["email"])


@pytest.fixture
def browser(gateway: Gateway) -> FlaskClient:
    """Somebody's browser."""
    return gateway.app.test_client()
