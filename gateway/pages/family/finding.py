"""Finding a family: everybody by last name, or whoever is like what was typed into the box."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Response
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Invalid
from gateway.access import current
from gateway.pages.forms import Filled, Form
from gateway.pages.show import new_key, onward, page
from services.referrals.contract import (
    FIND_RESTRICTED,
    GET_FAMILY,
    LIST_FAMILIES,
    LONGEST_SEARCH,
    LOOKED_FOR,
    SEARCH_FAMILIES,
    FindRestrictedRequest,
    tidy_reference,
)

_NONE: Mapping[str, Any] = {"items": [], "next": None, "total": 0, "terms": [], "matched": 0, "complete": True}


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page of families shows.

    Attributes:
        query: as it was typed; empty where every family is listed.
        born: the date of birth that a restricted family is asked for by.
        found: a page of the list, or of what was found.
        restricted: families that match exactly and that the person may not see.
        by_reference: an exact reference was looked for.
        fault: what is wrong with what was typed.
    """

    query: str
    born: Filled
    found: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    restricted: tuple[UUID, ...] = ()
    is_first: bool = True
    by_reference: bool = False
    fault: str = ""

    @property
    def looked_for(self) -> list[str]:
        """What was typed, each thing with what it was taken for."""
        return [f"{' or '.join(LOOKED_FOR[kind] for kind in term['kinds'])} (\u201c{term['typed']}\u201d)" for term in self.found["terms"]]

    @property
    def faults(self) -> list[str]:
        """What is wrong with single things that were typed."""
        return [f"\u201c{term['typed']}\u201d: {term['fault']}" for term in self.found["terms"] if term["fault"]]

    @property
    def is_partial(self) -> bool:
        """Whether no family is like everything that was typed, and these are like some of it."""
        return bool(0 < self.found["matched"] < len(self.found["terms"]))


def families(typed: MultiDict[str, str]) -> Response | AnyResponse:
    """Answer the page of families; ``typed`` is its form, empty when it is only opened.

    A reference that is an identifier leads straight to the family. A referral's reference, or a full name with its date of birth, tells
    besides that a restricted family matches.
    """
    query, after = typed.get("query", "").strip()[:LONGEST_SEARCH], typed.get("after")
    born = Form(FindRestrictedRequest, "name", "reference", "known_as").sent(typed)
    if reference := _reference(query):
        return _by_reference(reference, born)
    try:
        found = _found(query, after)
    except Invalid as refused:
        return shown(Listing(query, born, fault=_fault_of(refused)))
    return shown(Listing(query, born, found, _restricted(query, born, found), is_first=not after))


def _found(query: str, after: str | None) -> Mapping[str, Any]:
    if query:
        return current.call(SEARCH_FAMILIES, query=query, after=after, limit=10)
    return {**_NONE, **current.call(LIST_FAMILIES, after=after, limit=25)}


def shown(listing: Listing) -> Response:
    """Return the page of families, with what was found."""
    fault = listing.fault
    return page("family/index.html", title="Families", status=422 if fault else 200, has_faults=bool(fault), listing=listing)


def _fault_of(refused: Invalid) -> str:
    """Return what is wrong with what was typed; raises the error itself where the fault is in what nobody typed."""
    found = refused.faults.get("query")
    if not found:
        raise refused
    return str(found[0])


def _restricted(query: str, born: Filled, found: Mapping[str, Any]) -> tuple[UUID, ...]:
    """Return the restricted families that match a referral's reference, or a full name and a date of birth, typed into the box or below it.

    None where either is missing or can't be, and where nothing can be opened in need: that this was asked is kept, so it is a change.
    """
    if not query or not current.may("families.break_glass") or current.borough().suspended_at is not None:
        return ()
    if known_as := tidy_reference(query):
        return _hidden(known_as=known_as)
    days = [term for term in found["terms"] if term["day"]]
    name = " ".join(_without(query, [term["typed"] for term in days]).split())
    asked = born.checked(name=name) if born.answers.get("birth_date") else {"name": name, "birth_date": days[0]["day"]} if days else None
    if not asked or len(name.split()) < 2:
        return ()
    return _hidden(**asked)


def _hidden(**asked: Any) -> tuple[UUID, ...]:
    return tuple(current.call(FIND_RESTRICTED, idempotency_key=new_key(), **asked)["families"])


def _without(query: str, typed: list[str]) -> str:
    for one in typed:
        query = query.replace(one, " ")
    return query


def _reference(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _by_reference(reference: UUID, born: Filled) -> Response | AnyResponse:
    """Lead to the family with exactly this reference; tell where a restricted one has it, or a referral of one."""
    (family,) = current.gather_what_answers(current.ask(GET_FAMILY, family_id=reference))
    if isinstance(family, dict):
        return onward("family.show", family_id=reference)
    restricted = _hidden(reference=reference) if current.may("families.break_glass") else ()
    return shown(Listing(str(reference), born, restricted=restricted, by_reference=True))
