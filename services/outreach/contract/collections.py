"""Collection runs: trips that pick families up before a session: fields and operations."""

from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    PageRequest,
    choice,
    day,
    identifier,
    many,
    moment,
    nested,
    page_of,
    text,
    version,
    wall_time,
    whole,
    yes_no,
)
from services.outreach.contract.codes import RUN_STATUSES, STOP_OUTCOMES, STOP_STATES
from services.referrals.contract import ToKnow


class Stop(Contract):
    """One family on a run; ``people`` and ``children`` are counts, children being among the people."""

    id = identifier()
    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    restricted = yes_no("Restricted to others: you can't see who it is", required=False, load_default=False)
    pick_up_at = moment("Pick up at")
    pick_up_from = text("Pick up from", required=False, sensitivity="personal")
    people = whole("Seats needed", ge=1, le=20)
    children = whole("Of them child seats", ge=0, le=20)
    state = choice("Outcome", STOP_STATES)
    to_know = nested(ToKnow, "Before you go", required=False)


class CollectionRun(Contract):
    """The trip before one session; stops in the order of their times."""

    id = identifier()
    version = whole("Version", ge=1, le=2**31 - 1)
    session_id = identifier("Session")
    session_starts_at = moment("Session starts at")
    on = day("Day")
    group_name = text("Group")
    status = choice("Status", RUN_STATUSES)
    driver_name = text("Driver")
    seats = whole("Seats for passengers", ge=1, le=60)
    child_seats = whole("Child seats among them", ge=0, le=60)
    stops = many(Stop, "Stops", at_most=60)
    completed_at = moment("Done at", required=False)


class ArrangeCollection(Contract):
    """Put a family on the run of a session; the first family opens the run.

    Driver and seats may be left out when the run has them. Asking again for the same family changes its stop.
    """

    session_id = identifier("Session")
    session_starts_at = moment("Session starts at")
    group_name = text("Group")
    family_id = identifier("Family")
    pick_up_at = wall_time("Pick up at", hint="For example, 9:35")
    pick_up_from = text(
        "Pick up from", required=False, hint="Where the family agreed; their address, where left out", sensitivity="personal"
    )
    people = whole("How many people?", ge=1, le=20, required=False, hint="The whole family, where left out")
    children = whole("How many need a child seat?", ge=0, le=20, required=False, hint="Every child, where left out")
    driver_name = text("Who drives?", required=False)
    seats = whole("Seats for passengers", ge=1, le=60, required=False, hint="Seven, where left out")
    child_seats = whole("Child seats among them", ge=0, le=60, required=False, hint="Four, where left out")


class StopOutcome(Contract):
    """What came of one stop."""

    family_id = identifier("Family")
    outcome = choice("Outcome", STOP_OUTCOMES)


class CompleteCollection(Contract):
    """The run is done; every stop has an outcome."""

    run_id = identifier("Run")
    version = version()
    outcomes = many(StopOutcome, "Outcomes", at_most=60)


class ListRuns(PageRequest):
    """Which runs: of one day, today where left out."""

    on = day("Day", required=False)


ARRANGE_COLLECTION = Operation("outreach", "arrange_collection", "outreach.work", ArrangeCollection, CollectionRun, changes=True)
COMPLETE_COLLECTION = Operation("outreach", "complete_collection", "outreach.work", CompleteCollection, CollectionRun, changes=True)
LIST_RUNS = Operation("outreach", "list_runs", "outreach.read", ListRuns, page_of(CollectionRun))
OPERATIONS: tuple[Operation, ...] = (ARRANGE_COLLECTION, COMPLETE_COLLECTION, LIST_RUNS)
