"""An erasure on its way through the platform: asked, ready everywhere, under way, done everywhere."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.auditing.contract import SERVICES
from chassis.caller import Caller
from chassis.database import Base, BoroughRow, Versioned
from chassis.ids import new_id


class Erasure(Versioned, BoroughRow, Base):
    """One erasure. It holds ids, codes, counts and who decided: nothing of the family, for it stays.

    Attributes:
        services: how far each part of the platform is, by its name.
        known: ids of the family's people and referrals, and of families that were merged into it, by ``known`` and ``also``.
    """

    __tablename__ = "erasures"
    __table_args__ = (Index(None, "borough_id", "decided_at", "id"), Index(None, "borough_id", "family_id", "decided_at"))
    audited_as = "family_id"

    family_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    request_id: Mapped[UUID | None]
    because: Mapped[str]
    state: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    services: Mapped[dict[str, Any]]
    known: Mapped[dict[str, Any]]

    @classmethod
    def asked(cls, wanted: Mapping[str, Any], known: Iterable[UUID], also: Iterable[UUID], by: Caller, at: datetime) -> "Erasure":
        """Return an erasure that was decided on; nothing is erased before every part of the platform is ready."""
        told = {name: wanted[name] for name in ("family_id", "person_id", "request_id", "because")}
        ids = {"known": sorted(map(str, known)), "also": sorted(map(str, also))}
        return cls(
            borough_id=by.borough_id, id=new_id(), version=1, state="asked", decided_by=by.person_name, decided_at=at, known=ids,
            services={service: {"state": "waiting", "at": None, "counts": {}} for service in SERVICES}, **told,
        )  # fmt: skip

    @property
    def is_open(self) -> bool:
        """Whether it still has a way to go."""
        return self.state in {"asked", "erasing"}

    @property
    def reports(self) -> list[dict[str, Any]]:
        """How far each part is, in a fixed order."""
        return [
            {**self.services[service], "service": service, "at": _moment(self.services[service]["at"])}
            for service in SERVICES
            if service in self.services
        ]

    @property
    def ids(self) -> dict[str, list[UUID]]:
        """What else names the family: its people and referrals, and families that were merged into it."""
        return {name: [UUID(one) for one in self.known[name]] for name in ("known", "also")}

    def report(self, service: str, state: str, counts: Mapping[str, int], at: datetime) -> bool:
        """Take in what a part says; return whether that was news. A part that has erased does not go back to being ready."""
        before = self.services[service]["state"]
        if before in {state, "done"} or (state == "ready" and before != "waiting"):
            return False
        self.services = {**self.services, service: {"state": state, "at": at.isoformat(), "counts": dict(counts)}}
        self.version += 1
        return True

    def is_ready(self) -> bool:
        """Tell whether it can begin: every part said that it is ready."""
        return self.state == "asked" and all(one["state"] == "ready" for one in self.services.values())

    def is_over(self) -> bool:
        """Tell whether every part has erased."""
        return self.state == "erasing" and all(one["state"] == "done" for one in self.services.values())

    def begin(self, at: datetime) -> None:
        """Let every part erase."""
        self.state, self.begun_at = "erasing", at
        self.version += 1

    def stop(self) -> None:
        """Stop for a legal hold: what is not erased yet stays."""
        if self.is_open:
            self.state = "stopped"
            self.version += 1

    def finish(self, at: datetime) -> None:
        """Every part has erased: what else named the family is forgotten here too."""
        self.state, self.finished_at, self.known = "done", at, {"known": [], "also": []}
        self.version += 1


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
