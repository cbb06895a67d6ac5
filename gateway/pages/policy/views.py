"""The borough's policy: read by everybody in it, decided by its administrators."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Stale
from gateway.access import current
from gateway.access.guard import needs
from gateway.contract import (
    CHANGE_POLICY,
    GET_POLICY,
    LIST_POLICY_VERSIONS,
    POLICY_STATES,
    REVIEW_POLICY,
    WITHDRAW_POLICY,
    ChangePolicyRequest,
)
from gateway.pages.attempt import attempt, send
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled, Form
from gateway.pages.policy.reading import ORDER, PARTS, in_words, with_changes
from gateway.pages.show import onward, page

part = Blueprint("policy", __name__)

CHANGE: Final = Form(ChangePolicyRequest, order=ORDER)
A_PAGE: Final = 10


@part.get("/<borough>/policy")
@needs("boroughs.read")
def show(borough: str) -> Response:
    """Show the policy in force, what is to come, and the last versions."""
    now, history = current.gather(current.ask(GET_POLICY), current.ask(LIST_POLICY_VERSIONS, after=_after(), limit=A_PAGE))
    return shown(now, history, _before(history))


def _after() -> str | None:
    return request.args.get("after")


def _before(history: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the version before the last on this page: it says what that one changed."""
    if not history["next"]:
        return None
    first: Mapping[str, Any] = current.call(LIST_POLICY_VERSIONS, after=history["next"], limit=1)["items"][0]
    return first


def shown(now: Mapping[str, Any], history: Mapping[str, Any], before: Mapping[str, Any] | None) -> Response:
    """Return the page of the policy."""
    told = with_changes(history["items"], before)
    upcoming = {version["number"] for version in now["upcoming"]}
    return page(
        "policy/page.html",
        title="Policy",
        now=now,
        sections=in_words(now["current"]["policy"]),
        upcoming=sorted((one for one in told if one.version["number"] in upcoming), key=lambda one: one.version["effective_on"]),
        told=told,
        history=history,
        is_first=not _after(),
        states=POLICY_STATES,
        may_decide=current.may("boroughs.manage"),
    )


@part.route("/<borough>/policy/change", methods=["GET", "POST"])
@needs("boroughs.manage")
def change(borough: str) -> Response | AnyResponse:
    """Ask for the policy as it is to be, from which day and why; decide on it."""
    now = current.call(GET_POLICY)
    if request.method == "GET":
        return asked(now, CHANGE.blank(**now["current"]["policy"]), str(now["version"]))
    filled, version = CHANGE.sent(request.form), request.form.get("version", "")
    if request.form.get("step") != "change":
        if attempt(filled, CHANGE_POLICY, version=version):
            return onward("policy.show", "policy_decided")
        if isinstance(filled.problem, Stale):
            return both(current.call(GET_POLICY), filled)
    return asked(now, filled, version)


def asked(now: Mapping[str, Any], filled: Filled, version: str) -> Response:
    """Return the page with the form."""
    return page(
        "policy/change.html",
        title="Change the policy",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        parts=PARTS,
        upcoming=now["upcoming"],
        version=version,
    )


def both(now: Mapping[str, Any], filled: Filled) -> Response:
    """Return the page that shows what somebody else decided beside what was written here."""
    latest = now["upcoming"][-1] if now["upcoming"] else now["current"]
    theirs = CHANGE.blank(**latest["policy"], effective_on=latest["effective_on"], reason=latest["reason"])
    return both_versions(filled, theirs, version=now["version"], leave=("policy.show", {}), by=latest["by_name"], at=latest["decided_at"])


@part.post("/<borough>/policy/reviewed")
@needs("boroughs.manage")
def review(borough: str) -> AnyResponse:
    """Note that the policy is right as it is."""
    send(REVIEW_POLICY, request.form.get("form_key", ""), version=request.form.get("version", ""))
    return onward("policy.show", "policy_reviewed")


@part.post("/<borough>/policy/<int:number>/withdraw")
@needs("boroughs.manage")
def withdraw(borough: str, number: int) -> AnyResponse:
    """Take a policy back that is still to come."""
    send(WITHDRAW_POLICY, request.form.get("form_key", ""), number=number, version=request.form.get("version", ""))
    return onward("policy.show", "policy_withdrawn")
