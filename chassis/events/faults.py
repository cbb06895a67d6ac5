"""What can be wrong with an event that arrives. None of these texts quotes the event."""


class EventFault(Exception):
    """The parent of what makes an event impossible to handle, however often it is tried."""

    code = "fault"


class Malformed(EventFault):
    """It is not JSON, or not a CloudEvents envelope as this platform writes it."""

    code = "malformed"


class Unverified(EventFault):
    """Its signature is absent, or not that of the service whose event it claims to be."""

    code = "unverified"


class Unexpected(EventFault):
    """It is of a type that this handler has not asked for."""

    code = "unexpected"


class HandlerTooSlow(Exception):
    """A handler took longer than its hard deadline. What it had done was rolled back."""


class UnknownBorough(Exception):
    """This service has not heard of the event's borough (yet): tried again later, when it may have."""
