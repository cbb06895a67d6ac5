"""Errors that may cross from one service to another and on to a person.

Each has a code (stable, for machines), an HTTP status, a title and a message
that says what to do. Anything else that goes wrong becomes `SomethingWrong`
with a reference to look up in the logs: no text of an unexpected exception
ever leaves the process it happened in.
"""

from typing import Any, ClassVar, Self, TypeVar

_registry: dict[str, type["StayPlayError"]] = {}


class StayPlayError(Exception):
    """The parent of every typed error.

    Attributes:
        code: stable name, unique across the platform.
        status: HTTP status that it maps to.
        title: a few words for a heading.
        message: one or two sentences that a person can act on.
        facts: JSON-ready details; never a personal datum that the caller did not send or may not read.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"
    default_message: ClassVar[str] = "Try again. If it happens again, tell your support team."

    def __init__(self, message: str = "", **facts: Any) -> None:
        self.message = message or self.default_message
        self.facts = facts
        super().__init__(self.message)

    def to_wire(self) -> dict[str, Any]:
        """Return what crosses: code, message, facts."""
        return {"code": self.code, "message": self.message, "facts": self.facts}

    @classmethod
    def _rebuilt(cls, message: str, facts: dict[str, Any]) -> Self:
        error = cls.__new__(cls)
        StayPlayError.__init__(error, message, **facts)
        return error


E = TypeVar("E", bound=type[StayPlayError])


def register(error: E) -> E:
    """Make an error known by its code, so that it can cross.

    Raises:
        ValueError: another error has the code already.
    """
    known = _registry.setdefault(error.code, error)
    if known is not error:
        raise ValueError(f"two errors have the code {error.code}")
    return error


def from_wire(wire: dict[str, Any]) -> StayPlayError:
    """Return the typed error that ``wire`` describes; an unknown code is `SomethingWrong`."""
    error = _registry.get(str(wire.get("code")))
    if error is None:
        return SomethingWrong()
    return error._rebuilt(str(wire.get("message", "")), dict(wire.get("facts") or {}))  # noqa: SLF001 - same module


@register
class NotFound(StayPlayError):
    """No such thing in the caller's borough. Another borough's thing is not found in exactly the same way."""

    code, status, title = "not_found", 404, "Not found"
    default_message = "This may have been removed, or the address may be wrong. Check it, or go back to Today."


@register
class NotSignedIn(StayPlayError):
    """No valid session, token or caller."""

    code, status, title = "not_signed_in", 401, "Sign in"
    default_message = "You are not signed in, or your session has ended. Sign in to go on."


@register
class Forbidden(StayPlayError):
    """The caller is known but lacks the permission."""

    code, status, title = "forbidden", 403, "You can't do this"
    default_message = "Your role does not allow this. Ask your borough administrator if you need it."


@register
class Restricted(StayPlayError):
    """The family is restricted to named people, and the caller, who is not one of them, may break the glass."""

    code, status, title = "restricted", 403, "This record is restricted"
    default_message = (
        "Only named people may open it. If you must, break the glass: say why, and you can open it for four hours. "
        "Your borough administrators are told at once."
    )


@register
class Invalid(StayPlayError):
    """What was sent does not fit its schema; ``facts["faults"]`` says where and why."""

    code, status, title = "invalid", 422, "There is a problem"
    default_message = "Some answers need changing. Each is named below."

    def __init__(self, message: str = "", *, faults: dict[str, Any] | None = None, **facts: Any) -> None:
        super().__init__(message, faults=faults or {}, **facts)

    @property
    def faults(self) -> dict[str, Any]:
        """Messages by field, nested as the data is."""
        return dict(self.facts["faults"])


@register
class Unreadable(StayPlayError):
    """The body is not JSON, or not UTF-8."""

    code, status, title = "unreadable", 400, "The request could not be read"
    default_message = "Send JSON in UTF-8, with the content type application/json."


@register
class KeyNeeded(StayPlayError):
    """A change came without an idempotency key."""

    code, status, title = "key_needed", 400, "Idempotency-Key is missing"
    default_message = "Send an Idempotency-Key header of 8 to 64 letters, digits or hyphens with every POST."


@register
class IdempotencyMismatch(StayPlayError):
    """The same idempotency key came with another body."""

    code, status, title = "idempotency_mismatch", 422, "This key was used for something else"
    default_message = "Use a new Idempotency-Key for a new request. Nothing was changed."


@register
class FamilyMerged(StayPlayError):
    """The family was found to be one with another, and goes on under that one's id: ``facts["into"]``."""

    code, status, title = "family_merged", 409, "This record goes on under another one"
    default_message = "This family was on record twice. Open the record that goes on: nothing is lost."


