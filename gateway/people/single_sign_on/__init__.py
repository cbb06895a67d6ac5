"""Signing in with an organisation's own account, by OpenID Connect, as each borough sets it up."""
