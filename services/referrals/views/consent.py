"""What families agreed to and what was shared, as the team reads it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from chassis import clock
from chassis.caller import Caller
from services.referrals.contract.consent import ConsentWords, SharingWords
from services.referrals.models import Consent, SharingDecision

_ASKED = tuple(ConsentWords().fields)
_WITHDRAWN = ("withdrawn_on", "withdrawn_how", "withdrawn_because", "withdrawn_by_name")
_DECIDED = tuple(SharingWords().fields)


def consent(row: Consent) -> dict[str, Any]:
    """Return what a family agreed to."""
    names = (*_ASKED, *_WITHDRAWN, "id", "version", "holds", "referral_id", "taken_by_name")
    return {**{name: getattr(row, name) for name in names}, "taken_at": row.created_at}


def sharing_decision(row: SharingDecision, reader: Caller) -> dict[str, Any]:
    """Return a decision; why, only to those who may read clinical words."""
    may_read = reader.may("referrals.read_clinical")
    names = (*_DECIDED, "id", "consent_id", "decided_by_name", "decided_by_agency")
    told = {name: getattr(row, name) for name in names}
    return {**told, "reason": row.reason if may_read else None, "reason_hidden": not may_read}


def sharing(family_id: UUID, consents: Iterable[Consent], decisions: Iterable[SharingDecision], reader: Caller) -> dict[str, Any]:
    """Return both."""
    decided = [sharing_decision(one, reader) for one in decisions]
    return {"family_id": family_id, "consents": [consent(one) for one in consents], "decisions": decided}


def consent_entries(consents: Iterable[Consent], decisions: Iterable[SharingDecision]) -> Iterator[dict[str, Any]]:
    """Yield what stands of it in a family's story; none of anybody's words."""
    for one in consents:
        facts = {"purpose": one.purpose, "partner": one.partner, "by": one.taken_by_name}
        yield {"id": one.id, "occurred_at": _at(one.given_on, one.created_at), "kind": "consent.given", "facts": facts}
        if one.withdrawn_on is not None and one.withdrawn_at is not None:
            gone = {**facts, "by": one.withdrawn_by_name}
            at = _at(one.withdrawn_on, one.withdrawn_at)
            yield {"id": uuid5(one.id, "withdrawn"), "occurred_at": at, "kind": "consent.withdrawn", "facts": gone}
    for decision in decisions:
        facts = {"partner": decision.partner, "basis": decision.basis, "by": decision.decided_by_name, "agency": decision.decided_by_agency}
        at = _at(decision.decided_on, decision.created_at)
        yield {"id": decision.id, "occurred_at": at, "kind": f"sharing.{decision.decision}", "facts": facts}


def _at(on: date, taken_down: datetime) -> datetime:
    """Return when something was said of which only the day is known: at noon, and never after it was taken down."""
    return min(datetime.combine(on, time(12), clock.LONDON), taken_down)
