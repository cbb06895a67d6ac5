"""Operators' own pages: boroughs, onboarding step by step, suspension."""

from gateway.pages.operator.base import part
from gateway.pages.operator.boroughs import resume, show, suspend
from gateway.pages.operator.onboarding import begin, forget, step, unfinished
from gateway.pages.operator.views import index, leave, read, sign_in

__all__ = ["begin", "forget", "index", "leave", "part", "read", "resume", "show", "sign_in", "step", "suspend", "unfinished"]
