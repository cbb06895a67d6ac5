"""What a referrer may be told of a referral: no more than the family agreed to, and no more than the borough lets anybody be told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

from services.referrals import contract
from services.referrals.models.step import Step

_LEAST_FIRST: Final = ("nothing", "outcome", "status")
NEWS: Final[Mapping[str, str]] = {"offered": "offered", "not_joining": "closed", "ended": "closed"}
"""What other services tell of a family in assessment, and the status as which its referrer reads it."""


class Told(Protocol):
    """What is needed of a referral."""

    id: UUID
    status: str
    may_be_told: str
    news: dict[str, Any]

    @property
    def history(self) -> list[Step]:
        """Every move, oldest first."""


def last_told(referral: Told, at_most: str) -> Step:
    """Return the last step that its referrer may hear of. The first one, that it arrived, is always known.

    Args:
        referral: whichever.
        at_most: what the borough lets anybody be told, of `MAY_BE_TOLD`.
    """
    steps, told = referral.history, min(referral.may_be_told, at_most, key=_LEAST_FIRST.index)
    if told == "nothing":
        return steps[0]
    since = [*_since_reopened(steps), *_news(referral)]
    if told == "outcome":
        since = [step for step in since if step.told_as in contract.OUTCOMES]
    return since[-1] if since else steps[0]


def _since_reopened(steps: list[Step]) -> list[Step]:
    """Return the steps from the last time on that it was opened again: what was decided before no longer stands."""
    begins = max((place for place, step in enumerate(steps) if step.kind == "reopened"), default=0)
    return steps[begins:]


def _news(referral: Told) -> Iterable[Step]:
    """Return what came of a family that is in assessment, as steps in their order."""
    if referral.status != "accepted":
        return []
    heard = [(datetime.fromisoformat(at), NEWS[what]) for what, at in referral.news.items()]
    return [Step(uuid5(referral.id, status), status, at, "", "") for at, status in sorted(heard)]
