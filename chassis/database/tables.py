"""The tables that every service's database has, whatever the service is about. How they change: `chassis.database.evolving`.

* ``outbox``: events that were committed with the change they tell of; ``sent_at`` once the broker has them.
* ``inbox``: what each handler did with each event.
* ``answers``: the answer to each change, by idempotency key.
* ``audit``: who read or changed what, each entry chained to the one before. The application's role may only add and read.
* ``audit_seals``: signed statements of how the chain of a borough ended at a moment.
* ``boroughs``: the boroughs this service knows.
* ``restrictions``: who may see each restricted family, by person: until when, and why it was asked for. Row-level security
  goes by it.
* ``record_marks``: what was decided about a family's whole record: held, not to be used, erased. See docs/decisions/0035.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.base import NAMING

metadata = MetaData(naming_convention=NAMING)
_NOW = text("clock_timestamp()")


def _moment(name: str, *, nullable: bool = False, default: bool = False) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=_NOW if default else None)


outbox = Table(
    "outbox",
    metadata,
    Column("borough_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    _moment("time"),
    Column("correlation_id", Text, nullable=False),
    Column("acting", Boolean, nullable=False, server_default=false()),
    Column("data", JSONB, nullable=False),
    _moment("created_at", default=True),
    _moment("sent_at", nullable=True),
    PrimaryKeyConstraint("borough_id", "id"),
)
Index("ix_outbox_unsent", outbox.c.created_at, postgresql_where=outbox.c.sent_at.is_(None))
Index("ix_outbox_sent", outbox.c.sent_at, postgresql_where=outbox.c.sent_at.is_not(None))

inbox = Table(
    "inbox",
    metadata,
    Column("borough_id", Uuid, nullable=False),
    Column("handler", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("state", Text, nullable=False, server_default="handled"),
    Column("attempts", Integer, nullable=False, server_default="1"),
    _moment("next_attempt_at", nullable=True),
    Column("envelope", JSONB, nullable=True),
    Column("error_reference", Text, nullable=True),
    _moment("at", default=True),
    PrimaryKeyConstraint("borough_id", "handler", "event_id"),
    CheckConstraint("state IN ('handled', 'retrying', 'dead')", name="state"),
)
Index("ix_inbox_due", inbox.c.next_attempt_at, postgresql_where=inbox.c.state == "retrying")
Index("ix_inbox_dead", inbox.c.at, postgresql_where=inbox.c.state == "dead")
Index("ix_inbox_at", inbox.c.at, postgresql_where=inbox.c.state == "handled")

answers = Table(
    "answers",
    metadata,
    Column("borough_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("answer", JSONB, nullable=True),
    _moment("at", default=True),
    PrimaryKeyConstraint("borough_id", "person_id", "key"),
)
Index("ix_answers_at", answers.c.borough_id, answers.c.at)

audit = Table(
    "audit",
    metadata,
    Column("borough_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    _moment("at"),
    _moment("recorded_at", default=True),
    Column("person_id", Uuid, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("family_id", Uuid, nullable=True),
    Column("subject_id", Uuid, nullable=True),
    Column("facts", JSONB, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("roles", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=True),
    Column("changes", JSONB, nullable=True),
    Column("salt", LargeBinary, nullable=True),
    Column("details_digest", LargeBinary, nullable=True),
    PrimaryKeyConstraint("borough_id", "id"),
    UniqueConstraint("borough_id", "number"),
    CheckConstraint("kind IN ('read', 'change', 'security')", name="kind"),
)
Index("ix_audit_at", audit.c.borough_id, audit.c.at, audit.c.id)
Index("ix_audit_person", audit.c.borough_id, audit.c.person_id, audit.c.at, audit.c.id)
Index("ix_audit_family", audit.c.borough_id, audit.c.family_id, audit.c.at, audit.c.id, postgresql_where=audit.c.family_id.is_not(None))
Index("ix_audit_operation", audit.c.borough_id, audit.c.operation, audit.c.at, audit.c.id)
Index("ix_audit_subject", audit.c.borough_id, audit.c.subject_id, audit.c.at, audit.c.id, postgresql_where=audit.c.subject_id.is_not(None))
Index("ix_audit_security", audit.c.borough_id, audit.c.at, audit.c.id, postgresql_where=audit.c.kind == "security")
Index("ix_audit_reason", audit.c.borough_id, audit.c.at, audit.c.id, postgresql_where=audit.c.reason.is_not(None))

audit_seals = Table(
    "audit_seals",
    metadata,
    Column("borough_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    _moment("at"),
    Column("signature", Text, nullable=False),
    PrimaryKeyConstraint("borough_id", "number"),
)

boroughs = Table(
    "boroughs",
    metadata,
    Column("borough_id", Uuid, nullable=False),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("programme_name", Text, nullable=False),
    Column("practice", Boolean, nullable=False, server_default=false()),
    Column("policy", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("sequence", BigInteger, nullable=False, server_default="0"),
    Column("suspended", Boolean, nullable=False, server_default=false()),
    Column("opened", Boolean, nullable=False, server_default=true()),
    PrimaryKeyConstraint("borough_id"),
)

restrictions = Table(
    "restrictions",
    metadata,
    Column("borough_id", Uuid, nullable=False),
    Column("family_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("in_force", Boolean, nullable=False),
    Column("access", JSONB, nullable=False),
    PrimaryKeyConstraint("borough_id", "family_id"),
)

record_marks = Table(
    "record_marks",
    metadata,
    Column("borough_id", Uuid, nullable=False),
    Column("family_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("limited", Boolean, nullable=False),
    Column("erased", Boolean, nullable=False),
    PrimaryKeyConstraint("borough_id", "family_id"),
)
