"""Operators: their own sign-in, and boroughs on their way onto the platform."""
