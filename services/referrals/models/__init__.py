"""What referrals keeps, with its rules: methods return their event or raise a typed error."""

from services.referrals.models.family import Child, Family, Parent, record_of
from services.referrals.models.referral import Referral
from services.referrals.models.restriction import Restriction
from services.referrals.models.rules import check_ages, folded
from services.referrals.models.step import Step

__all__ = ["Child", "Family", "Parent", "Referral", "Restriction", "Step", "check_ages", "folded", "record_of"]
