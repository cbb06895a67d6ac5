"""Spam and abuse on pages that anybody can use: a field that only machines fill in, a time that only machines beat, and a pace.

No captcha: it would keep out the people these pages are for. Nobody is turned away for good either: whoever is taken for a machine is
shown the form again with every answer in it, and a person who presses the button once more gets through.

    {% from "strangers/traps.html" import traps %}   in the form: {{ traps() }}

    abuse.pace("join", free=60)                      first thing in the view of a POST
    abuse.check(request.form, seconds=3)             before the answers are used; raises LooksAutomatic, to be shown in the form
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from flask import Flask, request

from chassis.errors import StayPlayError, register
from gateway.access import current
from gateway.people.models import real_now
from gateway.people.throttle import check_pace
from gateway.runtime import runtime

log = structlog.get_logger(__name__)

HONEYPOT: Final = "website"
"""A field that nobody sees: its name invites machines, and browsers have nothing to put in it by themselves."""
SEAL: Final = "opened"
LONGEST: Final = timedelta(hours=24)
SECONDS: Final = 3
"""Nobody reads a form and answers it faster."""
FREE: Final = 60
"""Forms of a kind from one address in an hour before the first delay: a children's centre has one address for everybody in it."""


@register
class LooksAutomatic(StayPlayError):
    """A form came as machines send it: too fast, too late, or with an answer to what nobody was asked."""

    code, status, title = "looks_automatic", 422, "Please send it once more"
    default_message = "Check your answers, then press the button again. Nothing is lost."


def check(posted: Mapping[str, str], *, seconds: int = SECONDS, opened_at: datetime | None = None) -> None:
    """Let a form pass that a person may have filled in.

    Args:
        posted: what came.
        seconds: how long a person needs at least.
        opened_at: since when they were at it, where the form is one of several steps; else the form's own seal says it.

    Raises:
        LooksAutomatic: it has an answer to the hidden question, or came too fast, or a day after it was opened.
    """
    if posted.get(HONEYPOT, ""):
        _refuse("trap")
    since = opened_at or runtime().seals.opened_at(posted.get(SEAL, ""))
    if since is None:
        _refuse("seal")
    elif real_now() - since < timedelta(seconds=seconds):
        _refuse("fast")
    elif opened_at is None and real_now() - since > LONGEST:
        _refuse("old")


def pace(purpose: str, *, free: int = FREE) -> None:
    """Count a form from the address of the request, and slow an address down that sends without end.

    Args:
        purpose: which kind of form; each is counted apart.
        free: how many before the first delay, counted until an hour passes without one.

    Raises:
        TooManyAttempts: with the seconds to wait in ``facts["retry_after"]``.
    """
    check_pace(runtime().identity, f"public {purpose}", current.address(), free)


def seal() -> str:
    """Return the seal that the form carries: the one that it came with, where it is ours and not too old, so that nobody waits twice."""
    sent = request.form.get(SEAL, "") if request.method == "POST" else ""
    opened_at = runtime().seals.opened_at(sent)
    return sent if opened_at and real_now() - opened_at < LONGEST else runtime().seals.new()


def furnish(app: Flask) -> None:
    """Give the templates what the traps are made of."""
    app.jinja_env.globals.update(form_seal=seal, honeypot=HONEYPOT, form_seal_name=SEAL)


def _refuse(why: str) -> None:
    log.info("form.suspected", endpoint=request.endpoint, why=why)
    raise LooksAutomatic
