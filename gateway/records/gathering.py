"""Everything that is held of a family, asked of every part of the platform at once."""

from collections.abc import Mapping
from typing import Any

from chassis.keeping import HELD
from gateway.access import current
from gateway.access.calls import Question
from services.referrals.contract.records import requests


def with_everything_held(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `FREEZE_PACK` takes: the request, with every record that any part of the platform holds.

    Raises:
        StayPlayError: a part did not answer: nothing is kept of the others, for a pack with a hole in it is worse than none.
    """
    request = current.call(requests.GET_REQUEST, request_id=values["request_id"])
    asked = {"family_id": request["family_id"]}
    replies = current.gather(*(Question(operation, asked) for operation in HELD.values()))
    items = [{**item, "service": service} for service, reply in zip(HELD, replies, strict=True) for item in reply["items"]]
    return {"request_id": values["request_id"], "items": items}
