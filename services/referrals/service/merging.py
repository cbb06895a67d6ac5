"""Making two records of one family one, and two again."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from chassis import clock
from chassis.contract import Event
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from chassis.rpc import rpc
from chassis.schemas import instance_of, whatever_day_it_is
from chassis.timers import every
from services.referrals import contract, views
from services.referrals.matching import sides
from services.referrals.models import Family, Merge, Referral, Restriction
from services.referrals.models.matching import OPEN
from services.referrals.models.uniting import join, part
from services.referrals.repository import Work
from services.referrals.repository.matching import Party
from services.referrals.repository.merging import remember
from services.referrals.service.merged import current_family, party_of


class Merging:
    """Making two records of one family one."""

    @rpc(contract.COMPARE_FAMILIES)
    def compare_families(self, uow: Work, into_id: UUID, merged_id: UUID, people: list[dict[str, Any]] | None) -> dict[str, Any]:
        """Return two records side by side, and what making them one would do.

        Raises:
            NotFound, Restricted: no such family, or it is restricted to others.
            FamilyMerged: one of them goes on under another record.
            Conflict: the one that is to go on is not in the registry.
            Invalid: somebody is not in these records, or is named twice.
        """
        into, other = _two(uow, into_id, merged_id)
        ours, theirs = into.record, loaded(other)
        pairs = sides.who_is_who(ours, theirs) if people is None else pairs_of(people, ours, theirs)
        restricted = uow.restrictions.among([into_id, merged_id])
        return views.comparison(into, other, sides.differing(ours, theirs, pairs), (ours, theirs, pairs), restricted)

    @rpc(contract.MERGE_FAMILIES)
    def merge_families(self, uow: Work, **request: Any) -> dict[str, Any]:
        """Make two records one: what bears either family bears the one that goes on, here and in every service.

        Raises:
            NotFound, Restricted, FamilyMerged, Conflict, Invalid: as `compare_families`.
            Stale: somebody changed one of the two meanwhile.
            Forbidden: one is restricted, and the caller is not named on it.
        """
        return views.merge(merge(uow, request), uow.now)

    @rpc(contract.UNDO_MERGE)
    def undo_merge(self, uow: Work, merge_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Make two records of one again: what the merge moved goes back, and what was written since stays.

        Raises:
            NotFound: no such merge in the caller's borough, or one of the two is restricted to others.
            Stale: somebody undid it meanwhile.
            Forbidden: one is restricted, and the caller is not named on it.
            Conflict: its 30 days are over, the record that goes on became part of another since, or something was decided about it that
                would not hold for both any more: a legal hold, a restriction of processing, an erasure.
        """
        found = uow.merges.get(merge_id)
        _require_free(uow, found.into_id, found.merged_id)
        restrictions = _named_in_both(uow, found.into_id, found.merged_id)
        into, other = _locked(uow, found.into_id, found.merged_id)
        merge = uow.merges.get(merge_id, for_update=True)
        merge.undo(version, reason, uow.caller, uow.now)
        if into is None or into.merged_into:
            raise Conflict("The record that you kept was merged into another since. Undo that first.")
        _leave_what_was_accepted(uow, merge, other)
        moved = uow.merges.repoint(merge.into_id, merge.merged_id, only=merge)
        into, other = _locked(uow, merge.into_id, merge.merged_id)
        events = part(merge, into, other, uow.now) if into else []
        uow.session.flush()
        restriction = _restrict_as_before(uow, merge)
        _restrict_other(uow, merge, restrictions)
        uow.keys.refresh([merge.into_id, merge.merged_id])
        uow.saw(family_id=merge.merged_id, subject_id=merge.id, into=str(merge.into_id), moved=_counts(moved))
        uow.publish(merge.event(restriction), *events)
        return views.merge(merge, uow.now)

    @rpc(contract.FAMILY_MERGES)
    def family_merges(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return what was merged into a family, and how many may be the same; raises as `get_family`."""
        current_family(uow, family_id)
        waiting = sum(pair.state in OPEN for pair in uow.matches.of_family(family_id).values())
        return {"waiting": waiting, "merges": [views.merge(merge, uow.now) for merge in uow.merges.of_family(family_id)]}

    @every(hours=6)
    def forget_records_before_merges(self, uow: Work) -> None:
        """Keep of records that became one more than 30 days ago no more than that they did."""
        for merge in uow.merges.to_forget(clock.real_now()):
            merge.forget()


def merge(uow: Work, request: Mapping[str, Any]) -> Merge:
    """Make two records one; raises as `Merging.merge_families`."""
    into_id, merged_id = request["into_id"], request["merged_id"]
    _require_free(uow, into_id, merged_id)
    _locked(uow, into_id, merged_id)
    into, other = _two(uow, into_id, merged_id)
    _require_versions(request, into, other)
    restrictions = _named_in_both(uow, into_id, merged_id)
    ours, theirs = into.record, loaded(other)
    pairs = pairs_of(request["people"], ours, theirs)
    said = sides.answers(ours, theirs, pairs, request["take"], request["both"])
    made = Merge.decided(request, str(theirs["name"]), uow.caller, uow.now)
    made.restriction = {"since": _since(restrictions[0])}
    changed = join(made, _family(into), other.family, theirs, said, uow.now)
    uow.merges.add(made)
    moved = uow.merges.repoint(merged_id, into_id)
    remember(made, moved)
    _close_pairs(uow, merged_id)
    uow.session.flush()
    restriction = _restrict_both(uow, made, restrictions)
    uow.keys.refresh([into_id, merged_id])
    uow.saw(family_id=merged_id, subject_id=made.id, into=str(into_id), moved=_counts(moved))
    uow.publish(made.event(restriction), changed)
    return made


def lock_records_of(uow: Work, *referral_ids: UUID) -> None:
    """Let nothing be decided about the records of two referrals' families; before either is locked, as whoever erases them does."""
    families = {uow.referrals.get(one).family_id for one in referral_ids}
    for one in sorted(families) if len(families) > 1 else ():
        uow.records.lock(one)


def merge_of_duplicate(uow: Work, referral: Referral, other: Referral, reason: str) -> None:
    """Make the record of a duplicate's family one with the record of the first referral's, where it has one of its own.

    Raises as `merge` does.
    """
    if referral.family_id == other.family_id or not uow.families.find(referral.family_id):
        return
    into, merged = _registered(uow, other.family_id), party_of(uow, referral.family_id)
    pairs = sides.who_is_who(into.record, merged.record)
    versions = {"into_version": _family(into).version, "merged_version": _family(merged).version}
    people = [{"merged": one, "into": pairs[one]} for one in pairs]
    said: dict[str, Any] = {"people": people, "take": [], "both": ["family.safe_contact"], "reason": reason}
    merge(uow, {"into_id": into.id, "merged_id": merged.id, **versions, **said})


def loaded(party: Party) -> dict[str, Any]:
    """Return a party's record as `FamilyRecord` has it, its days as days."""
    if party.family:
        return dict(party.record)
    with whatever_day_it_is():
        record: dict[str, Any] = instance_of(contract.FamilyRecord).load(party.record)
    return {**record, "risks_to_visitors": party.referrals[0].risks_to_visitors}


def pairs_of(people: list[dict[str, Any]], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[UUID, UUID]:
    """Return who is who, as somebody said.

    Raises:
        Invalid: somebody is not in these records, is of the other side (a parent and a child), or is named twice.
    """
    here, there = sides.everybody(ours), sides.everybody(theirs)
    pairs = {one["merged"]: one["into"] for one in people if one["into"]}
    fits = all(merged in there and into in here and there[merged][0] == here[into][0] for merged, into in pairs.items())
    if not fits or len(set(pairs.values())) != len(pairs) or any(one["merged"] not in there for one in people):
        raise Invalid(faults={"people": ["Who is who: choose somebody of the other record, and nobody twice."]})
    return pairs


def _two(uow: Work, into_id: UUID, merged_id: UUID) -> tuple[Party, Party]:
    """Return both parties. Raises as `_registered`, and Conflict where they are one and the same record."""
    into, other = _registered(uow, into_id), party_of(uow, merged_id)
    if into.id == other.id:
        raise Conflict("This is one and the same record. Choose two.")
    return into, other


def _registered(uow: Work, family_id: UUID) -> Party:
    """Return the party that is to go on. Raises as `party_of`, and Conflict where it is not in the registry."""
    party = party_of(uow, family_id)
    if party.family is None:
        raise Conflict("This family was only referred yet. Choose the other record to go on, or mark the referral as a duplicate.")
    return party


def _family(party: Party) -> Family:
    if party.family is None:
        raise NotFound
    return party.family


def _locked(uow: Work, into_id: UUID, merged_id: UUID) -> tuple[Family | None, Family | None]:
    """Return both families, locked, always in one order: of two people who merge at once, the second sees what the first did."""
    found = {one: uow.families.find(one, for_update=True) for one in sorted((into_id, merged_id))}
    if found[merged_id] is None:
        for referral in uow.referrals.of_family(merged_id):
            uow.referrals.get(referral.id, for_update=True)
    return found[into_id], found[merged_id]


def _require_versions(request: Mapping[str, Any], into: Party, other: Party) -> None:
    version = other.family.version if other.family else 0
    asked = {"into_version": request["into_version"], "merged_version": request["merged_version"]}
    there = {"into_version": _family(into).version, "merged_version": version}
    if asked != there:
        raise Stale(yours=asked, theirs=there)


def _require_free(uow: Work, *family_ids: UUID) -> None:
    """Let nothing be decided about either record until the commit, and refuse where something is: whom it is meant for would be lost."""
    for one in family_ids:
        uow.restrictions.require(one)
    marks = [uow.records.lock(one) for one in sorted(family_ids)]
    if any(mark.held or mark.limited for mark in marks) or uow.erasures.under_way(family_ids):
        raise Conflict("One of the two records is held, may not be used for now, or is about to be erased. Settle that first.")


def _named_in_both(uow: Work, *family_ids: UUID) -> list[Restriction | None]:
    """Return the restrictions in force. Raises Forbidden: the caller is not named on one of them."""
    found = [uow.restricted.find(one, for_update=True) for one in family_ids]
    in_force = [one if one and one.in_force else None for one in found]
    if not all(one is None or one.names(uow.caller.person_id) for one in in_force):
        raise Forbidden("One of the two is restricted. Only somebody who is named on it can make them one, or two again.")
    return in_force


def _restrict_both(uow: Work, merge: Merge, restrictions: list[Restriction | None]) -> dict[str, Any] | None:
    """Let the record that goes on be seen by no more people than either was: the stricter wins."""
    ours, theirs = restrictions
    if theirs is None:
        return None
    kept = ours or uow.restricted.locked(merge.into_id)
    merge.restriction = {"before": kept.standing()}
    event = kept.join(theirs, uow.caller, clock.real_now())
    merge.restriction = {**merge.restriction, "version": kept.version}
    uow.session.flush()
    return _settle(uow, kept, event)


def _restrict_as_before(uow: Work, merge: Merge) -> dict[str, Any] | None:
    kept = merge.restriction and uow.restricted.find(merge.into_id, for_update=True)
    if not kept or kept.version != merge.restriction.get("version"):
        return None
    return _settle(uow, kept, kept.stand(merge.restriction["before"]))


def _restrict_other(uow: Work, merge: Merge, restrictions: list[Restriction | None]) -> None:
    """Restrict the record that becomes one of its own again as the other was since they were one: of whom it was meant for nobody knows."""
    ours, theirs = restrictions
    if ours is None or theirs is not None or _since(ours) == merge.restriction.get("since"):
        return
    other = uow.restricted.locked(merge.merged_id)
    _settle(uow, other, other.join(ours, uow.caller, clock.real_now()))


def _since(restriction: Restriction | None) -> str:
    """Return since when a restriction is in force; empty where none is."""
    return restriction.restricted_at.astimezone(UTC).isoformat() if restriction else ""


def _settle(uow: Work, restriction: Restriction, event: Event) -> dict[str, Any]:
    uow.restrictions.keep(restriction.id, restriction.version, in_force=restriction.in_force, access=restriction.access())
    uow.publish(event)
    return {"version": restriction.version, "in_force": restriction.in_force, "access": event.data["access"]}


def _close_pairs(uow: Work, merged_id: UUID) -> None:
    """Take the merged record off the list of possible duplicates."""
    for pair in uow.matches.of_family(merged_id, for_update=True).values():
        pair.settled()


def _leave_what_was_accepted(uow: Work, merge: Merge, other: Family | None) -> None:
    """Let referrals that were accepted for the record that goes on stay there, where the other was never in the registry."""
    if other is None:
        waiting = [row.id for row in uow.referrals.of_family(merge.into_id) if all(step.status != "accepted" for step in row.history)]
        merge.moved = {**merge.moved, "referrals": [str(one) for one in merge.remembered("referrals") if one in waiting]}


def _counts(moved: Mapping[str, list[UUID]]) -> dict[str, int]:
    return {table: len(ids) for table, ids in moved.items() if ids}
