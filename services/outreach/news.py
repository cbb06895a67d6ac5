"""What news of a family does to its outreach cases: they open by themselves and close by themselves.

News may come late, twice or out of order. Each piece is handled with what is known of the family locked, and says when
it was true, so that the cases end up the same in whatever order it comes.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.clock import london
from services.outreach.models import Case, Standing
from services.outreach.repository import Work

ATTENDED = ("here", "late")


def accepted(uow: Work, family_id: UUID, at: datetime) -> None:
    """A referral was accepted: reach the family before it joins, unless it came or left since."""
    standing = uow.standings.locked(family_id)
    if standing.awaits_joining(at) and not uow.cases.open_of(family_id, "before_joining"):
        _open(uow, family_id, "before_joining", at)


def not_joining(uow: Work, family_id: UUID, at: datetime) -> None:
    """The joint assessment agreed on something else than a place: there is nothing to join."""
    uow.standings.locked(family_id).settled(at)
    _close(uow, family_id, "before_joining", "not_joining", at)


def referral_closed(uow: Work, family_id: UUID, at: datetime) -> None:
    """The referral was closed before anything was agreed: there is nothing to join."""
    uow.standings.locked(family_id).settled(at)
    _close(uow, family_id, "before_joining", "referral_closed", at)


def visit_missed(uow: Work, family_id: UUID, at: datetime) -> None:
    """Nobody was in when both agencies came: whoever reaches the family before it joins is to be in touch soon."""
    uow.standings.locked(family_id)
    case = uow.cases.open_of(family_id, "before_joining")
    if case and case.opened_at <= at:
        case.hear_of_missed_visit(at, on=london(at).date())
        uow.steps.add(case.step("case.visit_missed", at=at, by=uow.by.name))


def attended(uow: Work, facts: dict[str, Any], sequence: int, at: datetime) -> None:
    """A family came: it has joined, and if it had been missed, it is back."""
    family_id = facts["family_id"]
    standing = uow.standings.locked(family_id)
    standing.settled(facts["starts_at"])
    case = uow.cases.open_of(family_id, "before_joining")
    if case and not standing.awaits_joining(case.opened_at):
        _close(uow, family_id, "before_joining", "joined", at)
    _settle_missed(uow, standing, facts, sequence, at)


def missed(uow: Work, facts: dict[str, Any], sequence: int, at: datetime) -> None:
    """A family did not come and did not tell us: where that is too often in a row, open or escalate outreach."""
    standing = uow.standings.locked(facts["family_id"])
    _settle_missed(uow, standing, facts, sequence, at)


def told_us(uow: Work, facts: dict[str, Any], sequence: int, at: datetime) -> None:
    """A family told us, or we cancelled: no reason to reach out, but where a register is corrected, the count is another now."""
    _settle_missed(uow, uow.standings.locked(facts["family_id"]), facts, sequence, at)


def place_ended(uow: Work, family_id: UUID, at: datetime) -> None:
    """A person ended the family's place: it decided otherwise, and is not to be reached about it any more."""
    uow.standings.locked(family_id).ended(at)
    for reason in ("before_joining", "missed_sessions"):
        _close(uow, family_id, reason, "place_ended", at)


def _settle_missed(uow: Work, standing: Standing, facts: dict[str, Any], sequence: int, at: datetime) -> None:
    """Let the case of missed sessions be as the newest count has it: none, open, or escalated."""
    before = standing.missed
    if not standing.heard(sequence, facts["consecutive"]) or not standing.has_place_at(facts["starts_at"]):
        return
    case = uow.cases.open_of(standing.id, "missed_sessions")
    if case and standing.missed < case.missed:
        came = facts["starts_at"] >= case.opened_at
        if came or standing.missed < uow.policy.missed_before_outreach:
            _close(uow, standing.id, "missed_sessions", _why_lower(facts, came=came), at)
            case, before = None, 0
    if standing.missed >= uow.policy.missed_before_outreach and (case or standing.missed > before):
        case = case or _open(uow, standing.id, "missed_sessions", at, missed=standing.missed)
        _escalate(uow, case, standing.missed, at)


def _why_lower(facts: dict[str, Any], *, came: bool) -> str:
    """Return why a case closes whose count has gone down.

    Of a session after the case opened, it can only mean that the family came in between, even if that news is still to come. Of an
    earlier one, a register was corrected, or closed late.
    """
    return "back" if came or facts["mark"] in ATTENDED else "no_longer_needed"


def _open(uow: Work, family_id: UUID, reason: str, at: datetime, **more: Any) -> Case:
    case, event = Case.opened(uow.borough_id, family_id, reason, on=london(at).date(), at=at, policy=uow.policy, **more)
    uow.cases.add(case)
    uow.steps.add(case.step("case.opened", at=at, by=uow.by.name))
    uow.publish(event)
    return case


def _escalate(uow: Work, case: Case, count: int, at: datetime) -> None:
    for event in case.hear_missed(count, uow.policy, on=london(at).date(), at=at):
        uow.steps.add(case.step("case.escalated", at=at, by=uow.by.name))
        uow.publish(event)


def _close(uow: Work, family_id: UUID, reason: str, because: str, at: datetime) -> None:
    case = uow.cases.open_of(family_id, reason)
    if case:
        uow.publish(case.close(because, at=at, by=uow.by.name))
        uow.steps.add(case.step("case.closed", at=at, by=uow.by.name, because=because))
