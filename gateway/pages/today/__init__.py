"""The front door: what is on, and what needs you."""
