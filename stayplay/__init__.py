"""The command line: the one place, with the tests, that puts the services together."""
