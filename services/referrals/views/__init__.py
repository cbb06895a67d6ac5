"""What a reader gets to see: no more than they may. A file an area."""

from services.referrals.views.family import families, family, restriction, unrestricted
from services.referrals.views.own import own
from services.referrals.views.referral import referral
from services.referrals.views.story import story
from services.referrals.views.triage import triage

__all__ = ["families", "family", "own", "referral", "restriction", "story", "triage", "unrestricted"]
