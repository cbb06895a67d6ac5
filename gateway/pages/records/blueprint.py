"""The blueprint that all pages about records belong to, and the page that every one of its forms is."""

from typing import NamedTuple

from flask import Blueprint, Response

from gateway.pages.forms import Filled
from gateway.pages.show import page

part = Blueprint("records", __name__)


class Step(NamedTuple):
    """One thing that can be done: its page, what it means, its button, and the page to go back to."""

    title: str
    means: str
    button: str
    back: tuple[str, str]
    grave: bool = False


def asked(step: Step, filled: Filled, **values: object) -> Response:
    """Return the page with the form of one step."""
    return page(
        "records/form.html",
        title=step.title,
        tab=step.title,
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        step=step,
        filled=filled,
        **{"version": "", **values},
    )
