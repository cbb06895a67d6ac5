"""Whether two families are one: evidence, weighed and added up, with the reasons. Pure: no database, no clock."""

from services.referrals.matching.evidence import LIKELY, POSSIBLE, Match, Reason, Sharing, compared
from services.referrals.matching.household import Household, Person, household

__all__ = ["LIKELY", "POSSIBLE", "Household", "Match", "Person", "Reason", "Sharing", "compared", "household"]
