"""Queries on people and their sign-in, which belong to the platform and to no borough. A file for each subject."""

from gateway.people.repository.accounts import Accounts
from gateway.people.repository.boroughs import Boroughs
from gateway.people.repository.failures import Failures
from gateway.people.repository.resets import Resets
from gateway.people.repository.sessions import FORMER_FOR, Sessions
from gateway.people.repository.visitors import SEEN_EVERY, Visitors


class Identity(Visitors, Accounts, Sessions, Failures, Resets, Boroughs):
    """People, sign-in sessions and failed attempts, through the role that only they are open to."""


__all__ = ["FORMER_FOR", "SEEN_EVERY", "Identity"]
