"""Sending a form's answers to a service, and taking the refusal back to the form."""

from http import HTTPStatus
from typing import Any

from marshmallow import ValidationError

from chassis.contract import Operation
from chassis.errors import Invalid, NotFound, NotSignedIn, StayPlayError
from gateway.access import current
from gateway.pages.forms import Filled

_SHOWN_IN_THE_FORM = frozenset({HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})


def send(operation: Operation, key: str, **values: Any) -> dict[str, Any]:
    """Make a change with values as a browser sent them.

    Raises:
        Invalid: they do not fit the operation's schema.
        StayPlayError: what the operation raises.
    """
    try:
        loaded = operation.request().load(values)
    except ValidationError as wrong:
        raise Invalid(faults=wrong.normalized_messages()) from wrong
    return current.call(operation, idempotency_key=key, **loaded)


def attempt(filled: Filled, operation: Operation, **given: Any) -> dict[str, Any] | None:
    """Send the answers with what the view gives; None where the form must be shown again with what is wrong.

    Raises:
        StayPlayError: what no answer in the form can put right: not found, forbidden, unavailable.
    """
    values = filled.checked(**given)
    if values is None:
        return None
    try:
        return current.call(operation, idempotency_key=filled.sent_key(), **values)
    except StayPlayError as error:
        if error.status not in _SHOWN_IN_THE_FORM or isinstance(error, NotFound | NotSignedIn):
            raise
        filled.refuse(error)
        return None
