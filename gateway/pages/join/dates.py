"""By when a parent hears from us, and for whom the groups are: by the borough's policy."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import format_date, gettext

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


def who_for_of(policy: Mapping[str, Any]) -> str:
    """Return for which children the groups are; who is older may ask all the same, for a person answers more kindly than a rule."""
    months = int(whole_policy(policy)["child_max_age_months"])
    if months % 12 or months < 24:
        return str(gettext("It is for children up to %(number)s months old. If yours is older, you can still ask us.", number=months))
    return str(gettext("It is for children up to %(number)s years old. If yours is older, you can still ask us.", number=months // 12))
