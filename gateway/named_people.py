"""The people who may see a restricted family: named by whoever restricts it, described by the borough's own memberships."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from chassis.errors import Invalid
from gateway.access import current
from gateway.access.roles import permissions_of
from gateway.contract import LIST_PEOPLE
from services.referrals.contract import ChangeRestrictionRequest, RestrictFamilyRequest

MOST = 50
AT_ONCE = 100


def _people(label: str, **options: Any) -> "fields.List[Any]":
    return fields.List(
        fields.UUID(),
        validate=validate.Length(max=MOST, error=f"{label}: name at most {MOST} members."),
        metadata={"label": label, "widget": "checkboxes", "hint": "Members of the borough who work with families."},
        **options,
    )


class RestrictFamily(RestrictFamilyRequest):
    """Restrict a family to members of the borough, by the ids of their memberships, and to yourself."""

    people = _people("Who may see this family", load_default=list)


class ChangeRestriction(ChangeRestrictionRequest):
    """Members of the borough who may see a restricted family too, by the ids of their memberships; people who may no longer."""

    add = _people("Who else may see this family", load_default=list)


def who_may_be_named() -> list[dict[str, Any]]:
    """Return the members of the borough whose roles let them read families, by name."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = current.call(LIST_PEOPLE, after=after, limit=AT_ONCE)
        found += [one for one in page["items"] if _reads_families(one)]
        after = page["next"]
        if after is None:
            return found


def gone_of(people: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return those of the named people who are members no more, or whose roles let them read no families now."""
    here = {one["person_id"] for one in who_may_be_named()} if people else set()
    return [one for one in people if one["person_id"] not in here]


def with_people(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `RESTRICT_FAMILY` takes, made from the values of a `RestrictFamily`.

    Raises:
        Invalid: one is no member of the borough now, or no role of theirs reads families.
    """
    return {**values, "people": _members(values["people"], "people")}


def with_more_people(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `CHANGE_RESTRICTION` takes, made from the values of a `ChangeRestriction`; raises as `with_people`."""
    return {**values, "add": _members(values["add"], "add")}


def _members(ids: Sequence[UUID], field: str) -> list[dict[str, Any]]:
    wanted = list(dict.fromkeys(ids))
    found = current.call(LIST_PEOPLE, member_id=wanted, limit=MOST)["items"] if wanted else []
    members = {one["id"]: one for one in found if _reads_families(one)}
    unknown = "Who may see this family: this is no member of the borough who works with families."
    strangers = {str(place): [unknown] for place, one in enumerate(wanted) if one not in members}
    if strangers:
        raise Invalid(faults={field: strangers})
    return [named(members[one]) for one in wanted]


def _reads_families(member: Mapping[str, Any]) -> bool:
    agency = member["agency"]
    return "families.read" in permissions_of(member["roles"], agency["kind"] if agency else "")


def named(member: Mapping[str, Any]) -> dict[str, Any]:
    """Return a member as a restriction names them."""
    return {"person_id": member["person_id"], "name": member["name"], "practitioner": "practitioner" in member["roles"]}
