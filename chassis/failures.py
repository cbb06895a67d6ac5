"""What an unexpected exception becomes: a reference for the person, a place in the code for us."""

import secrets

import structlog

from chassis.errors import SomethingWrong

log = structlog.get_logger(__name__)


def something_wrong(error: BaseException, doing: str) -> SomethingWrong:
    """Log where an unexpected exception came from, without its text, and return what the caller is told."""
    reference = secrets.token_hex(4)
    log.error("work.failed", reference=reference, operation=doing, exc_info=error)
    return SomethingWrong(reference=reference)
