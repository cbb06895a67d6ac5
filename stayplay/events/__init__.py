"""`stayplay events`: what operators do with events that could not be handled."""

from stayplay.events.commands import events

__all__ = ["events"]
