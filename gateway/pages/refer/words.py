"""What each question says: to a professional who refers, and to somebody of the team who writes down what they were told."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Question(NamedTuple):
    """A page of the form: its heading, and what helps to answer."""

    title: str
    lede: str = ""


QUESTIONS: Final[Mapping[str, Question]] = {
    "intake": Question("How did this referral arrive?", "Say who took it, and when. Waiting is counted from that day."),
    "you": Question("About you", "So that we can ask you, and tell you what the family agreed to."),
    "agreement": Question(
        "Does the family know?",
        "Talk with the parent first. To families it is a group for parents and toddlers, where people play and talk together.",
    ),
    "children": Question("Which children would come?", "A baby who is expected counts too: give the date instead of a date of birth."),
    "parents": Question(
        "Who are the parents and carers?", "Start with the one who would come most often. Any adult who cares for the child may be named."
    ),
    "relations": Question("Who is what to whom?", "It tells us who may decide for each child."),
    "home": Question("Where do they live?", "The postcode alone is enough if you do not know the rest."),
    "contact": Question(
        "How can we reach the family safely?", "We use only what you tick here. Ask the parent who else sees their phone, email and post."
    ),
    "not_told": Question(
        "Is there anybody who must not know?", "Or who may not collect a child. Leave this empty if there is nobody, or you do not know."
    ),
    "language": Question("Which language do they speak at home?"),
    "access": Question("What would help them to take part?"),
    "why_now": Question("Why now?", "What has changed, or what made you think of it today. A few lines are enough."),
    "concern": Question(
        "What worries you?", "In plain words, about the parent, the child, and how they are together. No diagnosis is needed."
    ),
    "care": Question(
        "Is the parent with a Community Mental Health Team?", "A parent who is can still be referred. We then speak with that team first."
    ),
    "services": Question("Who else works with the family?"),
    "risks": Question(
        "What should a visitor know to be safe?",
        "Two of us visit at home before the first group. Everybody who visits or rings sees this at once.",
    ),
    "urgency": Question("How soon should somebody see them?"),
    "sharing": Question(
        "What may we share, and with whom?",
        "Only what the family agreed to. Leave this empty if they agreed to nothing, or were not asked. "
        "Then we share nothing, except where somebody is in danger.",
    ),
    "told": Question("What may we tell you afterwards?", "The family decides. Ask them."),
}

NOT_ASKED: Final = "The family decides, and nobody has asked them yet. Until they agree we tell only that it arrived, whatever you choose."

OF_STAFF: Final[Mapping[str, Question]] = {
    "you": Question("Who referred?", "The person who rang or wrote, so that we can ask them."),
    "told": Question("What may we tell the referrer?", "The family decides. If nobody asked them, choose the least."),
}

LABELS: Final[Mapping[str, str]] = {
    "address-line": "Street and town",
    "referrer-name": "Your name",
    "referrer-phone": "Your phone",
    "referrer-email": "Your work email address",
    "may_be_told": "What may we tell you?",
    "safe_contact-avoid": "Numbers and addresses to avoid, and what else",
    "family_knows": "Does the family know that you are referring them?",
    "secondary_care": "With a Community Mental Health Team?",
    "why_now": "What has changed?",
    "concern": "What you see and hear",
    "language": "Language",
    "risks_to_visitors": "What a visitor should know",
    "access_needs": "What they need",
    "other_services": "Services and people",
}
LABELS_OF_STAFF: Final[Mapping[str, str]] = {
    "family_knows": "Does the family know that they were referred?",
    "referrer-name": "Their name",
    "referrer-phone": "Their phone",
    "referrer-email": "Their email address",
    "may_be_told": "What may we tell them?",
}


OF_EACH: Final[Mapping[str, Mapping[str, str]]] = {
    "children": {"expected_date": "Or, for a baby who is not born yet, the date the baby is expected"},
}
"""Words of a question about each person of a list."""


def question(kind: str, step: str) -> Question:
    """Return what a page says."""
    return OF_STAFF[step] if kind == "staff" and step in OF_STAFF else QUESTIONS[step]


def labels(kind: str) -> Mapping[str, str]:
    """Return the words of single questions that differ from those of the contract."""
    return {**LABELS, **LABELS_OF_STAFF} if kind == "staff" else LABELS
