"""By when a parent hears from us: counted in working days by the borough's policy."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import format_date

from chassis.working_days import working_days_after
from gateway.contract.policy import whole_policy

_WEEKDAY_DAY = "EEEE d MMMM"


class Dates(NamedTuple):
    """Days, as the language of the page says them: "Monday 30 November"."""

    first_contact: str
    first_visit: str


def dates_of(policy: Mapping[str, Any], asked_on: date) -> Dates:
    """Return by when somebody gets in touch, and by when two people come to meet the family, who asked on a day."""
    rules = whole_policy(policy)
    due = (working_days_after(asked_on, int(rules[name])) for name in ("first_contact_days", "assessment_days"))
    return Dates(*(format_date(day, _WEEKDAY_DAY) for day in due))
