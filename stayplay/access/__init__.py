"""Who may do what, written down for people from the tables that the code goes by."""

from stayplay.access.command import access

__all__ = ["access"]
