"""What stands where a restricted record would be, and the way to open it all the same."""

from uuid import UUID

from flask import Response

from gateway.access import current
from gateway.pages.forms import Filled, Form
from gateway.pages.show import page
from services.referrals.contract import GLASS_HOURS, BreakGlassRequest


def form() -> Form:
    """Return the form that asks why somebody must open a record."""
    return Form(BreakGlassRequest, "family_id")


def notice(family_id: UUID, filled: Filled | None = None) -> Response:
    """Return the page that says that a record is restricted, with the form to break the glass for those who may."""
    filled = filled or form().blank()
    return page(
        "restricted/notice.html",
        title="This record is restricted",
        status=422 if filled.in_error else 403,
        has_faults=filled.in_error,
        family_id=family_id,
        filled=filled,
        hours=GLASS_HOURS,
        may_break=current.may("families.break_glass"),
    )
