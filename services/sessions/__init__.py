"""Venues, groups, the calendar, places, the register and engagement."""
