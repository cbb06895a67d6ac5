"""How the borough shows itself: set by its administrator, read by anybody."""
