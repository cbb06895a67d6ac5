"""Restricted families: who may see one, and breaking the glass."""
