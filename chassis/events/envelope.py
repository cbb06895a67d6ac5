"""The envelope of an event: CloudEvents 1.0 in JSON, with the borough and the producer's signature.

Beside the attributes of the standard (``specversion``, ``id``, ``source``, ``type``, ``subject``, ``time``,
``datacontenttype``, ``data``) it carries extensions: ``borough``, ``sequence`` (version of the subject), ``correlation``,
``acting`` (the event is dated at a practice borough's moment) and ``signature``, which covers all the others.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, Self
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from chassis.contract import EventType, ReceivedEvent
from chassis.events.faults import Malformed, Unverified
from chassis.schemas import Contract, instance_of, whatever_day_it_is
from chassis.signing import Signer, Verifier

CONTENT_TYPE = "application/cloudevents+json"
LARGEST_BYTES = 1_048_576
_PURPOSE = b"stayplay.event.v1\n"  # so that no signature made for another purpose passes for an event's
_CORRELATION = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_TYPE = re.compile(r"[a-z_]+\.[a-z_]+\.[a-z_]+\Z")
_LARGEST_SEQUENCE = 2**63 - 1


class EnvelopeSchema(Contract):
    """The attributes of an envelope; an unknown one is refused."""

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.UUID(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True, validate=validate.Regexp(_TYPE))
    subject = fields.UUID(required=True)
    time = fields.AwareDateTime(required=True, default_timezone=None)
    datacontenttype = fields.String(required=True, validate=validate.Equal("application/json"))
    borough = fields.UUID(required=True)
    sequence = fields.Integer(required=True, strict=True, validate=validate.Range(0, _LARGEST_SEQUENCE))
    correlation = fields.String(required=True, validate=validate.Regexp(_CORRELATION))
    acting = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    signature = fields.String(load_default="")
    data = fields.Dict(keys=fields.String(), required=True)


_SCHEMA = EnvelopeSchema()


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event on its way from one service to another.

    Attributes:
        id: the event's; the same each time it is sent.
        type: for example ``referrals.referral.accepted``; its first word is the service that tells of it.
        subject: what it is about.
        sequence: version of the subject that it tells of.
        borough_id: the only borough that handling it may touch.
        time: when it happened; the acting moment in a practice borough.
        acting: ``time`` is such an acting moment.
        correlation_id: ties it to the request that caused it.
        data: JSON, not yet loaded through the contract of its type.
    """

    id: UUID
    type: str
    subject: UUID
    sequence: int
    borough_id: UUID
    time: datetime
    correlation_id: str
    data: dict[str, Any]
    acting: bool = False

    @property
    def service(self) -> str:
        """The service that tells of it."""
        return self.type.partition(".")[0]

    @property
    def about(self) -> set[UUID]:
        """The families that it may be about: its subject, and what its data call ``family_id``."""
        named = self.data.get("family_id")
        try:
            return {self.subject, UUID(named)} if isinstance(named, str) else {self.subject}
        except ValueError:
            return {self.subject}

    def document(self) -> dict[str, Any]:
        """Return it as JSON-ready CloudEvents attributes, without a signature."""
        attributes: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": source_of(self.service),
            "type": self.type,
            "subject": str(self.subject),
            "time": self.time.astimezone(UTC).isoformat(),
            "datacontenttype": "application/json",
            "borough": str(self.borough_id),
            "sequence": self.sequence,
            "correlation": self.correlation_id,
            "data": self.data,
        }
        return {**attributes, "acting": True} if self.acting else attributes

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the envelope that ``document`` describes.

        Raises:
            Malformed: it does not describe one; the message names attributes, not what is in them.
        """
        try:
            loaded = _SCHEMA.load(document)
        except ValidationError as fault:
            raise Malformed(f"attributes: {_names(fault)}") from None
        try:
            time = loaded["time"].astimezone(UTC)
        except OverflowError:
            raise Malformed("attributes: ['time']") from None
        envelope = cls(
            loaded["id"],
            loaded["type"],
            loaded["subject"],
            loaded["sequence"],
            loaded["borough"],
            time,
            loaded["correlation"],
            loaded["data"],
            loaded["acting"],
        )
        if loaded["source"] != source_of(envelope.service):
            raise Malformed("source is not the service of the type")
        return envelope

    def sealed(self, signer: Signer) -> bytes:
        """Return it as the body of a message, signed.

        Raises:
            Malformed: nobody would take it.
        """
        document = self.document()
        self.from_document(document)
        return _canonical({**document, "signature": signer.sign(_PURPOSE + _canonical(document))})

    def received(self, event_type: EventType) -> ReceivedEvent:
        """Return the event as a handler gets it, its data loaded through the contract.

        Raises:
            ValueError: the data does not fit the contract; the message names fields, not what is in them.
        """
        try:
            with whatever_day_it_is():
                data = instance_of(event_type.schema).load(self.data)
        except ValidationError as fault:
            raise ValueError(f"{self.type} does not fit its contract: {_names(fault)}") from None
        return ReceivedEvent(self.id, self.type, self.subject, self.sequence, self.borough_id, self.time, self.correlation_id, data)


def opened(body: bytes, verifiers: Mapping[str, Verifier]) -> Envelope:
    """Return the envelope in the body of a message, once its signature is known to be its producer's.

    Args:
        body: what came.
        verifiers: by service.

    Raises:
        Malformed: it is not an envelope.
        Unverified: it is not signed by the service whose event it claims to be.
    """
    document = _read(body)
    envelope = Envelope.from_document(document)
    signature = document.pop("signature", "")
    verifier = verifiers.get(envelope.service)
    if verifier is None or not verifier.verify(_PURPOSE + _canonical(document), signature):
        raise Unverified(f"not signed by {envelope.service}")
    return envelope


def source_of(service: str) -> str:
    """Return the CloudEvents ``source`` of what a service tells."""
    return f"/stayplay/{service}"


def _read(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_BYTES:
        raise Malformed("too large")
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed("not JSON in UTF-8") from None
    if not isinstance(document, dict):
        raise Malformed("not an object")
    return document


def _names(fault: ValidationError) -> list[str]:
    """Return which fields are at fault; not what is in them."""
    return sorted(map(str, fault.messages)) if isinstance(fault.messages, dict) else ["document"]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _canonical(document: Mapping[str, Any]) -> bytes:
    """Return the one way of writing ``document``: sorted keys, no blanks, ASCII.

    Raises:
        Malformed: it holds a number without end (``1e999`` is read as one), or is nested too deeply.
    """
    try:
        return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise Malformed("data that can't be written as JSON") from None
