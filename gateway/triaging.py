"""Who is named at triage: by whoever decides, described by the borough's own memberships."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request
from marshmallow import fields, validate

from chassis.errors import Invalid
from gateway.access import current
from gateway.assessors import with_assessors
from gateway.contract import LIST_PEOPLE
from gateway.people.throttle import check_pace
from gateway.runtime import runtime
from services.referrals.contract import AcceptRequest, MoveRequest

LINK_HEADER: Final = "Stay-Play-Link"
ANSWERS: Final = 60
"""Answers from one network address before the first delay: an office has one address for everybody in it."""
_NOBODY = "Whose it is: this is no practitioner of the borough now."


class AcceptReferral(AcceptRequest):
    """Accept, and propose two members for the visit: a practitioner of CAMHS and one of the adult mental health team."""

    assessors = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=2, error="Who visits: name two members."),
        metadata={"label": "Who visits", "hint": "The ids of two members, as /people lists them; leave it empty to choose later."},
    )


class AssignReferral(MoveRequest):
    """Make a referral a member's, by the id of their membership; without one it is nobody's."""

    assignee = fields.UUID(load_default=None, allow_none=True, metadata={"label": "Whose it is from now on"})


def with_proposed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ACCEPT` takes, made from the values of an `AcceptReferral`.

    Raises:
        Invalid: one of the two is no practitioner who belongs to the borough now.
    """
    return with_assessors(values) if values["assessors"] else dict(values)


def with_assignee(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ASSIGN` takes, made from the values of an `AssignReferral`.

    Raises:
        Invalid: it is no practitioner who belongs to the borough now.
    """
    wanted = values["assignee"]
    if wanted is None:
        return dict(values)
    found = current.call(LIST_PEOPLE, role="practitioner", member_id=[wanted], limit=1)["items"]
    if not found:
        raise Invalid(faults={"assignee": [_NOBODY]})
    return {**values, "assignee": {"person_id": found[0]["person_id"], "name": found[0]["name"]}}


def with_link(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the secret of a link that came in the header: an address is kept in logs."""
    return {**values, "token": request.headers.get(LINK_HEADER) or "-"}


def answering(values: Mapping[str, Any]) -> dict[str, Any]:
    """Let a question be answered; raises TooManyAttempts where somebody without an account tries links without end."""
    if current.without_account():
        check_pace(runtime().identity, "public answer", current.address(), ANSWERS)
    return dict(values)
