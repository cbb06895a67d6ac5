"""Reaching out: cases, contacts and collections."""
