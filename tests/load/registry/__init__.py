"""A family registry of the size of England: how long people wait for a search, a duplicate check and the triage board."""
