"""What families read when something goes wrong: what to do, in plain words, and how to reach somebody."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from chassis.errors import BoroughSuspended, NotFound, NotOpen, StayPlayError
from gateway.branding.repository import Face
from gateway.contract.colours import DEFAULT_ACCENT
from gateway.pages.strangers.shown import face_of, public_page

NOBODY = Face("-", "Stay & Play", False, "", {}, None, None, DEFAULT_ACCENT, "", "", "", "", None)
"""The face of an address that no borough has."""


def trouble(borough: str, error: StayPlayError) -> Response:
    """Return the page for an error; nothing of what the error says for the team is in it."""
    title, words = _words(error)
    face, again = _face(borough)
    response = public_page("strangers/trouble.html", title=title, status=error.status, words=words, again=again, face=face)
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response


def _face(borough: str) -> tuple[Face, str]:
    """Return in whose face to say it, and where to begin again."""
    try:
        return face_of(borough), url_for("pages.join.show", borough=borough)
    except StayPlayError:
        return NOBODY, ""


def _words(error: StayPlayError) -> tuple[str, str]:
    if isinstance(error, NotFound):
        return _("This page is not here"), _("Look at the address again. A letter may be wrong.")
    if isinstance(error, NotOpen | BoroughSuspended):
        return _("You cannot ask to join here just now"), _("Nothing was sent. Please call us, or try again in a few days.")
    if error.status == 429:
        return _("Please wait a little"), _wait(error.facts)
    if error.status == 403:
        return _("Please open the page again"), _("This page was open too long. Nothing was sent.")
    return _("Something went wrong"), _("It is not your fault. Wait a minute, then try again. What you sent so far is kept for one hour.")


def _wait(facts: dict[str, Any]) -> str:
    seconds = int(facts.get("retry_after", 60))
    return str(ngettext("Try again in %(num)s second.", "Try again in %(num)s seconds.", seconds))
