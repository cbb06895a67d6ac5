"""Models of sessions: mapped classes with their rules; they know no session of the database and no broker."""

from services.sessions.models.by import By
from services.sessions.models.collection import CollectionRun
from services.sessions.models.engagement import Thresholds, engagement, missed_in_a_row, times_attended, times_held
from services.sessions.models.family import Family, MaskedFamily, Shown
from services.sessions.models.groups import Group, Session, Venue
from services.sessions.models.merges import FamilyMerge
from services.sessions.models.places import Place, Spell, Step
from services.sessions.models.register import Expected, Mark, Register

__all__ = [
    "By",
    "CollectionRun",
    "Expected",
    "Family",
    "FamilyMerge",
    "Group",
    "Mark",
    "MaskedFamily",
    "Place",
    "Register",
    "Session",
    "Shown",
    "Spell",
    "Step",
    "Thresholds",
    "Venue",
    "engagement",
    "missed_in_a_row",
    "times_attended",
    "times_held",
]
