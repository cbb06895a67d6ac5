"""What a reader gets to see: no more than they may. A file an area."""

from services.referrals.views.board import asked_by_link, board
from services.referrals.views.consent import consent, consent_entries, sharing, sharing_decision
from services.referrals.views.draft import draft, kept, own_draft
from services.referrals.views.family import families, family, restriction, unrestricted
from services.referrals.views.importing import import_, import_columns, import_faults, import_row
from services.referrals.views.matching import comparison, matches, merge, verdict, waiting_matches
from services.referrals.views.own import own, own_one
from services.referrals.views.referral import referral
from services.referrals.views.search import search
from services.referrals.views.story import story
from services.referrals.views.triage import triage

__all__ = [
    "asked_by_link",
    "board",
    "comparison",
    "consent",
    "consent_entries",
    "draft",
    "families",
    "family",
    "import_",
    "import_columns",
    "import_faults",
    "import_row",
    "kept",
    "matches",
    "merge",
    "own",
    "own_draft",
    "own_one",
    "referral",
    "restriction",
    "search",
    "sharing",
    "sharing_decision",
    "story",
    "triage",
    "unrestricted",
    "verdict",
    "waiting_matches",
]
