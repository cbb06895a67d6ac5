"""What signing in with an organisation's account changes on the pages of signing in."""

from typing import Any

from flask import request

from chassis.errors import Unavailable
from gateway.access.visitor import Visitor
from gateway.runtime import runtime


def by_account(onward: str) -> dict[str, Any]:
    """Return what the sign-in page shows of it: the account of the borough that somebody wants to open, or the way to all.

    The address tells the borough, never what somebody typed: nothing tells whether there is an account. The page needs none of
    this, so it is there without a database too.
    """
    desk, slug = runtime().sign_on, onward.partition("?")[0].strip("/").partition("/")[0]
    try:
        account = desk.label(slug) if slug else ""
        left = desk.signing_out.onward(request.args["left"]) if "left" in request.args else None
        return {"account": account, "slug": slug, "left": left, "offers_others": not account and bool(desk.listed())}
    except Unavailable:
        return {"account": "", "slug": "", "left": None, "offers_others": False}


def boroughs_open_to(visitor: Visitor) -> list[Any]:
    """Return the boroughs that a session may know of; one that a borough's provider vouches for knows of that borough alone."""
    every = runtime().sign_in.boroughs_of(visitor.person_id)
    if visitor.provider_id is None:
        return every
    slug = runtime().sign_on.slug_of(visitor.provider_id)
    return [one for one in every if one.slug == slug]
