"""The description of what crosses between services: operations and events.

A service's ``contract.py`` declares its own with these; whoever calls the service
or listens to it imports that file and nothing else of the service.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from marshmallow import Schema


@dataclass(frozen=True, slots=True)
class Operation:
    """One call that a service answers.

    Attributes:
        service: name of the service, for example ``referrals``.
        name: name of the method that answers, for example ``accept``.
        permission: what the caller must hold; checked where the unit of work opens.
        request: schema of the arguments; an unknown one is refused.
        reply: schema of the answer.
        changes: it writes, so it carries an idempotency key that is kept with its answer.
        keeps: it goes on where a family's record may not be used: it keeps, corrects, gives out or erases the record, or writes down
            what happens anyway. See docs/decisions/0035.
    """

    service: str
    name: str
    permission: str
    request: type[Schema]
    reply: type[Schema]
    changes: bool = False
    keeps: bool = False

    @property
    def full_name(self) -> str:
        """Return the name with its service, for example ``referrals.accept``."""
        return f"{self.service}.{self.name}"

    @property
    def lists(self) -> bool:
        """Whether it answers with a page of a list, whose query and count the audit trail holds."""
        return not self.changes and "items" in self.reply._declared_fields  # noqa: SLF001 - the declared fields, without making an instance; marshmallow names no other way


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of thing that happens, named ``service.aggregate.what`` in the past tense."""

    name: str
    schema: type[Schema]

    @property
    def service(self) -> str:
        """Return the service that publishes it."""
        return self.name.split(".", 1)[0]

    def __call__(self, subject: UUID, sequence: int, **data: object) -> "Event":
        """Return an event of this type about ``subject`` at version ``sequence`` of it."""
        return Event(self, subject, sequence, data)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, not yet published: the unit of work puts it in the outbox."""

    type: EventType
    subject: UUID
    sequence: int
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event as a handler gets it: signature checked, data loaded through its schema."""

    id: UUID
    type: str
    subject: UUID
    sequence: int
    borough_id: UUID
    time: datetime
    correlation_id: str
    data: dict[str, object]
