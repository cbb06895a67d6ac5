"""Who may see a restricted family, as a form asks it: all who may, ticked, not who is added and who is removed."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields

from chassis.schemas import Contract, identifier, version
from gateway.named_people import named
from gateway.pages.forms import Filled, Form

Restriction = Mapping[str, Any]
Members = Sequence[Mapping[str, Any]]


class WhoMaySee(Contract):
    """Everybody who may see a restricted family from now on, by the ids of their memberships."""

    family_id = identifier("Family")
    version = version()
    people = fields.List(
        fields.UUID(),
        load_default=list,
        metadata={"label": "Who may see this family", "widget": "checkboxes", "hint": "At least one of them is a practitioner."},
    )


def by_id(members: Members) -> dict[str, str]:
    """Return the members that can be chosen, by id: their names, with where they work."""
    return {str(one["id"]): f"{one['name']}, {one['agency']['name']}" if one["agency"] else one["name"] for one in members}


def form_of(restriction: Restriction, members: Members, me: object) -> Form:
    """Return the form; who broke the glass is not asked about themselves."""
    choosable = members if restriction["may_change"] else [one for one in members if one["person_id"] != me]
    return Form(WhoMaySee, "family_id", choices={"people": by_id(choosable)})


def as_it_is(form: Form, restriction: Restriction, members: Members) -> Filled:
    """Return the form with everybody ticked who is named now."""
    now = {person["person_id"] for person in restriction["people"]}
    return form.blank(people=[one["id"] for one in members if one["person_id"] in now])


def changed(restriction: Restriction, members: Members, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `CHANGE_RESTRICTION` takes: who is more, and who is fewer, than are named now.

    Whoever has left the borough can't be ticked, and goes; but nobody goes where the person who asks may only add.
    """
    chosen = {one["person_id"]: one for one in members if one["id"] in set(values["people"])}
    now = {person["person_id"] for person in restriction["people"]}
    asked = now if restriction["may_change"] else now & {one["person_id"] for one in members}
    return {
        "family_id": values["family_id"],
        "version": values["version"],
        "add": [named(one) for person_id, one in chosen.items() if person_id not in now],
        "remove": sorted(asked - chosen.keys()),
    }
