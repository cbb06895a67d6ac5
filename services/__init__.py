"""The services: each owns its data and is known to the others by its contract only."""
