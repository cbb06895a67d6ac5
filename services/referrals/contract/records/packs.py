"""The pack: everything that is held of one person, looked through record by record before anything of it is given out."""

import json
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

from chassis.auditing.contract import SERVICES
from chassis.contract import Operation
from chassis.keeping import MANAGE, HeldItem
from chassis.keeping.contract import MOST_ITEMS
from chassis.schemas import Contract, choice, day, identifier, instance_of, many, moment, text, version, whole, yes_no
from services.referrals.contract.records.requests import SubjectRequestRequest

DECISIONS: Final[dict[str, str]] = {"give": "Give it out", "withhold": "Leave it out"}
REASONS: Final[dict[str, str]] = {
    "third_party": "About somebody else, who has not agreed (Data Protection Act 2018, schedule 2, paragraph 16)",
    "serious_harm": "It could cause serious harm to somebody's health (schedule 3, part 2)",
    "child_abuse": "About abuse of a child, and not in that child's interests (schedule 3, part 5)",
    "privilege": "Advice from lawyers, or for a court case (schedule 2, paragraph 19)",
    "crime": "It would get in the way of preventing or solving a crime (schedule 2, paragraph 2)",
    "confidence": "A referrer's identity or words given in confidence",
    "not_theirs": "It is not about the person who asks",
}
"""Why a record, or words in it, are not given out."""
PACK_STATES: Final[dict[str, str]] = {"review": "Under review", "given": "Given out", "expired": "Given out; the file is no longer kept"}
GIVEN_AS: Final[dict[str, str]] = {
    "hand": "Handed over in person",
    "secure_mail": "Sent by encrypted email",
    "post": "Sent by recorded post, to an address that is safe",
}
FILE_DAYS: Final = 30
"""Days for which the file can be made again after it was given out; after that the digest and the list stay."""
FORMAT: Final = 1
"""Version of the JSON that a person is given: docs/records.md describes it."""


class GatheredItem(HeldItem):
    """A record as one service holds it."""

    service = choice("Held by", {service: service for service in SERVICES})


class FreezePack(SubjectRequestRequest):
    """Everything that was gathered, to be looked through."""

    items = many(GatheredItem, "Records", at_most=MOST_ITEMS)


def _phrases() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.Length(1, 2000, error="Words to hide: give at most 2000 letters in a line.")),
        load_default=list,
        validate=validate.Length(max=200, error="Words to hide: give at most 200."),
        metadata={"label": "Words to hide", "sensitivity": "personal"},
    )


class PackItem(GatheredItem):
    """A record in the pack, with what is proposed and what was decided."""

    number = whole("Number", ge=1, le=MOST_ITEMS)
    proposed = choice("Proposed", DECISIONS)
    decision = choice("Decision", DECISIONS, required=False)
    hidden = _phrases()
    reason = choice("Why", REASONS, required=False)
    words = text("More", required=False, max_length=1000, sensitivity="personal")
    reviewed_by = text("Looked at by", required=False, max_length=200)


class Pack(Contract):
    """A pack under review, or what was given of it."""

    request_id = identifier("Request")
    version = version()
    state = choice("State", PACK_STATES)
    frozen_at = moment("Gathered")
    items = many(PackItem, "Records", at_most=MOST_ITEMS)
    left = whole("Still to be looked at", ge=0, le=MOST_ITEMS)
    second_by = text("Second look by", required=False, max_length=200)
    second_words = text("What they said", required=False, max_length=1000, sensitivity="personal")
    given_at = moment("Given out", required=False)
    given_by = text("Given out by", required=False, max_length=200)
    given_as = choice("How", GIVEN_AS, required=False)
    digest = text("Digest of the file", required=False, max_length=64)
    expires_on = day("The file is kept until", required=False)


class ItemDecision(Contract):
    """What is done with one record."""

    number = whole("Number", ge=1, le=MOST_ITEMS)
    decision = choice("What is done with it?", DECISIONS)
    hidden = _phrases()
    reason = choice("Why is something left out?", REASONS, required=False)
    words = text("In words", required=False, max_length=1000, sensitivity="personal")


class ReviewPack(SubjectRequestRequest):
    """What is done with some records."""

    version = version()
    decisions = many(ItemDecision, "Decisions", at_least=1, at_most=500)


class SecondLook(SubjectRequestRequest):
    """A second person looked through the pack."""

    version = version()
    words = text("What did you find?", max_length=1000, multiline=True, sensitivity="personal")


class GivePack(SubjectRequestRequest):
    """Give the pack out."""

    version = version()
    given_as = choice("How is it given to them?", GIVEN_AS)


class GivenLine(Contract):
    """One line as it is given out: what was taken away is not in it."""

    label = text("What", max_length=200)
    words = text("Words", required=False, max_length=30_000, sensitivity="personal")


class GivenItem(Contract):
    """One record as it is given out. Of one that was left out there are no lines, only the reason."""

    number = whole("Number", ge=1, le=MOST_ITEMS)
    heading = text("Heading", max_length=100)
    title = text("Record", max_length=200)
    at = moment("When", required=False)
    given = yes_no("Given out")
    reason = text("Why something was left out", required=False, max_length=300)
    lines = many(GivenLine, "Lines", at_most=2_000)


class GivenPack(Contract):
    """What is given to a person: the schema of the JSON file. See docs/records.md."""

    format = whole("Version of this format", ge=1, le=100)
    programme = text("From", max_length=200)
    about = text("About", max_length=2000, sensitivity="personal")
    gathered_at = moment("Gathered")
    given_on = day("Given out")
    items = many(GivenItem, "Records", at_most=MOST_ITEMS)


class GivenFile(Contract):
    """The pack to make a file of, with its digest."""

    digest = text("SHA-256 of the JSON", max_length=64)
    pack = fields.Nested(GivenPack, required=True)


def written(pack: Mapping[str, Any]) -> bytes:
    """Return the JSON file of a loaded `GivenPack`, written the one way in which its digest is made."""
    return json.dumps(instance_of(GivenPack).dump(pack), ensure_ascii=False, sort_keys=True, indent=2).encode()


FREEZE_PACK = Operation("referrals", "freeze_pack", MANAGE, FreezePack, Pack, changes=True, keeps=True)
GET_PACK = Operation("referrals", "get_pack", MANAGE, SubjectRequestRequest, Pack)
REVIEW_PACK = Operation("referrals", "review_pack", MANAGE, ReviewPack, Pack, changes=True, keeps=True)
SECOND_LOOK = Operation("referrals", "second_look", MANAGE, SecondLook, Pack, changes=True, keeps=True)
GIVE_PACK = Operation("referrals", "give_pack", MANAGE, GivePack, Pack, changes=True, keeps=True)
GIVEN_PACK = Operation("referrals", "given_pack", MANAGE, SubjectRequestRequest, GivenFile)

OPERATIONS = (FREEZE_PACK, GET_PACK, REVIEW_PACK, SECOND_LOOK, GIVE_PACK, GIVEN_PACK)
