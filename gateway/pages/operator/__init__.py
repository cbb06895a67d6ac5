"""Operators' own pages: boroughs, onboarding step by step, suspension, leaving."""

from gateway.pages.operator.base import part
from gateway.pages.operator.boroughs import resume, show, suspend
from gateway.pages.operator.leaving import certificate, depart, departures
from gateway.pages.operator.onboarding import begin, forget, step, unfinished
from gateway.pages.operator.views import index, leave, read, sign_in

__all__ = [
    "begin",
    "certificate",
    "depart",
    "departures",
    "forget",
    "index",
    "leave",
    "part",
    "read",
    "resume",
    "show",
    "sign_in",
    "step",
    "suspend",
    "unfinished",
]
