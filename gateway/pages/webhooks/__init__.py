"""Where other systems are told by themselves, and what they were told."""
