"""Log lines: what happened, to which id, in which borough. Never a name, a number, a note or an answer.

Three nets catch what should not be logged: values under telling keys are replaced, text that looks like a
phone number, NHS number, address, postcode or secret is replaced wherever it stands, and an exception
is logged as its type and where it was raised, without its message, which often quotes what it choked on.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from chassis import context
from chassis.errors import StayPlayError

REDACTED = "[redacted]"
_ROOT = f"{Path(__file__).parent.parent}/"
_FRAMES = 15
LIBRARIES = ("nameko", "kombu", "amqp", "sqlalchemy", "alembic", "eventlet", "werkzeug", "flask")

_SAFE_KEYS = frozenset(
    {
        "event",
        "level",
        "logger",
        "timestamp",
        "service",
        "borough",
        "correlation_id",
        "reference",
        "operation",
        "queue",
        "exchange",
        "routing_key",
        "handler",
        "revision",
        "setting",
        "code",
        "error",
        "type",
        "where",
    }
)
_TELLING = re.compile(
    r"(^|_)(name|names|given|family_name|surname|forename|title|note|notes|text|words|reason|concern|comment|comments|message|body|"
    r"phone|mobile|telephone|email|mail|address|postcode|line|nhs|nhs_number|birth|birth_date|dob|born|language|answer|answers|"
    r"password|secret|token|key|authorization|cookie|session|params|parameters|args|kwargs|data|document|payload|envelope|reply|"
    r"request|form|json|query|value|values|old|new|yours|theirs|facts|parent|parents|child|children|person|contact|agency_name|"
    r"person_name|programme_name|referrer|driver|outcome|why_now|risks|goal)($|_)"
)
_EVENT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*\Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_ID = re.compile(r"(^|_)(id|ids|code|count|kind|at|on|status|state)$")
_PATTERNS: tuple[re.Pattern[str], ...] = (
    re.compile(r"://[^/\s:@]*:[^/\s@]+@"),  # a password in an address
    re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[A-Za-z]{2,}"),  # a mail address
    re.compile(r"\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?"),  # a token
    re.compile(r"(?<![\w.:-])(?:\+|00)\d(?:[\s().-]*\d){7,14}(?![\w-])"),  # a phone number with its country
    re.compile(r"(?<![\w.:-])\(?0\d(?:[\s().-]*\d){7,10}(?![\w-])"),  # a phone number of this country
    re.compile(r"(?<![\w.:-])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?![\w-])"),  # an NHS number
    re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})\b", re.IGNORECASE),  # a postcode
)
_SUSPECT = re.compile(r"\d|@|eyJ")
"""Without one of these no pattern can match; most words of a line have none."""


def configure(log_format: str = "json", *, service: str = "", level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send every log line of this process, the libraries' too, through the nets and out to ``stream`` (standard error).

    Args:
        log_format: ``json`` for machines, ``terminal`` for people.
        service: stands on each line that no context names a service for.
        stream: where lines go, if not to standard error.
        level: of our own lines; the libraries' are kept from ``WARNING`` up.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_only_text, *_shared(service)],
            # a library's line without the arguments it is filled with: kombu, nameko and the WSGI server log bodies,
            # headers and addresses in them
            use_get_message=False,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(log_format)],
        )
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for library in LIBRARIES:
        logger = logging.getLogger(library)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    logging.logProcesses = logging.logThreads = logging.logMultiprocessing = False  # no line shows them
    structlog.configure(
        processors=[_only_named_events, *_shared(service), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace what could tell of a person: by key, and by what it looks like."""
    return {key: _clean(key, value) for key, value in event.items()}


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type, its place and those of its causes; its message may quote anything."""
    raised = _raised(event.pop("exc_info", None))
    event.pop("exception", None)
    event.pop("stack_info", None)
    if raised is not None:
        event["error"] = " < ".join(_kind(error) for error in _chain(raised))
        event["where"] = _places(raised.__traceback__)
    return event


def add_circumstances(service: str) -> Processor:
    """Return the processor that puts service, borough id and correlation id on each line."""

    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        now = context.current()
        event.setdefault("service", now.service or service)
        event.setdefault("correlation_id", now.correlation_id)
        if now.borough_id is not None:
            event.setdefault("borough_id", str(now.borough_id))
        return event

    return add


def _shared(service: str) -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        add_circumstances(service),
        without_values,
        redact,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(default=str)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _only_named_events(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Let no sentence of our own be an event: a sentence has room for a name, ``noun.verb`` has none."""
    if not _EVENT.match(str(event.get("event"))):
        event["event"] = "unnamed.event"
    return event


def _only_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Show by its type what a library logged that is no text, such as an exception."""
    record: logging.LogRecord = event["_record"]
    if not isinstance(record.msg, str):
        event["event"] = f"<{type(record.msg).__name__}>"
    return event


def _clean(key: str, value: Any) -> Any:
    if key.startswith("_") or value is None or isinstance(value, bool):
        return value
    if key == "event" or isinstance(value, str):
        return REDACTED if _tells(key) else _scrubbed(str(value))
    if isinstance(value, Mapping):
        return {str(inner): REDACTED if _tells(key) else _clean(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(key, item) for item in value]
    if isinstance(value, (int, float)):
        return REDACTED if _tells(key) or _as_long_as_a_number(value) else value
    return str(value) if isinstance(value, (UUID, date, time, timedelta)) and not _tells(key) else f"<{type(value).__name__}>"


@lru_cache(maxsize=1000)
def _tells(key: str) -> bool:
    """Tell whether what stands under ``key`` may be about a person; keys that end like an id's do not."""
    return key not in _SAFE_KEYS and bool(_TELLING.search(key.lower())) and not _ID.search(key.lower())


def _as_long_as_a_number(value: float) -> bool:
    """Tell whether a whole number has the length of an NHS or a phone number."""
    return isinstance(value, int) and len(str(abs(value))) in {10, 11, 12}


def _scrubbed(text: str) -> str:
    if not _SUSPECT.search(text) or _UUID.match(text):
        return text
    for pattern in _PATTERNS:
        text = pattern.sub(REDACTED, text)
    return text


def _raised(info: Any) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1] if isinstance(info[1], BaseException) else None
    return sys.exc_info()[1] if info else None


def _chain(error: BaseException | None) -> list[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen and len(seen) < 5:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def _kind(error: BaseException) -> str:
    """Return the type of an error, with the code that a typed one or PostgreSQL gives it."""
    code = error.code if isinstance(error, StayPlayError) else getattr(error, "pgcode", None)
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name}({code})" if code else name


def _places(trace: TracebackType | None) -> list[str]:
    """Return where an error was raised, innermost last, files named from the root of the code or of the library."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{frame.filename.rpartition('site-packages/')[2].removeprefix(_ROOT)}:{frame.lineno} {frame.name}" for frame in frames]
