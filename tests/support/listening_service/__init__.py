"""A service that listens to the sample service: events, boroughs and timers are tested on it."""

from chassis.database.store import Store

STORE = Store("listening", "tests.support.listening_service")
