"""Agencies: what is told of them, and what they are asked."""

from chassis.contract import Operation
from chassis.schemas import Contract, PageRequest, choice, identifier, page_of, text
from services.assessments.contract import AGENCY_KINDS


class NewAgency(Contract):
    """An organisation that works in the borough."""

    name = text("Name of the agency", max_length=120)
    kind = choice("Kind of agency", AGENCY_KINDS)


class Agency(NewAgency):
    """An agency as kept."""

    id = identifier("Agency")


LIST_AGENCIES = Operation("gateway", "list_agencies", "boroughs.read", PageRequest, page_of(Agency))
ADD_AGENCY = Operation("gateway", "add_agency", "boroughs.manage", NewAgency, Agency, changes=True)

OPERATIONS: tuple[Operation, ...] = (LIST_AGENCIES, ADD_AGENCY)
