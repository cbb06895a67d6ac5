"""Models of outreach: mapped classes with their rules; they know no session of the database and no broker."""

from services.outreach.models.by import By
from services.outreach.models.cases import Case, Step
from services.outreach.models.collections import CollectionRun, Stop
from services.outreach.models.contacts import Contact
from services.outreach.models.family import Family
from services.outreach.models.merges import FamilyMerge
from services.outreach.models.policy import Policy
from services.outreach.models.standing import Standing

__all__ = ["By", "Case", "CollectionRun", "Contact", "Family", "FamilyMerge", "Policy", "Standing", "Step", "Stop"]
