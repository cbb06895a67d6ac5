"""The door: boroughs, people and access, the JSON API and the pages."""
