"""The page for an error: what happened, and what to do."""

from typing import cast
from urllib.parse import urlsplit

from flask import Response, current_app, redirect, request, url_for

from chassis.errors import FamilyMerged, IdempotencyMismatch, NotSignedIn, Restricted, StayPlayError
from gateway.access import current
from gateway.languages import is_for_families
from gateway.pages.forms.faults import flat
from gateway.pages.restricted import glass
from gateway.pages.show import page
from gateway.pages.strangers.trouble import trouble
from gateway.people.factors.faults import SecondFactorNeeded
from gateway.people.single_sign_on.faults import SignOnNeeded
from gateway.runtime import runtime

_WORDS = {
    IdempotencyMismatch.code: "This form was sent before with other answers. Those were kept. Open the page again to change them.",
    "unreadable": "What the browser sent could not be read. Open the page again and send it from there.",
    "wrong_method": "This page can't be opened in this way. Go back to Today.",
    "key_needed": "This form is incomplete. Open the page again and send it from there.",
}


def render_error(error: StayPlayError) -> Response:
    """Return the page for an error: on a page for families in their words, else as the team reads it."""
    if is_for_families(current_app.view_functions.get(request.endpoint or "")):
        return trouble(str((request.view_args or {}).get("borough", "")), error)
    return _for_the_team(error)


def _for_the_team(error: StayPlayError) -> Response:
    """Return the page for an error; whoever must sign in, or show again that it is them, is led there and back afterwards."""
    if isinstance(error, NotSignedIn):
        return _sign_in()
    if isinstance(error, SecondFactorNeeded):
        return _second_step(has_factor=bool(error.facts["has_factor"]))
    if isinstance(error, current.ConfirmationNeeded):
        return _confirm()
    if isinstance(error, SignOnNeeded) and current.signed_in() and current.visitor().borough:
        return _other_way_in(error)
    if instead := _of_a_family(error):
        return instead
    if words := _WORDS.get(error.code):
        error.message = words
    messages = [message for _, message in flat(error.facts.get("faults") or {})]
    again = request.path if request.method == "POST" and error.status in {403, 409, 422, 503, 504} and request.endpoint else ""
    response = page("problems/page.html", title=error.title, status=error.status, error=error, messages=messages, again=_open(again))
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response


def _of_a_family(error: StayPlayError) -> Response | None:
    """Return the page for what is the matter with a family's record: it is restricted, or it goes on under another one."""
    family_id = (request.view_args or {}).get("family_id")
    if isinstance(error, Restricted) and family_id:
        return glass.notice(family_id)
    if isinstance(error, FamilyMerged) and family_id and request.method == "GET":
        return _to_the_record_that_goes_on(error)
    return None


def _to_the_record_that_goes_on(error: FamilyMerged) -> Response:
    """Lead from the address of a family that was merged to the same page of the record that goes on."""
    where = {**(request.view_args or {}), "family_id": error.facts["into"], "done": "family_is_merged"}
    return cast("Response", redirect(url_for(request.endpoint or "", **where), 303))


def _open(path: str) -> str:
    """Return the page that a form stands on; where only the form itself has an address, the page it came from."""
    if not path:
        return ""
    came_from = request.referrer or ""
    return came_from if came_from.startswith(request.host_url) else ""


def _sign_in() -> Response:
    onward = request.full_path.rstrip("?") if request.method == "GET" else ""
    if current.is_operators_page():
        return cast("Response", redirect(url_for("pages.operator.sign_in", next=onward or None), 303))
    where = url_for("pages.sign_in.form", why="ended" if request.cookies else None, next=onward if len(onward) > 1 else None)
    return cast("Response", redirect(where, 303))


def _other_way_in(error: StayPlayError) -> Response:
    """Return the page that says with which account this borough is opened."""
    borough = current.borough()
    where = request.full_path.rstrip("?") if request.method == "GET" else url_for("pages.today.show", borough=borough.slug)
    return page(
        "sign_on/needed.html",
        title=error.title,
        status=error.status,
        name=borough.name,
        only=borough.only_sign_on,
        label=runtime().sign_on.label(borough.slug),
        begin=url_for("pages.sign_on.begin", slug=borough.slug, next=where),
        sign_in=url_for("pages.sign_in.form", next=where),
    )


def _second_step(*, has_factor: bool) -> Response:
    """Lead to the page that asks for the second step, or to the ways of setting one up, and from there to what needed it."""
    onward = request.full_path.rstrip("?") if request.method == "GET" else ""
    page_of = "pages.factors.prove" if has_factor else "pages.factors.choose"
    return cast("Response", redirect(url_for(page_of, next=onward if len(onward) > 1 else None), 303))


def _confirm() -> Response:
    """Lead to the page that asks who it is, and from there to what needed it: a form is to be sent again, which that page says."""
    if request.method == "GET":
        where = request.full_path.rstrip("?")
    else:
        path = request.path if "GET" in _methods() else urlsplit(request.referrer or "").path
        where = f"{path}?done=confirm_again" if path else ""
    return cast("Response", redirect(url_for("pages.account.confirm", next=where or None), 303))


def _methods() -> set[str]:
    return (request.url_rule.methods if request.url_rule else None) or set()
