"""What a family agreed to, with whom what is shared, and what was shared or kept back."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, validates_schema

from chassis.contract import Operation
from chassis.schemas import Contract, choice, day, identifier, many, moment, some_of, text, version, yes_no
from services.referrals.contract.codes import MAY_BE_TOLD
from services.referrals.contract.family import FamilyRequest

CONSENT_PURPOSES: Final[Mapping[str, str]] = {
    "tell_referrer": "Telling the referrer how the family is getting on",
    "work_together": "Working together with another agency",
    "refer_on": "Pointing the family to another service",
    "learn": "Learning from what we do, and training",
}
"""What a family is asked to agree to."""

SHARED_INFORMATION: Final[Mapping[str, str]] = {
    "contact": "Names and how to reach them",
    "coming": "That they come to the group, and how often",
    "progress": "How the family is doing",
    "assessment": "The joint assessment",
    "safety": "Worries about somebody's safety",
}
"""What may be shared."""

GIVEN_HOW: Final[Mapping[str, str]] = {
    "in_person": "In person",
    "phone": "By phone",
    "writing": "In writing",
    "online": "Online",
    "referrer": "Through whoever referred them",
}
"""How somebody agreed, or took it back."""

SHARING_DECISIONS: Final[Mapping[str, str]] = {"shared": "Shared", "not_shared": "Not shared"}
SHARING_BASES: Final[Mapping[str, str]] = {
    "consent": "The family agreed",
    "safeguarding": "To keep a child or an adult safe",
    "duty": "The law requires it",
    "public_task": "It is needed for what the law asks us to do",
    "refused": "The family did not agree",
    "not_needed": "It was not needed",
    "unsafe": "It could put somebody at risk",
}
"""What a decision to share, or not to, rests on. A borough's information governance lead says which fits when."""
BASES_OF: Final[Mapping[str, frozenset[str]]] = {
    "shared": frozenset({"consent", "safeguarding", "duty", "public_task"}),
    "not_shared": frozenset({"refused", "not_needed", "unsafe"}),
}
FAMILY_TOLD: Final[Mapping[str, str]] = {
    "yes": "Yes",
    "later": "Not yet",
    "unsafe": "No: it would put somebody at risk",
}
"""Whether the family knows of a decision."""


class ConsentWords(Contract):
    """What a family agreed to."""

    purpose = choice("What for?", CONSENT_PURPOSES)
    partner = text("With whom?", max_length=200, hint="Which agency or service. For example, Bermondsey health visiting team.")
    what = some_of("What may be shared?", SHARED_INFORMATION, required=False, load_default=list, allow_none=False)
    words = text(
        "In their words",
        required=False,
        max_length=500,
        multiline=True,
        sensitivity="personal",
        hint="What the family said may be shared, and what not.",
    )
    level = choice(
        "How much may the referrer be told?", MAY_BE_TOLD, required=False, hint="Only asked where the purpose is telling the referrer."
    )
    given_by = text("Who agreed?", max_length=200, sensitivity="personal", hint="Somebody with parental responsibility, by name.")
    given_how = choice("How?", GIVEN_HOW)
    given_on = day("When?", not_future=True)
    evidence = text(
        "Where can that be looked up?", required=False, max_length=500, hint="For example, the signed form in the paper file, or a note."
    )


class GiveConsentRequest(ConsentWords):
    """A family agrees to something."""

    family_id = identifier("Family")
    referral_id = identifier("Referral", required=False)

    @validates_schema
    def says_what(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse one that says neither by code nor in words what may be shared."""
        if data.get("purpose") != "tell_referrer" and not data.get("what") and not data.get("words"):
            raise ValidationError({"what": ["What may be shared? Choose at least one, or say it in words."]})


class WithdrawConsentRequest(FamilyRequest):
    """A family takes something back."""

    consent_id = identifier("Consent")
    version = version()
    withdrawn_on = day("When?", not_future=True)
    withdrawn_how = choice("How did they say so?", GIVEN_HOW)
    withdrawn_because = text(
        "Why?", required=False, max_length=1000, multiline=True, sensitivity="personal", hint="Nobody has to give a reason."
    )


class Consent(ConsentWords):
    """What a family agreed to, and whether it still holds."""

    id = identifier("Consent")
    version = version()
    holds = yes_no("Does it hold?")
    referral_id = identifier("Referral", required=False)
    taken_by_name = text("Recorded by", max_length=200)
    taken_at = moment("Taken down")
    withdrawn_on = day("Taken back", required=False)
    withdrawn_how = choice("How", GIVEN_HOW, required=False)
    withdrawn_because = text("Why", required=False, max_length=1000)
    withdrawn_by_name = text("Recorded by", required=False, max_length=200)


class SharingWords(Contract):
    """That something was shared, or was not."""

    decision = choice("What was decided?", SHARING_DECISIONS)
    partner = text("With whom?", max_length=200)
    what = some_of("Which information?", SHARED_INFORMATION)
    basis = choice("What does that rest on?", SHARING_BASES)
    reason = text(
        "Why?", max_length=2000, multiline=True, sensitivity="clinical", hint="In a sentence or two, so that somebody else understands it."
    )
    family_told = choice("Does the family know?", FAMILY_TOLD)
    decided_on = day("When?", not_future=True)


class LogSharingRequest(SharingWords):
    """A decision to share something, or not to."""

    family_id = identifier("Family")
    consent_id = identifier("Consent", required=False)

    @validates_schema
    def rests_on_what_fits(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a reason to share under a decision not to, and the other way round."""
        decision, basis = data.get("decision"), data.get("basis")
        if decision and basis and basis not in BASES_OF[decision]:
            fitting = "; ".join(SHARING_BASES[code] for code in SHARING_BASES if code in BASES_OF[decision])
            raise ValidationError({"basis": [f"What does that rest on? Choose one that fits: {fitting}."]})


class SharingDecision(SharingWords):
    """A decision that was made; ``reason`` is None where ``reason_hidden``."""

    id = identifier("Decision")
    consent_id = identifier("Consent", required=False)
    reason = text("Why", required=False, max_length=2000, sensitivity="clinical")
    reason_hidden = fields.Boolean(required=True)
    decided_by_name = text("Decided by", max_length=200)
    decided_by_agency = text("Agency", required=False, max_length=200)


class FamilySharing(Contract):
    """What a family agreed to, and what was shared or not, newest first."""

    family_id = identifier("Family")
    consents = many(Consent, "What they agreed to", at_most=1000)
    decisions = many(SharingDecision, "What was shared, or not", at_most=1000)


FAMILY_SHARING = Operation("referrals", "family_sharing", "families.read", FamilyRequest, FamilySharing)
GIVE_CONSENT = Operation("referrals", "give_consent", "families.change", GiveConsentRequest, Consent, changes=True)
WITHDRAW_CONSENT = Operation("referrals", "withdraw_consent", "families.change", WithdrawConsentRequest, Consent, changes=True)
LOG_SHARING = Operation("referrals", "log_sharing", "families.change", LogSharingRequest, SharingDecision, changes=True)

OPERATIONS: tuple[Operation, ...] = (FAMILY_SHARING, GIVE_CONSENT, WITHDRAW_CONSENT, LOG_SHARING)
