"""What the register's form says of each family.

Fields: ``mark-FAMILY`` the mark, ``was-FAMILY`` the mark that the form showed, ``people-FAMILY`` who is here.
"""

from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict


class TypedMark(NamedTuple):
    """A mark as it was sent, with the people."""

    mark: str
    people: frozenset[str]


Typed = dict[str, TypedMark]


def typed_in(posted: MultiDict[str, str]) -> Typed:
    """Return the marks that were sent, by family."""
    families = [name.removeprefix("mark-") for name in posted if name.startswith("mark-")]
    return {family: TypedMark(posted[f"mark-{family}"], frozenset(posted.getlist(f"people-{family}"))) for family in families}


def given_marks(posted: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Return the marks as the register takes them; families without one are left out."""
    return [_given(posted, family, typed) for family, typed in typed_in(posted).items()]


def _given(posted: MultiDict[str, str], family: str, typed: TypedMark) -> dict[str, Any]:
    people = sorted(typed.people) if typed.mark in {"here", "late"} and typed.people else None
    return {"family_id": family, "mark": typed.mark, "people": people, "was": posted.get(f"was-{family}") or None}
