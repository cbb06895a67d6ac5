"""A referral as it came: what its referrer wrote, of whom, and the moves that are kept with it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Computed
from sqlalchemy.orm import Mapped, mapped_column

from chassis.caller import Caller
from chassis.database import BoroughRow, Versioned
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models.step import Step

_TURN = (
    "CASE WHEN urgency = 'urgent' THEN 0 ELSE 100000000000000000 END + (EXTRACT(epoch FROM timezone('UTC', received_at)) * 1000000)::bigint"
)


class Received(Versioned, BoroughRow):
    """What a referral says.

    What the referrer wrote of the family stays here as it was written; the registry (`Family`) begins at acceptance and holds what is true
    now. The moves lie in the same row: a referral is read whole, in one query.
    """

    status: Mapped[str]
    family_id: Mapped[UUID]
    family: Mapped[dict[str, Any]]
    family_name: Mapped[str]
    source: Mapped[str]
    referrer_service: Mapped[str]
    may_be_told: Mapped[str]
    referrer: Mapped[dict[str, Any]]
    why_now: Mapped[str]
    concern: Mapped[str]
    secondary_care: Mapped[str]
    risks_to_visitors: Mapped[str | None]
    urgency: Mapped[str]
    referred_on: Mapped[date]
    received_at: Mapped[datetime]
    referred_by_id: Mapped[UUID]
    referred_by_name: Mapped[str]
    duplicate_of: Mapped[UUID | None]
    steps: Mapped[list[dict[str, Any]]]
    assigned_to_id: Mapped[UUID | None]
    assigned_to_name: Mapped[str | None]
    borough_link: Mapped[str] = mapped_column(default="not_known")
    parental_need: Mapped[str] = mapped_column(default="not_known")
    reference: Mapped[str] = mapped_column(default=contract.new_reference)
    agreement: Mapped[dict[str, Any]] = mapped_column(default=dict)
    intake: Mapped[dict[str, Any]] = mapped_column(default=dict)
    care_team: Mapped[str | None]
    other_services: Mapped[str | None]
    judged: Mapped[dict[str, Any]] = mapped_column(default=dict)
    news: Mapped[dict[str, Any]] = mapped_column(default=dict)
    referred_by_kind: Mapped[str] = mapped_column(default="member")
    turn: Mapped[int] = mapped_column(BigInteger, Computed(_TURN, persisted=True))

    @property
    def child_birth_dates(self) -> list[date]:
        """When the children were born, in the order they were written; of an expected baby nothing."""
        return [date.fromisoformat(child["birth_date"]) for child in self.family["children"] if child["birth_date"]]

    @property
    def history(self) -> list[Step]:
        """Every move, oldest first."""
        return [Step.from_json(step) for step in self.steps]

    def _step(self, status: str, by: Caller, at: datetime, by_name: str = "", **more: Any) -> Step:
        step = Step(new_id(), status, at, by_name or by.person_name, by.agency_name, **more)
        self.steps = [*self.steps, step.to_json()]
        return step
