"""What referrals keeps, with its rules: methods return their event or raise a typed error."""

from services.referrals.models.consent import Consent, SharingDecision
from services.referrals.models.draft import Draft, digest_of, initials_of
from services.referrals.models.eligibility import Answer, Terms, fit_of
from services.referrals.models.family import Family, record_of
from services.referrals.models.importing import Import, ImportRow
from services.referrals.models.joining import request_of_parent
from services.referrals.models.keys import KINDS, RULES, Key, KeyRound, NameWord, PersonKey, keys_of, keys_of_family, keys_of_referral
from services.referrals.models.matching import FamilyMatch
from services.referrals.models.merging import Merge
from services.referrals.models.people import Child, Parent
from services.referrals.models.question import Question, new_token
from services.referrals.models.referral import WAITING, Referral
from services.referrals.models.restriction import Restriction
from services.referrals.models.rules import check_ages, folded
from services.referrals.models.spelling import sound_of
from services.referrals.models.step import Step
from services.referrals.models.written import request_of

__all__ = [
    "KINDS",
    "RULES",
    "WAITING",
    "Answer",
    "Child",
    "Consent",
    "Draft",
    "Family",
    "FamilyMatch",
    "Import",
    "ImportRow",
    "Key",
    "KeyRound",
    "Merge",
    "NameWord",
    "Parent",
    "PersonKey",
    "Question",
    "Referral",
    "Restriction",
    "SharingDecision",
    "Step",
    "Terms",
    "check_ages",
    "digest_of",
    "fit_of",
    "folded",
    "initials_of",
    "keys_of",
    "keys_of_family",
    "keys_of_referral",
    "new_token",
    "record_of",
    "request_of",
    "request_of_parent",
    "sound_of",
]
