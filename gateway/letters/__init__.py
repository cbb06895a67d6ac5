"""Mails that the referrals service wants written: to referrers, and to families where they said that a mail is safe."""

from gateway.letters.sender import Sender
from gateway.letters.writing import LETTERS, write_letter

__all__ = ["LETTERS", "Sender", "write_letter"]
