"""What each permission allows, in words: for `docs/access.md` and for whoever gives a role."""

from collections.abc import Mapping
from types import MappingProxyType

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "boroughs.read": "See the borough's name, agencies and policy",
        "people.read_own": "See one's own membership",
        "boroughs.manage": "Change policy, agencies and looks",
        "sign_on.manage": "Set up signing in with an organisation's own account",
        "people.read": "See who works in the borough",
        "people.manage": "Invite people, change roles, end memberships and sessions",
        "systems.manage": "Give other systems tokens, and take them back",
        "audit.read": "Read the audit trail, which names families by number only",
        "audit.read_family": "Read who looked at a family's record",
        "notices.read": "Be told at once when somebody opens a restricted family's record in need, or another system gets no more updates",
        "referrals.refer": "Refer families",
        "referrals.draft": "Write a referral step by step, put it aside and send it; somebody without an account may do this too",
        "referrals.own_drafts": "See which referrals one began and has not sent",
        "referrals.read_own": "See how one's own referrals stand, as far as each family agreed",
        "referrals.answer_own": "Answer what the team asks about one's own referrals",
        "referrals.read": "Read referrals",
        "referrals.read_clinical": "Read what is clinical in a referral",
        "referrals.triage": "Accept, ask, redirect, decline and close referrals",
        "referrals.import": "Import a waiting list from a file",
        "families.read": "Read families' records and stories",
        "families.change": "Change families' records",
        "families.merge": "Compare families, say which are the same, and make two records one",
        "records.manage": "Answer people who ask about their data; decide what of records is held, given out, kept and erased",
        "families.restrict": "Restrict a family's record to named people",
        "families.break_glass": "Open a restricted record in need, with a reason that is told at once",
        "assessments.read": "See joint assessments: visits, versions, signatures",
        "assessments.visit": "Arrange joint visits and say how they went",
        "assessments.edit": "Write in joint assessments",
        "assessments.sign": "Sign joint assessments, or disagree",
        "assessments.read_parent_side": "Read the parent's side",
        "assessments.edit_parent_side": "Write the parent's side",
        "assessments.read_child_side": "Read the child's side",
        "assessments.edit_child_side": "Write the child's side",
        "assessments.read_shared": "Read the shared part, the decision and disagreements",
        "assessments.edit_shared": "Write the shared part and the decision",
        "groups.read": "See venues, groups and the calendar",
        "groups.manage": "Add and change venues and groups",
        "places.manage": "Offer, start, pause and end places",
        "registers.read": "See registers",
        "registers.record": "Mark who came, close and correct registers",
        "outreach.read": "See outreach cases, contacts and collections",
        "outreach.work": "Take and close cases, write down contacts, arrange collections",
    }
)
"""Every permission that a member of a borough can have."""
