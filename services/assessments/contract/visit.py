"""The joint visit to the home: two assessors of two different agencies."""

from chassis.schemas import Contract, choice, identifier, many, moment, text, whole
from services.assessments.contract.codes import AGENCY_KINDS, VISIT_STATUSES


class Assessor(Contract):
    """One of the two who visit."""

    person_id = identifier("Person")
    name = text("Name", max_length=200)
    agency_id = identifier("Agency")
    agency_name = text("Agency", max_length=200)
    agency_kind = choice("Kind of agency", AGENCY_KINDS)


class ArrangeVisitRequest(Contract):
    """When, for how long, and who: one from CAMHS, one from the adult mental health team."""

    assessment_id = identifier("Joint assessment")
    starts_at = moment("When does the visit start?")
    minutes = whole("How many minutes?", ge=15, le=480, required=False, load_default=90, allow_none=False)
    assessors = many(Assessor, "Who visits", at_least=2, at_most=2)


class VisitRequest(Contract):
    """Which visit."""

    visit_id = identifier("Visit")


class VisitNotDoneRequest(VisitRequest):
    """Which visit did not take place, and why."""

    reason = text(
        "What happened?", required=False, max_length=1000, multiline=True, hint="For example, nobody was in.", sensitivity="internal"
    )


class Visit(Contract):
    """A joint visit."""

    id = identifier("Visit")
    assessment_id = identifier("Joint assessment")
    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    status = choice("Status", VISIT_STATUSES)
    starts_at = moment("Starts")
    minutes = whole("Minutes", ge=15, le=480)
    assessors = many(Assessor, "Who visits")
    reason = text("What happened", required=False, max_length=1000)
