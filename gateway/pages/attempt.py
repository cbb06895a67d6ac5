"""Sending a form's answers to a service, and taking the refusal back to the form."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from marshmallow import ValidationError

from chassis.contract import Operation
from chassis.errors import IdempotencyMismatch, Invalid, NotFound, NotSignedIn, StayPlayError
from gateway.access import current
from gateway.pages.forms import Filled

Completed = Callable[[dict[str, Any]], dict[str, Any]]
_SHOWN_IN_THE_FORM = frozenset({HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})
_SHOWN_AT_THE_DOOR = _SHOWN_IN_THE_FORM | {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}


def send(operation: Operation, key: str, **values: Any) -> dict[str, Any]:
    """Make a change with values as a browser sent them.

    Raises:
        Invalid: they do not fit the operation's schema.
        StayPlayError: what the operation raises.
    """
    try:
        loaded = operation.request().load(_counted(values))
    except ValidationError as wrong:
        raise Invalid(faults=wrong.messages_dict) from wrong
    return current.call(operation, idempotency_key=key, **loaded)


def _counted(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the version as a number: forms carry it as text."""
    version = values.get("version")
    return {**values, "version": int(version)} if isinstance(version, str) and version.isdecimal() else values


def attempt(filled: Filled, operation: Operation, /, completed: Completed = dict, **given: Any) -> dict[str, Any] | None:
    """Send the answers with what the view gives; None where the form must be shown again with what is wrong.

    ``completed`` adds what the gateway knows better than the browser, and returns the operation's arguments.

    Raises:
        StayPlayError: what no answer in the form can put right: not found, forbidden, unavailable.
    """
    values = filled.checked(**_counted(given))
    if values is None:
        return None
    try:
        return current.call(operation, idempotency_key=filled.sent_key(), **completed(values))
    except StayPlayError as error:
        if error.status not in _SHOWN_IN_THE_FORM or isinstance(error, IdempotencyMismatch | NotFound | NotSignedIn):
            raise
        filled.refuse(error)
        return None


def shown_in_form(filled: Filled, error: StayPlayError) -> None:
    """Take the refusal of a sign-in, or of anything else that asks for a password, into its form.

    Raises:
        StayPlayError: the error itself, where no other answer in the form can help.
    """
    if error.status not in _SHOWN_AT_THE_DOOR or isinstance(error, NotSignedIn):
        raise error
    filled.refuse(error)
