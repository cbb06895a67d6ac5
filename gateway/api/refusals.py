"""Which refusals an address may answer with: written into the document from what its view declares, so that none is left out."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from apispec import APISpec
from marshmallow import INCLUDE, Schema, fields

from gateway.access import guard

WORDS: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "It could not be read, or has no Idempotency-Key",
        401: "Nobody is signed in, or what was given is wrong",
        403: "Not for this person or system, not before another step, or not in a suspended borough: `code` says which",
        404: "There is no such thing, or none in this borough",
        409: "Somebody changed it first, or it can't be done now: `code` says which",
        413: "Too much was sent",
        422: "Something must be put right: `faults` names the fields",
        429: "Too many attempts: `Retry-After` says how many seconds to wait",
        503: "A part of the platform does not answer, or has yet to hear of it: try again with the same key",
        504: "It took too long: try again with the same key",
    }
)


class Problem(Schema):
    """An error (RFC 9457). ``code`` is stable; ``detail`` can be shown to a person; ``faults`` names fields."""

    class Meta:
        """More members may come, according to the code."""

        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    faults = fields.Dict(keys=fields.String())


def add_to(spec: APISpec) -> None:
    """Add each kind of refusal to the components of a document, for operations to point to."""
    for status, words in WORDS.items():
        spec.components.response(_name(status), {"description": words, "content": {"application/problem+json": {"schema": Problem}}})


def refusals(method: str, address: str, view: Callable[..., Any], description: Mapping[str, Any]) -> dict[str, str]:
    """Return the refusals of one operation, by status: names of components.

    Args:
        method, address: where it is served.
        view: carries the mark of `gateway.access.guard`.
        description: what the document says of it otherwise.
    """
    need = getattr(view, guard.MARK, guard.EVERYBODY)
    return {str(status): _name(status) for status in sorted(_statuses(method, address, need, description))}


def _name(status: int) -> str:
    return f"Refusal{status}"


def _statuses(method: str, address: str, need: str, description: Mapping[str, Any]) -> Iterator[int]:
    changes, of_a_borough = method != "GET", "<borough>" in address
    yield from (400, 503)
    if changes or need != guard.EVERYBODY:
        yield from (401, 403, 429)
    if "<" in address:
        yield 404
    if changes or (of_a_borough and "<uuid:" in address):  # a family that is read may go on under another record
        yield 409
    if changes:
        yield 413
    if description.get("requestBody") or description.get("parameters"):
        yield 422
    if of_a_borough:
        yield 504
