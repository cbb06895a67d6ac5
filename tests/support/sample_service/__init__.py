"""A service that keeps notes: small, but with everything a service has. The chassis is tested on it."""

from chassis.database.store import Store

STORE = Store("sample", "tests.support.sample_service")
