"""Webhooks: telling a system by itself when what it referred moves on, as far as the family agreed."""
