"""What the family agreed to when they were referred, and how the referral came: words of a referral that are kept with it.

``agreement`` holds ``family_knows``, ``agrees``, ``share_with`` (a list of ``with_whom`` and ``what``) and ``may_be_told``. It is what was
said when the family was referred. When a referral is accepted, consent is kept apart and may be withdrawn: each entry
of ``share_with`` is then one consent.
"""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError

from chassis.schemas import Contract, choice, day, many, text, yes_no
from services.referrals.contract.codes import AGREES, CAME_BY, MAY_BE_TOLD

MOST_SHARED: Final = 10


class Shared(Contract):
    """Somebody with whom the family lets something be shared."""

    with_whom = text("Agency or service", max_length=200, hint="For example, their health visitor, or Sure Start nursery.")
    what = text("What may they be told?", max_length=500, multiline=True, hint="For example, that they come to the group.")


class Agreement(Contract):
    """What the family agreed to, as it is kept with a referral."""

    family_knows = yes_no("Does the family know about the referral?", required=False)
    agrees = choice("Does the family agree?", AGREES, required=False)
    share_with = many(Shared, "What may be shared with whom", at_most=MOST_SHARED, required=False, load_default=list, allow_none=False)
    may_be_told = choice("What the referrer may be told", MAY_BE_TOLD, required=False)


class Intake(Contract):
    """How a referral came that somebody of the team wrote down; nothing of it where the referrer wrote it themselves."""

    came_by = choice("How did it arrive?", CAME_BY, required=False)
    taken_by = text("Who took it?", required=False, max_length=200, sensitivity="personal")
    received_on = day("When did it arrive?", required=False, not_future=True)


def agreement_fault(agreement: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong between answers about agreement, by field; {} where nothing is."""
    if agreement.get("agrees") == "no":
        return {"agrees": ["Agreement: nobody is referred who said no. Talk with the family first, or leave this referral."]}
    if agreement.get("agrees") == "yes" and agreement.get("family_knows") is False:
        return {"agrees": ["Agreement: the family can't agree to what they do not know of. Change one of the two answers."]}
    return {}


def refuse_without_agreement(agreement: Mapping[str, Any]) -> None:
    """Refuse a referral of a family that said no, or that agreed to what it does not know of; raises ValidationError."""
    if faults := agreement_fault(agreement):
        raise ValidationError(dict(faults))
