"""What the gateway tells of boroughs. Here, because the tenant is the one word of the domain that the chassis knows."""

from marshmallow import fields

from chassis.contract import EventType
from chassis.schemas import Contract, identifier, text, yes_no


class BoroughFacts(Contract):
    """A borough as it is now. The subject is the borough, the sequence its version.

    ``begin_with`` holds, by name of the service, what a new borough is to find there from the start. Only the
    service knows what that is; it is told once, with ``gateway.borough.onboarded``.
    """

    slug = text("Slug", max_length=63)
    name = text("Borough", max_length=100)
    programme_name = text("What families know the groups as", max_length=100)
    practice = yes_no("Practice borough, with no real families")
    suspended = yes_no("Suspended", required=False, load_default=False)
    opened = yes_no("Open for families", required=False, load_default=True)
    policy = fields.Dict(keys=fields.String(), required=True)
    begin_with = fields.Dict(keys=fields.String(), required=False, load_default=dict)


class BoroughErased(Contract):
    """A borough that was erased, a practice one or one that left: every row of it is to go."""

    borough_id = identifier("Borough")


BOROUGH_ONBOARDED = EventType("gateway.borough.onboarded", BoroughFacts)
BOROUGH_CHANGED = EventType("gateway.borough.changed", BoroughFacts)
BOROUGH_SUSPENDED = EventType("gateway.borough.suspended", BoroughFacts)
BOROUGH_ERASED = EventType("gateway.borough.erased", BoroughErased)

EVENTS: tuple[EventType, ...] = (BOROUGH_ONBOARDED, BOROUGH_CHANGED, BOROUGH_SUSPENDED, BOROUGH_ERASED)
