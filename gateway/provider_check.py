"""Asking a borough's provider of sign-in whether it is as sign-in needs it; nobody else says how that went."""

from collections.abc import Mapping
from typing import Any

from chassis.errors import NotFound
from gateway.access import current
from gateway.contract import GET_SIGN_ON
from gateway.runtime import runtime


def checked(_values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what `NOTE_SIGN_ON_CHECK` takes, found by asking the provider of the borough of the request.

    Raises:
        NotFound: none was ever set up.
    """
    issuer = current.call(GET_SIGN_ON)["issuer"]
    if not issuer:
        raise NotFound("Single sign-on is not set up in this borough yet.")
    return {"issuer": issuer, "fault": runtime().sign_on.fault_of(issuer)[:1000]}
