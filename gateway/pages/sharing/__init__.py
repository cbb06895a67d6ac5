"""What a family agreed to, what it took back, and what was shared or not."""
