"""Signing in and choosing a borough."""
