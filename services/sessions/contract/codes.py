"""Code sets of sessions: store the code, show the words."""

WEEKDAYS = {
    "0": "Monday",
    "1": "Tuesday",
    "2": "Wednesday",
    "3": "Thursday",
    "4": "Friday",
    "5": "Saturday",
    "6": "Sunday",
}

MARKS = {
    "here": "Here",
    "late": "Here, late",
    "told_us": "Told us",
    "did_not_come": "Did not come",
    "we_cancelled": "We cancelled",
}
"""What a register says of a family. NHS attendance codes are in `ATTENDANCE_CODES`."""

ATTENDANCE_CODES = {"here": "5", "late": "6", "told_us": "2", "did_not_come": "3", "we_cancelled": "4"}
"""Mark to NHS Data Dictionary ATTENDANCE STATUS. A family that comes late to a group is always seen: never code 7."""

PLACE_STATUSES = {
    "waiting": "Waiting for a place",
    "offered": "Place offered",
    "active": "Has a place",
    "paused": "Having a break",
    "ended": "Place ended",
}

SESSION_STATUSES = {"planned": "To come", "open": "Register open", "closed": "Register closed"}

ENGAGEMENT = {
    "not_yet_attended": "Not yet attended",
    "trying": "Trying it out",
    "settled": "Settled",
    "drifting": "Drifting",
    "away": "Away",
    "back": "Back",
}
"""Where a family is on its way: computed from what happened, never typed in."""

COLLECTION_STATES = {
    "arranged": "To be collected",
    "collected": "Collected",
    "not_in": "Not in",
    "declined": "Did not want to come",
}

PERSON_KINDS = {"parent": "Parent", "child": "Child"}

REOPENED_BECAUSE = {
    "wrong_mark": "A family has the wrong mark",
    "wrong_people": "Who was here, or when, is wrong",
    "too_soon": "It was closed too soon",
}
"""Why a closed register is opened again. Codes, because the reason goes into the audit trail."""

STORY_KINDS = {
    "place.waiting": "On the waiting list",
    "place.offered": "Place offered",
    "place.started": "Place started",
    "place.paused": "Taking a break",
    "place.resumed": "Break over",
    "place.ended": "Place ended",
    "family.attended": "Came to the group",
    "family.told_us": "Told us they could not come",
    "family.missed": "Did not come",
    "session.cancelled": "We cancelled",
}
