"""One family's way through the platform, driven from outside as people drive it."""

from stayplay.journey.borough import Borough, Member
from stayplay.journey.family import FamilyJourney, StepFailed
from stayplay.journey.waiting import until

__all__ = ["Borough", "FamilyJourney", "Member", "StepFailed", "until"]
