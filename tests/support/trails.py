"""One borough's audit trail for tests: it grows, is sealed and proved, and somebody tampers with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg2
from psycopg2 import extensions

from chassis.auditing.proving import Chain, Proof
from chassis.auditing.seals import Head
from chassis.auditing.trail import seal_chains
from chassis.caller import Caller
from chassis.database import Database
from chassis.settings import AuditSettings
from chassis.signing import KeyPair, Signer, Verifier
from stayplay.audit.source import Source
from tests.support.database import Prepared
from tests.support.people import working
from tests.support.sample_service.models import Note


@dataclass
class Trail:
    """One borough's audit trail, and what can be done to it."""

    sample: Prepared
    database: Database
    caller: Caller
    keys: KeyPair

    @property
    def borough(self) -> UUID:
        return self.caller.borough_id

    def grow(self, times: int = 1) -> None:
        """Add entries as the service does: each a note about a family."""
        for _ in range(times):
            with working(self.database, self.caller, operation="sample.add_note") as work:
                work.notes.add(Note(words="Said little", family_id=uuid4()))
                work.because("they asked for it")

    def seal(self) -> int:
        return seal_chains(self.database, "sample", Signer(self.keys.private))

    @property
    def source(self) -> Source:
        urls = self.sample.urls
        return Source(AuditSettings("sample", urls["app"], urls["operator"], self.keys.public))

    def head(self) -> Head:
        return next(head for head in self.source.heads() if head.borough_id == self.borough)

    def proof(self, *heads: Head, keys: list[str] | None = None) -> Proof:
        """Prove the chain, as `stayplay audit verify` does."""
        verifiers = [Verifier(key) for key in keys or [self.keys.public]]
        with self.source.trail(self.borough) as (seals, entries):
            return Chain("sample", seals, verifiers, heads).prove(entries)

    @contextmanager
    def as_superuser(self) -> Iterator[extensions.cursor]:
        """Do what whoever has the server's password can do: past row-level security and past every trigger."""
        connection = psycopg2.connect(self.sample.admin_url)
        with connection, connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield cursor
        connection.close()

    def tamper(self, statement: str, *values: Any) -> None:
        """Run one statement as superuser; ``%(borough)s`` stands for the borough."""
        with self.as_superuser() as cursor:
            cursor.execute(statement, {"borough": str(self.borough), **{f"v{n}": value for n, value in enumerate(values)}})

    def put_in(self, number: int, *, like: int) -> None:
        """Write an entry past the trigger, as a copy of another."""
        with self.as_superuser() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE copied AS SELECT * FROM audit WHERE borough_id = %s AND number = %s", (str(self.borough), like)
            )
            cursor.execute("UPDATE copied SET number = %s, id = gen_random_uuid()", (number,))
            cursor.execute("INSERT INTO audit SELECT * FROM copied")

    def recompute(self) -> None:
        """Work out every hash anew, as somebody would who hides what they did."""
        with self.as_superuser() as cursor:
            cursor.execute("SELECT id FROM audit WHERE borough_id = %s ORDER BY number", (str(self.borough),))
            before = b""
            for number, (identity,) in enumerate(cursor.fetchall(), start=1):
                key = (str(self.borough), identity)
                cursor.execute("UPDATE audit SET number = -%s WHERE borough_id = %s AND id = %s", (number, *key))
                before = self._rehashed(cursor, number, before, key)

    @staticmethod
    def _rehashed(cursor: extensions.cursor, number: int, before: bytes, key: tuple[str, str]) -> bytes:
        cursor.execute("UPDATE audit SET number = %s WHERE borough_id = %s AND id = %s", (number, *key))
        cursor.execute("UPDATE audit SET hash = audit_hash(%s, audit) WHERE borough_id = %s AND id = %s RETURNING hash", (before, *key))
        found = cursor.fetchone()
        assert found
        return bytes(found[0])
