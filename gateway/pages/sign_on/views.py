"""To a borough's provider of sign-in and back, and what the provider itself tells us."""

from typing import Final, cast

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import StayPlayError
from gateway.access import current
from gateway.access.guard import open_to_all
from gateway.pages.own_address import own_address
from gateway.pages.show import here, page
from gateway.pages.sign_in.entering import entered
from gateway.pages.sign_on import linking, settings
from gateway.pages.sign_on.leading import failed, led
from gateway.people.single_sign_on import under_way
from gateway.people.single_sign_on.entering import Circumstances, Finished
from gateway.people.single_sign_on.faults import ProviderAway, SignOnOver
from gateway.runtime import runtime

part = Blueprint("sign_on", __name__)
part.add_url_rule("/invitation/<token>/organisation", "join", linking.join, methods=["POST"])
part.add_url_rule("/account/organisation/<slug>", "account", linking.show)
part.add_url_rule("/account/organisation/<slug>/link", "link", linking.link, methods=["POST"])
part.add_url_rule("/account/organisation/<slug>/unlink", "unlink", linking.unlink, methods=["POST"])
part.add_url_rule("/account/confirm/organisation", "confirm", linking.confirm, methods=["POST"])
part.add_url_rule("/<borough>/sign-on", "edit", settings.edit, methods=["GET", "POST"])
part.add_url_rule("/<borough>/sign-on/check", "check", settings.check, methods=["POST"])
part.add_url_rule("/<borough>/sign-on/use", "use", settings.use, methods=["POST"])

_DONE: Final = {"link": "account_linked"}


@part.get("/sign-on")
@open_to_all
def index() -> Response:
    """List the boroughs that are entered with an organisation's account."""
    return page("sign_on/index.html", title="Sign in with your organisation's account", boroughs=runtime().sign_on.listed())


@part.get("/sign-on/<slug>")
@open_to_all
def begin(slug: str) -> Response | AnyResponse:
    """Lead to the provider of a borough. A link, not a form: our pages' policy lets forms go nowhere else, not even by a redirect."""
    onward = own_address(request.args.get("next", ""))
    try:
        beginning = runtime().sign_on.begin(slug, onward=onward)
    except ProviderAway as away:
        return failed(away, here("sign_on.begin", slug=slug, next=onward or None))
    return led(redirect(beginning.address, 303), beginning)


@part.get("/sign-on/callback")
@open_to_all
def finish() -> Response | AnyResponse:
    """Take what the provider sent the browser back with."""
    desk, secure = runtime().sign_on, runtime().settings.is_secure
    cookie = under_way.cookie_in(request, secure=secure)
    begun = desk.under_way(cookie)
    try:
        finished = desk.finish(request.args, Circumstances(cookie, current.visitor() if current.signed_in() else None, _about()))
    except StayPlayError as error:
        response: Response | AnyResponse = failed(error, _again(begun))
        if isinstance(error, SignOnOver):
            return response
    else:
        response = _came_back(finished)
    under_way.take_away(cast("Response", response), secure=secure)
    return response


def _about() -> dict[str, str]:
    return {
        "address": current.address(),
        "device": current.device(),
        "user_agent": current.user_agent(),
        "earlier_token": current.session_token(),
    }


def _again(begun: under_way.UnderWay | None) -> str:
    """Return the page from which somebody tries the same again."""
    if begun is None:
        return here("sign_in.form")
    if begun.purpose == "join":
        return here("invitation.show", token=begun.invitation)
    if begun.purpose == "link":
        return here("sign_on.account", slug=begun.slug)
    if begun.purpose == "confirm":
        return here("account.confirm", next=begun.onward or None)
    return here("sign_on.begin", slug=begun.slug, next=begun.onward or None)


def _came_back(finished: Finished) -> Response | AnyResponse:
    if finished.session is not None:
        return entered(finished.session, finished.onward or url_for("pages.today.show", borough=finished.slug))
    return redirect(finished.onward or here("account.index", done=_DONE.get(finished.purpose)), 303)


@part.post("/sign-on/back-channel-logout")
@open_to_all
def back_channel() -> Response:
    """Hear from a provider that sessions there are over. It comes from a server, without a session: its signature is what counts."""
    try:
        runtime().sign_on.signing_out.logged_out(request.form.get("logout_token", ""))
    except ProviderAway:
        return _told('{"error":"temporarily_unavailable"}', 503)
    except StayPlayError:
        return _told('{"error":"invalid_request"}', 400)
    return _told("", 200)


def _told(body: str, status: int) -> Response:
    return Response(body, status, content_type="application/json")
