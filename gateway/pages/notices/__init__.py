"""What administrators are told at once."""
