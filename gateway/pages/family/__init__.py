"""One family: its story, people and attendance."""
