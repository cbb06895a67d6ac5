"""What stands around every page: who is here, in which borough, and where they can go."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import request, url_for

from chassis.errors import StayPlayError
from gateway.access import current
from gateway.access.visitor import Borough
from gateway.contract.colours import DEFAULT_ACCENT
from gateway.pages.accent import accent_of


class Item(NamedTuple):
    """A place in the main menu; ``exact`` where it is this very page."""

    text: str
    href: str
    current: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Chrome:
    """The frame of a page; everything is empty before sign-in."""

    home: str
    person: str = ""
    agency: str = ""
    borough: Borough | None = None
    items: tuple[Item, ...] = ()
    accent: str = DEFAULT_ACCENT
    of_operators: bool = False
    may_find: bool = False

    @property
    def accent_differs(self) -> bool:
        """Whether the borough has a colour of its own."""
        return self.accent != DEFAULT_ACCENT


_MENU = (
    ("Today", "today.show", ("boroughs.read",)),
    ("Referrals", "referrals.index", ("referrals.read", "referrals.read_own")),
    ("Assessments", "assessments.index", ("assessments.read",)),
    ("Groups", "groups.index", ("groups.read",)),
    ("Outreach", "outreach.index", ("outreach.read",)),
    ("Families", "family.index", ("families.read",)),
    ("Records", "records.index", ("records.manage",)),
    ("People", "people.index", ("people.manage",)),
    ("Notices", "notices.index", ("notices.read",)),
    ("Set-up", "set_up.show", ("boroughs.manage",)),
    ("Audit", "audit.index", ("audit.read",)),
)
_UNDER = {
    "register": "groups",
    "problems": "",
    "restricted": "family",
    "duplicates": "family",
    "sharing": "family",
    "refer": "referrals",
    "imports": "referrals",
    **dict.fromkeys(("policy", "agencies", "branding", "sign_on", "systems", "webhooks"), "set_up"),
}


def chrome() -> Chrome:
    """Return the frame for the request in hand; a stranger gets the bare one."""
    if current.is_operators_page():
        return _of_operators()
    if current.without_account():
        return _of_anybody(current.any_borough())
    if not current.signed_in():
        return Chrome(url_for("pages.sign_in.form"))
    visitor = current.visitor()
    home = url_for("pages.sign_in.boroughs")
    try:
        borough, member = current.borough(), current.member()
        current.require_right_way_in()
    except StayPlayError:
        return Chrome(home, visitor.person_name)
    home = url_for("pages.today.show", borough=borough.slug)
    may_find = current.may("families.read")
    return Chrome(home, visitor.person_name, member.agency_name, borough, _items(borough), accent_of(borough), may_find=may_find)


def _of_anybody(borough: Borough) -> Chrome:
    """Return the frame of the pages on which somebody without an account refers: the borough's face, and no menu."""
    return Chrome(url_for("pages.refer.start", borough=borough.slug), borough=borough, accent=accent_of(borough))


def _of_operators() -> Chrome:
    """Return the frame of operators' pages; the bare one before they are signed in."""
    home = url_for("pages.operator.index")
    if request.endpoint in {"pages.operator.sign_in", "pages.operator.leave"}:
        return Chrome(home)
    places = (("Boroughs", "operator.index"), ("Onboarding", "operator.unfinished"), ("Leaving", "operator.departures"))
    items = tuple(Item(text, href, href == request.path, href == request.path) for text, at in places for href in [url_for(f"pages.{at}")])
    return Chrome(home, "Operator", items=items, of_operators=True)


def _items(borough: Borough) -> tuple[Item, ...]:
    part = (request.endpoint or "").split(".")[-2:][0]
    here = _UNDER.get(part, part)
    return tuple(
        Item(text, href, endpoint.split(".")[0] == here, href == request.path)
        for text, endpoint, permissions in _MENU
        if any(map(current.may, permissions))
        for href in [url_for(f"pages.{endpoint}", borough=borough.slug)]
    )
