"""The form in which two records are made one: who is who, and which answers are kept."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask import request

from services.referrals.contract import WHAT_HAPPENS

JOINS: Final = "joins"
"""Chosen for somebody of the other record who is nobody of the one that goes on."""
WHOSE: Final = {"into": "This record", "merged": "The other record", "both": "What both call safe"}
Comparison = Mapping[str, Any]


class Chosen(NamedTuple):
    """What somebody chose in the form, as it was sent."""

    people: list[dict[str, Any]]
    take: list[str]
    both: list[str]
    reason: str

    def as_request(self) -> dict[str, Any]:
        """Return it as `MergeRequest` takes it."""
        return {"people": self.people, "take": self.take, "both": self.both, "reason": self.reason}


def sent_people() -> list[dict[str, Any]] | None:
    """Return who is who, as the form was sent; None where it was not."""
    told = {name.removeprefix("who-"): value for name, value in request.form.items() if name.startswith("who-")}
    return [{"merged": one, "into": None if value == JOINS else value} for one, value in told.items()] if told else None


def chosen(found: Comparison) -> Chosen:
    """Return what is chosen: as the form was sent, and what is sensible where that says nothing."""
    answers = {one["key"]: request.form.get(f"keep-{one['key']}", one["chosen"]) for one in found["differences"]}
    people = [{"merged": one["id"], "into": one["into"]} for one in found["people"]]
    keys = {whose: [key for key, value in answers.items() if value == whose] for whose in ("merged", "both")}
    return Chosen(people, keys["merged"], keys["both"], request.form.get("reason", "").strip())


def asked_everything(found: Comparison) -> bool:
    """Tell whether the form showed every answer that differs between those who are now the same."""
    return all(f"keep-{one['key']}" in request.form for one in found["differences"])


def will_happen(found: Comparison) -> list[str]:
    """Return what making them one will do."""
    return [WHAT_HAPPENS[code] for code in found["happens"]]


def will_be(found: Comparison, choice: Chosen) -> dict[str, list[str]]:
    """Return who will be in the record that goes on: who stays, who is the same, who joins."""
    names = {str(one["id"]): one["name"] for one in found["into"]["people"]}
    matched = {str(one["merged"]): str(one["into"]) for one in choice.people if one["into"]}
    same = [f"{one['name']} is {names[matched[str(one['id'])]]}" for one in found["people"] if str(one["id"]) in matched]
    return {"same": same, "joins": [one["name"] for one in found["people"] if str(one["id"]) not in matched]}


def will_say(found: Comparison, choice: Chosen) -> list[tuple[str, str, str]]:
    """Return each answer that differed, as it will be: about whom, what, and the words."""
    lines = []
    for one in found["differences"]:
        whose = "merged" if one["key"] in choice.take else "both" if one["key"] in choice.both else "into"
        words = WHOSE["both"] if whose == "both" else one[whose] or "Nothing"
        lines.append((one["about"] or "", one["label"], words))
    return lines
