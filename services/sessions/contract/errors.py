"""Errors that only sessions raises."""

from chassis.errors import StayPlayError, register


@register
class RegisterIncomplete(StayPlayError):
    """A register can't close while a family has no mark; ``facts["families"]`` names them."""

    code, status, title = "register_incomplete", 409, "Some families have no mark yet"
    default_message = "Mark every family first: here, told us, or did not come. Then close the register."


@register
class SessionNotYet(StayPlayError):
    """The session is on a day that has not come."""

    code, status, title = "session_not_yet", 409, "This session has not happened yet"
    default_message = "Its register opens on the day of the session."


@register
class GroupFull(StayPlayError):
    """Every place of the group is taken; ``facts`` hold ``capacity`` and ``taken``."""

    code, status, title = "group_full", 409, "This group is full"
    default_message = "Choose another group, or leave the family on the waiting list."


@register
class RegisterAlreadyClosed(StayPlayError):
    """A place can't count from a day whose register is closed: the family would have no mark in it."""

    code, status, title = "register_already_closed", 409, "The register of that day is closed"
    default_message = "Choose a day after the last closed register."
