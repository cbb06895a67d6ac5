"""The borough: the tenant. The gateway tells of boroughs; every service keeps what it needs to know of each.

A service's class derives from `BoroughCopies`; its code asks `get_borough`.
"""

from chassis.database.tenants import Borough, is_erased
from chassis.database.tenants import this_borough as get_borough
from chassis.tenancy.contract import BOROUGH_CHANGED, BOROUGH_ERASED, BOROUGH_ONBOARDED, BOROUGH_SUSPENDED, EVENTS
from chassis.tenancy.copies import BoroughCopies, active_boroughs

__all__ = [
    "BOROUGH_CHANGED",
    "BOROUGH_ERASED",
    "BOROUGH_ONBOARDED",
    "BOROUGH_SUSPENDED",
    "EVENTS",
    "Borough",
    "BoroughCopies",
    "active_boroughs",
    "get_borough",
    "is_erased",
]
