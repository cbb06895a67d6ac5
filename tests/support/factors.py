"""Somebody with a second factor, for tests in real boroughs.

    someone = borough.join(borough.invite(administrator, "Ruth Osei", ["practitioner"], "camhs"))

is all that most tests need: `tests.support.gateway.Borough.sign_in` enrols an authenticator app by itself where a role
needs one, keeps it by mail address, and proves it at each later sign-in. A test that looks at a session which has *not*
proved anything says ``borough.sign_in(email, prove=False)``. By hand:

    phone = enrol(someone)            # sets an app up by the API; someone's token is the proved session's from now on
    prove(other_session, phone)       # proves a session of the same person; its token changes too
    phone.code()                      # a code that was not used yet: of the app, or else a recovery code
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

from gateway.people.factors.totp import SKEW_STEPS, code_at, step_at
from gateway.people.models import real_now


class Asks(Protocol):
    """Whoever sends requests with a token: `Someone`, or the like."""

    token: str

    def post(self, path: str, body: Any = None) -> Any:
        """Change something."""


@dataclass
class Phone:
    """An authenticator app, and the recovery codes that were printed when it was set up.

    Attributes:
        last_step: the step of the last code that was given out; a code works once.
    """

    secret: str
    recovery_codes: list[str] = field(default_factory=list)
    last_step: int = 0

    def code(self) -> str:
        """Return a code that works now and was not given out: within a minute a few of the app, then recovery codes."""
        here = step_at(real_now())
        step = max(here - SKEW_STEPS, self.last_step + 1)
        if step > here + SKEW_STEPS:
            return self.recovery_codes.pop()
        self.last_step = step
        return code_at(self.secret, step)


def enrol(someone: Asks) -> Phone:
    """Set up an app for somebody who has signed in just now; their session has proved it from then on."""
    phone = Phone(someone.post("/api/v1/account/factors/authenticator").json["secret"])
    answer = someone.post("/api/v1/account/factors/authenticator/confirm", {"code": phone.code()})
    assert answer.status_code == 201, answer.json
    phone.recovery_codes = answer.json["recovery_codes"]
    someone.token = answer.json["token"]
    return phone


def prove(someone: Asks, phone: Phone) -> None:
    """Prove the second factor of a session."""
    answer = someone.post("/api/v1/session/second-factor", {"code": phone.code()})
    assert answer.status_code == 200, answer.json
    someone.token = answer.json["token"]


def code_now(secret: str, *, steps: int = 0) -> str:
    """Return what an app with this secret shows now, or so many steps of 30 seconds from now."""
    return code_at(secret, step_at(real_now()) + steps)
