"""Joining with an organisation's account, linking one to one's own, and showing by it again who one is."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, StayPlayError
from gateway.access import current
from gateway.access.guard import asks_again, open_to_all, signed_in_only
from gateway.access.visitor import Visitor
from gateway.pages.account.sections import SIGNING_IN, Row
from gateway.pages.own_address import own_address
from gateway.pages.show import here, onward, page
from gateway.pages.sign_on.leading import failed, go_on
from gateway.pages.words import day, moment
from gateway.people.single_sign_on.faults import ProviderAway
from gateway.runtime import runtime


def rows(visitor: Visitor) -> list[Row]:
    """Return a row for each borough of the person that is entered with an organisation's account."""
    return [
        Row(one.label, _words(one), "Change" if one.linked_at else "Link", here("sign_on.account", slug=one.slug))
        for one in runtime().sign_on.accounts.of(visitor)
    ]


def _words(one: object) -> str:
    name, linked_at, used_at = (getattr(one, attribute) for attribute in ("name", "linked_at", "used_at"))
    if linked_at is None:
        return f"Not linked. It would open {name}"
    return f"Linked {day(linked_at)}, opens {name}" + (f", last used {moment(used_at)}" if used_at else "")


SIGNING_IN.append(rows)


@open_to_all
def join(token: str) -> Response | AnyResponse:
    """Lead whoever has an invitation to the borough's provider, to accept it with their account there."""
    try:
        return go_on(runtime().sign_on.begin_joining(token))
    except ProviderAway as away:
        return failed(away, here("invitation.show", token=token))


@signed_in_only
def show(slug: str) -> Response:
    """Show whether an account of a borough's provider is linked, and offer to change it."""
    found = [one for one in runtime().sign_on.accounts.of(current.visitor()) if one.slug == slug]
    if not found:
        raise NotFound
    vouched_for = current.visitor().provider_id is not None
    return page("sign_on/account.html", title=found[0].label, one=found[0], words=_words(found[0]), vouched_for=vouched_for)


@asks_again
@signed_in_only
def link(slug: str) -> Response | AnyResponse:
    """Lead the person to the provider, to link their account there."""
    try:
        return go_on(runtime().sign_on.begin_linking(slug, current.visitor()))
    except ProviderAway as away:
        return failed(away, here("sign_on.account", slug=slug))


@asks_again
@signed_in_only
def unlink(slug: str) -> AnyResponse:
    """Take the link away."""
    runtime().sign_on.accounts.unlink(slug, current.visitor())
    return onward("account.index", "account_unlinked")


@signed_in_only
def confirm() -> Response | AnyResponse:
    """Lead the person to the provider that vouches for them, to sign in there once more."""
    where = own_address(request.form.get("next", ""))
    try:
        return go_on(runtime().sign_on.begin_confirming(current.visitor(), where))
    except StayPlayError as error:
        return failed(error, here("account.confirm", next=where or None))
