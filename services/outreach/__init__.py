"""Reaching out: cases, contacts and collection runs."""
