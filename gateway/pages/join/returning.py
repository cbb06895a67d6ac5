"""Coming back later by a link: only for who asks for one, and only with a word that they choose.

The link holds what opens the draft, sealed with that word: whoever finds the link in a message or in a browser's history can't open it.
Nothing of the link or the word is kept here.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import Final
from uuid import UUID

from flask import Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from gateway.access import current
from gateway.access.guard import public_of_borough
from gateway.languages import for_families
from gateway.pages.join import cookie
from gateway.pages.show import here
from gateway.pages.strangers import abuse
from gateway.pages.strangers.shown import in_this_language, public_page
from gateway.people.sealing import BrokenSeal
from gateway.people.throttle import Throttle
from gateway.runtime import runtime

SHORTEST: Final = 4
LONGEST: Final = 40


@public_of_borough
@for_families
def later(borough: str) -> AnyResponse:
    """Ask for a word, and show the link that it opens."""
    held = cookie.held()
    if held is None:
        return redirect(here("join.show", **in_this_language({})), 303)
    word = request.form.get("word", "").strip()
    if request.method == "GET" or not SHORTEST <= len(word) <= LONGEST:
        return word_page("join/later.html", _("Come back later"), fault=_("Choose a word with 4 to 40 letters.") if request.form else "")
    abuse.pace("join link")
    link = here("join.back", link=sealed(held, borough, word), _external=True)
    return public_page("join/link.html", title=_("Your link"), tab=_("Come back later"), link=link)


@public_of_borough
@for_families
def back(borough: str, link: str) -> AnyResponse:
    """Ask for the word, and open the draft with it; the page that comes then stands under the one address of it all."""
    if request.method == "GET":
        return word_page("join/back.html", _("Welcome back"))
    throttle = Throttle(runtime().identity, sha256(_sealed_in(link)).hexdigest(), current.address(), purpose="join link")
    throttle.check()
    held = opened(link, borough, request.form.get("word", ""))
    if held is None:
        throttle.failed()
        return word_page("join/back.html", _("Welcome back"), fault=_("That is not the word for this link. Try again."))
    response = redirect(here("join.show", **in_this_language({})), 303)
    cookie.give(response, held)
    return response


def word_page(template: str, title: str, fault: str = "") -> Response:
    """Return a page that asks for the word."""
    tab = _("Error: %(page)s", page=title) if fault else title
    return public_page(template, title=title, tab=tab, status=422 if fault else 200, fault=fault)


def sealed(held: cookie.Held, borough: str, word: str) -> str:
    """Return what stands in the link."""
    content = "~".join((str(held.draft_id), held.secret, runtime().seals.new(held.opened_at)))
    return urlsafe_b64encode(runtime().links.seal(content, about=_about(borough, word))).decode().rstrip("=")


def opened(link: str, borough: str, word: str) -> cookie.Held | None:
    """Return what a link opens; None where the word is another, or the link is not ours."""
    try:
        content = runtime().links.opened(_sealed_in(link), about=_about(borough, word))
    except BrokenSeal:
        return None
    draft_id, secret, seal = content.split("~")
    opened_at = runtime().seals.opened_at(seal)
    return cookie.Held(UUID(draft_id), secret, opened_at) if opened_at else None


def _sealed_in(link: str) -> bytes:
    """Return what a link holds, in whichever way it is written: signs of no meaning left out. Empty where it holds nothing."""
    try:
        return urlsafe_b64decode(link + "=" * (-len(link) % 4))
    except (NotBase64, ValueError):
        return b""


def _about(borough: str, word: str) -> bytes:
    return sha256(f"{borough}\0{' '.join(word.casefold().split())}".encode()).digest()
