"""On whose behalf operators work in a borough: the team, since all of it shares one token."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from flask import has_request_context, request

from chassis.caller import Caller

NAME: Final = "Operations team"
ROLE: Final = "operator"
"""What the audit trail says that they act as; it is no role of any member."""


def operator_in(borough_id: UUID) -> Caller:
    """Return the operators as the caller of what the gateway does for them in a borough, with where the request came from."""
    address = request.remote_addr or "" if has_request_context() else ""
    return replace(Caller.service("gateway", borough_id), person_name=NAME, roles=(ROLE,), address=address)
