"""Boroughs: taken onto the platform, their agencies and policy."""
