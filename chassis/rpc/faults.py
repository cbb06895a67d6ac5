"""The one error that only calls have."""

from chassis.errors import StayPlayError, register


@register
class UnknownOperation(StayPlayError):
    """The service has no such operation: caller and service are of different releases."""

    code, status, title = "unknown_operation", 501, "Not known here"
    default_message = "Parts of the service are being updated. Try again in a few minutes."
