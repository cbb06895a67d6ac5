"""Errors that only outreach raises."""

from chassis.errors import StayPlayError, register


@register
class UnsafeChannel(StayPlayError):
    """The family marked the channel unsafe; ``facts`` hold ``channel``, ``safe``, ``times`` and ``avoid``."""

    code, status, title = "unsafe_channel", 409, "This is not a safe way to reach the family"
    default_message = "Use one of the ways that the family said are safe. Nothing was saved."


@register
class NoSeatsLeft(StayPlayError):
    """The car is full; ``facts`` hold ``seats``, ``taken`` and ``needed``."""

    code, status, title = "no_seats_left", 409, "There are not enough seats"
    default_message = "Give the run more seats, or collect this family another way."


@register
class CollectionIncomplete(StayPlayError):
    """A run is done when every stop has an outcome; ``facts["families"]`` names those without."""

    code, status, title = "collection_incomplete", 409, "Some families have no outcome yet"
    default_message = "Say for every stop whether the family was collected. Then complete the run."
