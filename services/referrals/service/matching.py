"""Families that may be on record twice: found, shown with reasons, and what somebody thinks of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.contract import ReceivedEvent
from chassis.errors import Conflict
from chassis.events import on_event
from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.matching import Household, Match, compared
from services.referrals.models import FamilyMatch
from services.referrals.repository import Work
from services.referrals.repository.matching import Alike
from services.referrals.service.merged import party_of

Found = tuple[Alike, Match]


class Matching:
    """Looking for families that are on record twice."""

    @rpc(contract.FIND_MATCHES)
    def find_matches(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return who may be the same family: of the registry, or only referred yet. Whoever is shown is in the audit trail.

        Raises:
            NotFound: no such family in the caller's borough, nor a referral of one.
            Restricted: as `get_family`.
            FamilyMerged: it is part of another record.
        """
        party = uow.matches.alike([family_id]).get(family_id) or party_of(uow, family_id)
        found = look(uow, party)
        shown = uow.matches.with_referrals([party, *(other for other, _ in found)])
        for one in shown:
            uow.saw(family_id=one)
        known = uow.matches.of_pairs(family_id, [other.id for other, _ in found])
        return views.matches(shown[family_id], [(shown[other.id], match) for other, match in found], known)

    @rpc(contract.LIST_MATCHES)
    def list_matches(self, uow: Work, state: str | None, after: str | None, limit: int) -> dict[str, Any]:
        """Return a page of the pairs that wait for somebody to say what they think, likeliest first."""
        page = uow.matches.waiting(state, after, limit)
        parties = uow.matches.alike({family_id for pair in page.items for family_id in (pair.one_id, pair.other_id)})
        for family_id in parties:
            uow.saw(family_id=family_id)
        return views.waiting_matches(page, uow.matches.with_referrals(parties.values()))

    @rpc(contract.DECIDE_MATCH)
    def decide_match(self, uow: Work, family_id: UUID, other_id: UUID, verdict: str, note: str | None) -> dict[str, Any]:
        """Keep what the caller thinks of two families; it holds until one of the two changes.

        Raises:
            NotFound, Restricted, FamilyMerged: as `find_matches`, of either.
            Conflict: both are one and the same.
        """
        if family_id == other_id:
            raise Conflict("This is one and the same record. Choose two.")
        party, other = party_of(uow, family_id), party_of(uow, other_id)
        found = compared(party.household, other.household, uow.matches.sharing(party.household))
        pair = keep(uow, (party, other), found)
        prints = _prints(pair, party, other)
        pair.decide(verdict, note, prints, uow.caller.person_name, uow.now)
        uow.saw(family_id=family_id, subject_id=pair.id, other=str(other_id), verdict=verdict)
        uow.saw(family_id=other_id, subject_id=pair.id, other=str(family_id), verdict=verdict)
        return {"family_id": family_id, "other_id": other_id, **views.verdict(pair)}

    @on_event(contract.REFERRAL_RECEIVED, contract.FAMILY_REGISTERED, contract.FAMILY_CHANGED)
    def look_for_matches(self, uow: Work, event: ReceivedEvent) -> None:
        """Put a family that was referred or changed on the list with whomever it may be on record twice as."""
        family_id: Any = event.data["family_id"]
        party = uow.matches.alike([family_id]).get(family_id)
        if party is None:
            return
        found, known = look(uow, party), uow.matches.of_family(family_id, for_update=True)
        for other, match in sorted(found, key=lambda one: one[0].id):
            keep(uow, (party, other), match)
            known.pop(other.id, None)
        _let_go(uow, party, known)


def look(uow: Work, party: Alike) -> list[Found]:
    """Return the families that may be the same as one, likeliest first."""
    parties, one = uow.matches.alike(uow.matches.candidates(party)), party.household
    reached_alike = any(_reached_alike(one, other.household) for other in parties.values())
    sharing = uow.matches.sharing(one) if reached_alike else {}
    found = [(other, compared(one, other.household, sharing)) for other in parties.values()]
    likely = [(other, match) for other, match in found if match.level != "unlikely"]
    return sorted(likely, key=lambda pair: (-pair[1].score, pair[0].id))


def _reached_alike(one: Household, other: Household) -> bool:
    """Tell whether two families share what many may share: only then does it matter how many do."""
    return bool(one.phones & other.phones or one.emails & other.emails or (one.postcode and one.postcode == other.postcode))


def keep(uow: Work, parties: tuple[Alike, Alike], match: Match) -> FamilyMatch:
    """Keep how two families compare."""
    party, other = parties
    pair = uow.matches.locked(party.id, other.id)
    reasons = [{"code": reason.code, "points": reason.points} for reason in match.reasons]
    pair.found(match.level, match.score, reasons, _prints(pair, party, other), uow.now, caution=match.caution)
    uow.session.flush()
    return pair


def _let_go(uow: Work, party: Alike, pairs: Mapping[UUID, FamilyMatch]) -> None:
    """Take off the list what no longer compares; what somebody said of it stays while both are as they were."""
    others = uow.matches.alike(pairs.keys())
    sharing = uow.matches.sharing(party.household)
    for other_id, pair in pairs.items():
        other = others.get(other_id)
        if other is None:
            pair.settled()
        else:
            keep(uow, (party, other), compared(party.household, other.household, sharing))


def _prints(pair: FamilyMatch, party: Alike, other: Alike) -> tuple[str, str]:
    prints = {party.id: party.household.fingerprint(), other.id: other.household.fingerprint()}
    return prints[pair.one_id], prints[pair.other_id]
