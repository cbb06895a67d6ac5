"""Counts and times for Prometheus. Labels are names of operations, handlers and outcomes: never an id or a person."""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
EVENT_BUCKETS = (0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 120, 600)

_answered = Histogram("stayplay_rpc_answered_seconds", "Calls answered by this service.", ["operation", "outcome"], buckets=BUCKETS)
_called = Histogram("stayplay_rpc_called_seconds", "Calls made by this process.", ["operation", "outcome"], buckets=BUCKETS)
_handled = Histogram("stayplay_event_handled_seconds", "Events handled.", ["handler", "outcome"], buckets=BUCKETS)
_lag = Histogram("stayplay_event_lag_seconds", "From an event's commit to its handling.", ["handler"], buckets=EVENT_BUCKETS)
_published = Counter("stayplay_events_published", "Events taken by the broker, or not.", ["type", "outcome"])
_timed = Histogram("stayplay_timer_seconds", "Timers run.", ["timer", "outcome"], buckets=BUCKETS)
_requests = Histogram("stayplay_http_request_seconds", "Requests served.", ["endpoint", "method", "status"], buckets=BUCKETS)
_waiting = Gauge("stayplay_outbox_waiting", "Events that are committed and not yet sent.", ["service"])


def rpc_answered(operation: str, outcome: str, seconds: float) -> None:
    """Count a call that was answered; ``outcome`` is ``ok`` or the code of the error."""
    _answered.labels(operation, outcome).observe(seconds)


def rpc_called(operation: str, outcome: str, seconds: float) -> None:
    """Count a call that was made; ``outcome`` is ``ok`` or the code of the error."""
    _called.labels(operation, outcome).observe(seconds)


def event_handled(handler: str, outcome: str, seconds: float) -> None:
    """Count an event that a handler (``service.method``) had: ``ok``, ``repeated`` or ``failed``."""
    _handled.labels(handler, outcome).observe(seconds)


def event_lagged(handler: str, seconds: float) -> None:
    """Note how long after its commit an event was handled."""
    _lag.labels(handler).observe(max(seconds, 0))


def event_published(event_type: str, outcome: str) -> None:
    """Count an event that was given to the broker: ``ok`` or ``failed``."""
    _published.labels(event_type, outcome).inc()


def timer_ran(timer: str, outcome: str, seconds: float) -> None:
    """Count a run of a timer (``service.method``): ``ok`` or ``failed``."""
    _timed.labels(timer, outcome).observe(seconds)


def request_served(endpoint: str, method: str, status: int, seconds: float) -> None:
    """Count a request; ``endpoint`` is the name of the view, never the path."""
    _requests.labels(endpoint, method, str(status)).observe(seconds)


def outbox_waiting(service: str, events: int) -> None:
    """Note how many events wait to be sent."""
    _waiting.labels(service).set(events)


def exposition() -> tuple[bytes, str]:
    """Return everything as Prometheus reads it, and its content type."""
    return generate_latest(), CONTENT_TYPE_LATEST
