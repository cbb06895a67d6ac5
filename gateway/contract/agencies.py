"""Agencies: what is told of them, and what they are asked."""

from chassis.contract import Operation
from chassis.schemas import Contract, PageRequest, choice, identifier, moment, page_of, text, version, whole, yes_no
from services.assessments.contract import AGENCY_KINDS


class NewAgency(Contract):
    """An organisation that works in the borough."""

    name = text("Name of the agency", max_length=120)
    kind = choice("Kind of agency", AGENCY_KINDS)


class Agency(NewAgency):
    """An agency as kept. ``members`` counts present people, in the list of agencies only."""

    id = identifier("Agency")
    version = version()
    retired_at = moment("Retired", required=False)
    members = whole("People", ge=0, le=1_000_000, required=False)


class ListAgenciesRequest(PageRequest):
    """Which agencies to list."""

    retired = yes_no("The retired ones too", required=False, load_default=False, allow_none=False)


class RenameAgencyRequest(Contract):
    """Another name for an agency."""

    agency_id = identifier("Agency")
    version = version()
    name = text("Name of the agency", max_length=120)


class RetireAgencyRequest(Contract):
    """An agency that nobody is to belong to any more."""

    agency_id = identifier("Agency")
    version = version()


LIST_AGENCIES = Operation("gateway", "list_agencies", "boroughs.read", ListAgenciesRequest, page_of(Agency))
ADD_AGENCY = Operation("gateway", "add_agency", "boroughs.manage", NewAgency, Agency, changes=True)
RENAME_AGENCY = Operation("gateway", "rename_agency", "boroughs.manage", RenameAgencyRequest, Agency, changes=True)
RETIRE_AGENCY = Operation("gateway", "retire_agency", "boroughs.manage", RetireAgencyRequest, Agency, changes=True)

OPERATIONS: tuple[Operation, ...] = (LIST_AGENCIES, ADD_AGENCY, RENAME_AGENCY, RETIRE_AGENCY)
