"""Waiting lists that come as files: sent, looked through, decided on, imported."""
