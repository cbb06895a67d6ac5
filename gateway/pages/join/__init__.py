"""A parent asks to join."""
