"""People of a real borough, in which whoever reads families needs a second factor."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.factors import Phone
from tests.support.gateway import Borough, Gateway, Someone

Clinician = tuple[Someone, str, Phone]


@pytest.fixture(scope="module")
def real(gateway: Gateway) -> Borough:
    return gateway.onboard(name="Camden", gss_code="E09000007", practice=False)


@pytest.fixture(scope="module")
def head(real: Borough) -> Someone:
    """The administrator, who reads no family and needs no second factor."""
    return real.administrator()


@pytest.fixture(autouse=True)
def nothing_of_the_test_before(gateway: Gateway) -> Iterator[None]:
    """Each test begins without wrong codes, with sessions that were confirmed just now."""
    change(gateway, "DELETE FROM identity.attempts")
    yield
    change(gateway, "DELETE FROM identity.attempts")
    change(gateway, "UPDATE identity.sign_ins SET confirmed_at = now()")


@pytest.fixture
def clinician(real: Borough, head: Someone) -> Clinician:
    """A practitioner with an app, whose session has proved it."""
    return joined(real, head)


@pytest.fixture
def newcomer(real: Borough, head: Someone) -> tuple[Someone, str]:
    """A practitioner who has just joined and has set nothing up."""
    invitation = real.invite(head, "Nia Newcomer", ["practitioner"], "camhs")
    real.gateway.anyone.post(f"/api/v1/invitations/{invitation['token']}", {"password": "three quiet words"})
    return real.sign_in(invitation["email"], prove=False), invitation["email"]


@pytest.fixture
def mails(gateway: Gateway) -> Callable[[str], list[str]]:
    """Tells the subjects of what waits to be sent to an address."""

    def subjects(email: str) -> list[str]:
        with gateway.database.platform_session() as session:
            rows = session.execute(text("SELECT subject FROM mails WHERE recipient = :email ORDER BY created_at"), {"email": email})
            return [row[0] for row in rows]

    return subjects


def joined(real: Borough, head: Someone, role: str = "practitioner", kind: str = "camhs") -> Clinician:
    """Return somebody who has joined and set up an app."""
    invitation = real.invite(head, "Ruth Osei", [role], kind)
    someone = real.join(invitation)
    return someone, invitation["email"], real.phones[invitation["email"]]


def change(gateway: Gateway, sql: str, **values: Any) -> None:
    """Change what is kept, as time or an intruder would."""
    with gateway.database.platform_session() as session:
        session.execute(text(sql), values)
        session.commit()
