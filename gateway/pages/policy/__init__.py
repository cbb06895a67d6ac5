"""What the borough decides for itself: in force, to come, before, and changing it."""
