"""Everything that referrals holds of a family, record by record, in plain headings."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from chassis.database.erasing import ErasurePlan
from chassis.keeping.rows import other_rows
from chassis.keeping.writing import item, lines_of
from chassis.schemas import instance_of
from services.referrals import contract
from services.referrals.models import Family, Referral
from services.referrals.repository import Work
from services.referrals.repository.records.blanking import BLANKED, NAMING
from services.referrals.service.records.people import Person, people_of, require_known, whole_name

PLAN = ErasurePlan("services.referrals", frozenset({"families", "family_restrictions"}), BLANKED, NAMING)
"""What of a family stays when it is erased."""
_TOLD = frozenset({"families", "parents", "children", "referrals", "person_keys", "packs", "pack_items", "erasures"})
"""Tables whose rows are told by hand, or hold nothing but copies of what is."""
_HEADINGS = {
    "consents": "What was agreed to be shared",
    "sharing_decisions": "What was shared, or not, and why",
    "family_matches": "Whether the family is on record twice",
    "family_merges": "That the family was on record twice",
    "questions": "Questions to the referrer",
    "family_restrictions": "Who may see the record",
    "subject_requests": "Requests about the record",
    "controls": "Holds and restrictions",
    "retention_clocks": "How long the record is kept",
}
_PERSON = "Who is in the family"
_FAMILY = "The family"
_OTHER = "The same family on another record, before they became one"
_REFERRAL = "Referrals"


def held(uow: Work, family_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield every record of a family, also of records that became part of it: whoever was on two has one id in all that is yielded."""
    family, referrals = require_known(uow, family_id)
    now = uow.merges.standing_for(family_id)
    for person in people_of(family, referrals):
        yield _person(_PERSON, person, now)
    if family is not None:
        yield _family(_FAMILY, family)
    for other in uow.families.of(uow.merges.merged_into([family_id])):
        yield from (_person(_OTHER, person, now) for person in people_of(other, []))
        yield _family(_OTHER, other)
    for referral in referrals:
        yield from _referral(referral, now)
    yield from other_rows(uow, PLAN, family_id, _TOLD, _HEADINGS)


def _person(heading: str, person: Person, now: Mapping[UUID, UUID]) -> dict[str, Any]:
    side = person["side"]
    schema = contract.Parent if side == "parent" else contract.Child
    lines = lines_of(instance_of(schema), {name: value for name, value in person.items() if name not in {"id", "side"}})
    return item(heading, whole_name(person), side, lines, person_id=now.get(person["id"], person["id"]))


def _family(heading: str, family: Family) -> dict[str, Any]:
    told = {name: value for name, value in family.record().items() if name not in {"parents", "children"}}
    return item(heading, "How the family is reached, and where it lives", "family", lines_of(instance_of(contract.FamilyRecord), told))


def _referral(referral: Referral, now: Mapping[UUID, UUID]) -> Iterator[dict[str, Any]]:
    yield item(_REFERRAL, "Who referred", "family", lines_of(instance_of(contract.Referrer), referral.referrer), at=referral.received_at)
    words: Mapping[str, Any] = {name: getattr(referral, name) for name in contract.ReferralWords().fields if hasattr(referral, name)}
    yield item(_REFERRAL, "What was said", "family", lines_of(instance_of(contract.ReferralWords), words), at=referral.received_at)
    told = {name: value for name, value in referral.family.items() if name not in {"parents", "children"}}
    yield item(
        _REFERRAL, "The family as it was referred", "family", lines_of(instance_of(contract.FamilyRecord), told), at=referral.received_at
    )
    for side, key, schema in (("parent", "parents", contract.Parent), ("child", "children", contract.Child)):
        for person in referral.family[key]:
            lines = lines_of(instance_of(schema), {name: value for name, value in person.items() if name != "id"})
            name = whole_name({**person, "side": side})
            who = UUID(person["id"])
            yield item(_REFERRAL, f"{name}, as referred", side, lines, person_id=now.get(who, who), at=referral.received_at)
    for step in referral.history:
        words = {"By": f"{step.by_name}, {step.agency_name}", "Words": step.reason, "To": step.to}
        lines = [{"label": label, "words": told} for label, told in words.items() if told]
        yield item(_REFERRAL, contract.STATUSES.get(step.status, step.status), "family", lines, at=step.at)
