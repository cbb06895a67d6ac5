"""An event of which something was erased while it waited: it is handled where it still fits its contract, and is over where not."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from chassis.contract import EventType
from chassis.database.erasing import ERASED
from chassis.events.envelope import Envelope
from chassis.events.handling import Handler, received_by
from chassis.schemas import Contract, email, text


class _Facts(Contract):
    """A mail address, and words."""

    to = email("To")
    words = text("Words", required=False)


TOLD = EventType("referrals.mail.wanted", _Facts)
HANDLER = Handler("gateway", "hear_of_mail", {TOLD.name: TOLD})


def waiting(**data: Any) -> Envelope:
    return Envelope(uuid4(), TOLD.name, uuid4(), 1, uuid4(), datetime.now(UTC), "correlation", data)


@pytest.mark.parametrize("to", [ERASED, f"{ERASED} {ERASED}"])
def test_what_was_to_go_to_an_erased_address_is_over(to: str) -> None:
    assert received_by(HANDLER, waiting(to=to, words="Hello")) is None


def test_what_still_fits_is_handled_with_what_is_left_of_it() -> None:
    received = received_by(HANDLER, waiting(to="helen@example.org", words=f"About {ERASED}"))
    assert received is not None
    assert received.data == {"to": "helen@example.org", "words": f"About {ERASED}"}


@pytest.mark.parametrize("data", [{"to": "nobody"}, {"words": "no address"}, {"to": "helen@example.org", "more": 1}])
def test_what_never_fitted_is_a_fault_as_ever(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="does not fit its contract"):
        received_by(HANDLER, waiting(**data))
