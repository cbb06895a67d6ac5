"""Code sets of outreach: store the code, show the words."""

REASONS = {
    "before_joining": "Before joining",
    "missed_sessions": "Missed sessions",
    "referrers_concern": "Referrer's concern",
    "re_engagement": "Coming back",
}

OPENED_BY_A_PERSON = {code: REASONS[code] for code in ("referrers_concern", "re_engagement")}

STATUSES = {"open": "Open", "closed": "Closed"}

CLOSED_BECAUSE = {
    "back": "The family is back",
    "joined": "The family has joined",
    "family_decided": "The family decided otherwise",
    "not_joining": "No place was offered",
    "referral_closed": "The referral was closed",
    "place_ended": "The place ended",
    "no_longer_needed": "No longer needed",
    "same_family": "It goes on as another case: the family was on record twice",
}

CLOSED_BY_A_PERSON = {code: CLOSED_BECAUSE[code] for code in ("back", "family_decided", "no_longer_needed")}

CHANNELS = {
    "phone": "Phone",
    "text": "Text message",
    "email": "Email",
    "letter": "Letter",
    "visit": "Visit",
    "someone": "Through somebody they trust",
}

DIRECTIONS = {"out": "We reached out", "in": "They got in touch"}

OUTCOMES = {
    "reached": "Spoke with them",
    "left_message": "Left a message",
    "sent": "Sent",
    "no_answer": "No answer",
    "not_in": "Not in",
    "wrong_details": "The number or address is wrong",
}

RUN_STATUSES = {"arranged": "Arranged", "completed": "Done"}

STOP_OUTCOMES = {"collected": "Collected", "not_in": "Not in", "declined": "Did not want to come"}

STOP_STATES = {"arranged": "To be collected", **STOP_OUTCOMES}

STORY_KINDS = {
    "case.opened": "Outreach opened",
    "case.taken": "Outreach taken on",
    "case.escalated": "Outreach escalated",
    "case.visit_missed": "Contact due after a missed visit",
    "case.closed": "Outreach closed",
    "contact.made": "Contact",
    "collection.arranged": "Collection arranged",
    "collection.done": "Collection done",
}
