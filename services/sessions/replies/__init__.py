"""The answers of sessions, put together from what the repositories know."""

from services.sessions.replies.family import family_attendance
from services.sessions.replies.groups import group_in_full, groups, sessions, sessions_on
from services.sessions.replies.places import places
from services.sessions.replies.register import register, register_of

__all__ = ["family_attendance", "group_in_full", "groups", "places", "register", "register_of", "sessions", "sessions_on"]
