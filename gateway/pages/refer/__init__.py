"""A professional refers a family: one question a page, kept as they go; and the same for what the team takes down by phone or letter."""
