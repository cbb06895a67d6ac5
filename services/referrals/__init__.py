"""Referrals and the family registry of every borough."""
