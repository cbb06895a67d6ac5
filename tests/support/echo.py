"""A service that answers calls without a database, for tests of the messaging and for the bench."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import eventlet
from nameko.extensions import DependencyProvider

from chassis import schemas, signing
from chassis.caller import Caller, TokenSigner
from chassis.contract import Operation
from chassis.database.answers import Answered
from chassis.database.trail import Trail
from chassis.errors import IdempotencyMismatch, InvalidTransition, NotFound
from chassis.rpc import rpc
from chassis.settings import Settings

SECRET = "Sinead Doyle, 07700 900123"


class Echoed(schemas.Contract):
    """What goes in and comes out."""

    text = schemas.text("Text", max_length=1_000_000, required=False)
    identifier = schemas.identifier(required=False)
    day = schemas.day("Day", required=False)
    moment = schemas.moment("Moment", required=False)
    amount = schemas.exact("Amount", required=False)
    number = schemas.whole("Number", ge=0, le=10**9, required=False)


class Seconds(schemas.Contract):
    """How long to take."""

    number = schemas.exact("Seconds", places=3)
    text = schemas.text("Text", required=False)


class Seen(schemas.Contract):
    """Who asked, as the service sees it."""

    identifier = schemas.identifier()
    text = schemas.text("Correlation id", required=False)


ECHO = Operation("echo", "echo", "echo.use", Echoed, Echoed)
SLOW = Operation("echo", "slow", "echo.use", Seconds, Echoed)
COUNT = Operation("echo", "count", "echo.use", Echoed, Echoed, changes=True)
WHO = Operation("echo", "who", "echo.use", schemas.Nothing, Seen)
MISSING = Operation("echo", "missing", "echo.use", schemas.Nothing, schemas.Nothing)
MOVED = Operation("echo", "moved", "echo.use", schemas.Nothing, schemas.Nothing)
BROKEN = Operation("echo", "broken", "echo.use", schemas.Nothing, schemas.Nothing)
FORBIDDEN = Operation("echo", "echo", "echo.administer", Echoed, Echoed)
ADMINISTER = Operation("echo", "administer", "echo.administer", schemas.Nothing, schemas.Nothing)
UNKNOWN = Operation("echo", "nobody_knows_this", "echo.use", schemas.Nothing, schemas.Nothing)
NOBODY = Operation("nobody", "echo", "echo.use", Echoed, Echoed)


@dataclass
class Ledger:
    """What the service did, across calls: a stand-in for its database."""

    started: list[str] = field(default_factory=list)
    committed: list[str] = field(default_factory=list)
    rolled_back: list[str] = field(default_factory=list)
    answers: dict[str, tuple[str, Any]] = field(default_factory=dict)


@dataclass
class EchoWork:
    """A unit of work that remembers in a `Ledger`."""

    caller: Caller
    operation: str
    ledger: Ledger
    key: str = ""
    fingerprint: str = ""
    trail: Trail = field(default_factory=Trail)

    def answered(self, key: str, fingerprint: str) -> Answered | None:
        """Return the answer that the key had before."""
        self.key, self.fingerprint = key, fingerprint
        earlier = self.ledger.answers.get(key)
        if earlier is None:
            return None
        if earlier[0] != fingerprint:
            raise IdempotencyMismatch
        return Answered(earlier[1])

    def keep_answer(self, answer: Any) -> None:
        """Keep the answer for the key."""
        self.ledger.answers[self.key] = (self.fingerprint, answer)


class EchoWorks(DependencyProvider):
    """Opens `EchoWork`s on the ledger in the container's configuration."""

    def get_dependency(self, worker_ctx: Any) -> "EchoWorks":
        """Return itself."""
        del worker_ctx
        return self

    @contextmanager
    def open(self, caller: Caller, permission: str, *, operation: str) -> Iterator[EchoWork]:
        """Open a unit of work that notes how it ended."""
        caller.require(permission)
        ledger: Ledger = self.container.config.setdefault("ledger", Ledger())
        ledger.started.append(operation)
        try:
            yield EchoWork(caller, operation, ledger)
        except BaseException:
            ledger.rolled_back.append(operation)
            raise
        ledger.committed.append(operation)


class EchoService:
    """Answers with what it was sent."""

    name = "echo"
    work = EchoWorks()

    @rpc(ECHO)
    def echo(self, uow: EchoWork, **values: Any) -> dict[str, Any]:
        """Send everything back."""
        return values

    @rpc(SLOW)
    def slow(self, uow: EchoWork, number: Decimal, text: str = "") -> dict[str, Any]:
        """Take that many seconds."""
        eventlet.sleep(float(number))
        return {"text": text}

    @rpc(COUNT)
    def count(self, uow: EchoWork, **values: Any) -> dict[str, Any]:
        """Return how many calls have changed something."""
        eventlet.sleep(0.01)
        return {"number": len(uow.ledger.committed) + 1}

    @rpc(WHO)
    def who(self, uow: EchoWork) -> dict[str, Any]:
        """Return the borough that the call is bound to."""
        from chassis import context

        return {"identifier": uow.caller.borough_id, "text": context.current().correlation_id}

    @rpc(MISSING)
    def missing(self, uow: EchoWork) -> None:
        """Say that something is not there."""
        raise NotFound

    @rpc(MOVED)
    def moved(self, uow: EchoWork) -> None:
        """Say that something can't be done, with facts."""
        raise InvalidTransition("It was closed already.", status="closed")

    @rpc(BROKEN)
    def broken(self, uow: EchoWork) -> None:
        """Fail with a personal datum in the exception's text."""
        raise RuntimeError(SECRET)

    @rpc(ADMINISTER)
    def administer(self, uow: EchoWork) -> None:
        """Do what only administrators may."""


GATEWAY = signing.new_pair()


def settings_for(uri: str, **values: Any) -> Settings:
    """Return settings of a service without a database."""
    return Settings("echo", uri, "", "", **{"public_keys": {"gateway": GATEWAY.public}, **values})


def token(*permissions: str, seconds: float = 300, borough_id: UUID | None = None, private: str = GATEWAY.private) -> str:
    """Return a caller token; by default one that may use the echo service."""
    caller = Caller(
        borough_id=borough_id or uuid4(),
        person_id=uuid4(),
        person_name="Amina Yusuf",
        member_id=uuid4(),
        permissions=frozenset(permissions or ("echo.use",)),
        expires_at=datetime.now(UTC) + timedelta(seconds=seconds),
    )
    return TokenSigner(private).sign(caller)
