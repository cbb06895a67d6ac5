"""Signing in with an organisation's own account, and how a borough sets that up."""