@register
class InvalidTransition(StayPlayError):
    """The thing is not in a state in which this can be done."""

    code, status, title = "invalid_transition", 409, "This can't be done now"
    default_message = "It has moved on since you opened it. Look at it again."


@register
class BoroughSuspended(StayPlayError):
    """The borough is suspended: what is there can be read, and nothing can be changed."""

    code, status, title = "borough_suspended", 403, "This borough is suspended"
    default_message = (
        "You can read everything, but nothing can be changed for now. Nothing was saved. "
        "Your borough administrator can ask the operations team."
    )


@register
class NotOpen(StayPlayError):
    """The borough is still being set up: no family can be referred yet."""

    code, status, title = "borough_not_open", 409, "This borough does not take referrals yet"
    default_message = "It is still being set up. Nothing was saved. Its administrator opens it for referrals, on the page Set-up."


@register
class Conflict(StayPlayError):
    """It clashes with something that is there already."""

    code, status, title = "conflict", 409, "This clashes with something"
    default_message = "Something like this is there already."


@register
class UseRestricted(StayPlayError):
    """A family's record is kept and may not be used: somebody asked for that, and it was granted (UK GDPR, article 18)."""

    code, status, title = "use_restricted", 409, "This record may not be used for now"
    default_message = "It is kept, and nothing may be done with it until the restriction is lifted. Ask whoever looks after records."


@register
class Held(StayPlayError):
    """A legal hold forbids that a record is erased."""

    code, status, title = "held", 409, "A legal hold is on this record"
    default_message = "Nothing of it may be erased, by whatever rule, until the hold is lifted."


@register
class Stale(StayPlayError):
    """Somebody else saved first; ``facts`` hold ``yours`` and ``theirs``, and nothing was overwritten."""

    code, status, title = "stale", 409, "Somebody else changed this first"
    default_message = "Nothing of yours was saved. Compare both versions, then save again."

    def __init__(
        self, message: str = "", *, yours: dict[str, Any] | None = None, theirs: dict[str, Any] | None = None, **facts: Any
    ) -> None:
        super().__init__(message, yours=yours or {}, theirs=theirs or {}, **facts)


@register
class TooLarge(StayPlayError):
    """The body is over the limit."""

    code, status, title = "too_large", 413, "Too much was sent"
    default_message = "A request may hold at most 1 MiB. Send less at a time."


@register
class TooManyAttempts(StayPlayError):
    """Slow down; ``facts["retry_after"]`` is in seconds."""

    code, status, title = "too_many_attempts", 429, "Too many attempts"
    default_message = "Wait a little, then try again."


@register
class NotReady(StayPlayError):
    """A part of the platform has not heard of the borough yet, or is still starting."""

    code, status, title = "not_ready", 503, "Nearly ready"
    default_message = "This borough is still being set up. Try again in a moment."


@register
class Unavailable(StayPlayError):
    """A service or the broker can't be reached."""

    code, status, title = "unavailable", 503, "Part of the service is not available"
    default_message = "Nothing was lost. Try again in a minute."


@register
class TimedOut(StayPlayError):
    """No answer came within the time allowed; a change may or may not have been made."""

    code, status, title = "timed_out", 504, "This took too long"
    default_message = "Try again: a change that was made already is not made twice."


@register
class SomethingWrong(StayPlayError):
    """Anything unexpected; ``facts["reference"]`` finds it in the logs."""

    code, status, title = "something_wrong", 500, "Something went wrong"
    default_message = "Try again. If it happens again, give your support team the reference."
