"""The two who make a joint visit: named by whoever arranges it, described by the borough's own memberships."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from chassis.errors import Invalid
from gateway.access import current
from gateway.contract import LIST_PEOPLE
from services.assessments.contract import ArrangeVisitRequest


class ArrangeVisit(ArrangeVisitRequest):
    """When, for how long, and which two members: a practitioner of CAMHS and one of the adult mental health team."""

    assessors = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(equal=2, error="Who visits: name two members."),
        metadata={"label": "Who visits", "hint": "The ids of two members, as /people lists them."},
    )


def colleagues() -> list[dict[str, Any]]:
    """Return the practitioners of the borough who belong to an agency, as a visit keeps them, by name; at most 100."""
    return [without_membership(one) for one in members()]


def members() -> list[dict[str, Any]]:
    """Return the same, each with ``id``, that of their membership."""
    found = current.call(LIST_PEOPLE, role="practitioner", limit=100)["items"]
    return [{"id": one["id"], **_assessor(one)} for one in found if one["agency"]]


def without_membership(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return one of the `members` as a visit keeps them."""
    return {name: value for name, value in one.items() if name != "id"}


def with_assessors(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ARRANGE_VISIT` takes, made from the values of an `ArrangeVisit`.

    Raises:
        Invalid: one of the two is no practitioner who belongs to the borough now.
    """
    wanted = values["assessors"]
    found = current.call(LIST_PEOPLE, role="practitioner", member_id=wanted, limit=len(wanted))["items"]
    members = {one["id"]: one for one in found if one["agency"]}
    unknown = "Who visits: this is no practitioner of the borough now."
    strangers = {place: [unknown] for place, one in enumerate(wanted) if one not in members}
    if strangers:
        raise Invalid(faults={"assessors": strangers})
    return {**values, "assessors": [_assessor(members[one]) for one in wanted]}


def _assessor(member: Mapping[str, Any]) -> dict[str, Any]:
    agency = member["agency"]
    return {
        "person_id": member["person_id"], "name": member["name"],
        "agency_id": agency["id"], "agency_name": agency["name"], "agency_kind": agency["kind"],
    }  # fmt: skip
