"""How a borough shows itself: its colour, logo, contacts and privacy notice."""
