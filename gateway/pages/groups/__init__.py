"""Venues, groups and places."""
