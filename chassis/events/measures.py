"""What operators must see of events that did not go the usual way. The usual is counted by `chassis.metrics`."""

from prometheus_client import Counter, Gauge

REFUSED = Counter("stayplay_events_refused", "Messages that are no event: moved to the dead-letter queue.", ["handler", "fault"])
PARKED = Gauge("stayplay_inbox_parked", "Events that are retried or dead.", ["service", "state"])
