"""Between the socket and the application: how much may come, how long it may take, what may leak."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from eventlet.timeout import Timeout
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, RequestTimeout

from chassis.failures import something_wrong

log = structlog.get_logger(__name__)

BODY_BYTES = 1024 * 1024
BODY_WITHIN = 20.0
"""Seconds that a whole body may take to arrive."""

StartResponse = Callable[..., Callable[[bytes], object]]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_REFUSED = b"Something went wrong. Try again.\n"


class Limited:
    """A WSGI application that refuses long and slow bodies, and never shows an exception.

    The application behind it gets werkzeug's `RequestEntityTooLarge` or `RequestTimeout` where it reads the body, so
    that it answers with its own error page.
    """

    def __init__(self, application: Application, body_bytes: int = BODY_BYTES, body_within: float = BODY_WITHIN) -> None:
        self._application = application
        self._body_bytes = body_bytes
        self._body_within = body_within

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        environ["wsgi.input"] = Body(environ["wsgi.input"], declared(environ), self._body_bytes, self._body_within)
        environ["wsgi.input_terminated"] = True
        try:
            return self._application(environ, start_response)
        except Exception as error:
            something_wrong(error, f"{environ['REQUEST_METHOD']} request")
            start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [_REFUSED]


class Body:
    """The body of a request. Reading past its limits raises the exception that says which."""

    def __init__(self, source: Any, length: int | None, most: int, within: float) -> None:
        self._source = source
        self._too_long = length is not None and length > most
        self._left = most
        self._until = time.monotonic() + within

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes."""
        return self._counted(self._source.read, size)

    def readline(self, size: int = -1) -> bytes:
        """Read at most one line."""
        return self._counted(self._source.readline, size)

    def readlines(self, hint: int = -1) -> list[bytes]:
        """Read all lines."""
        del hint
        return list(self)

    def __iter__(self) -> "Body":
        return self

    def __next__(self) -> bytes:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        if self._too_long:
            raise RequestEntityTooLarge
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        data = self._in_time(read, wanted)
        self._left -= len(data)
        self._too_long = self._left < 0
        if self._too_long:
            raise RequestEntityTooLarge
        return data

    def _in_time(self, read: Callable[[int], bytes], wanted: int) -> bytes:
        try:
            with Timeout(max(self._until - time.monotonic(), 0.001), TimeoutError()):
                return read(wanted)
        except TimeoutError:
            raise RequestTimeout from None
        except (OSError, ValueError):  # the client went away, or sent chunks that are none
            raise ClientDisconnected from None


def declared(environ: dict[str, Any]) -> int | None:
    """Return the length that the request says it has; None when it comes in chunks."""
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        return None
    return int(environ.get("CONTENT_LENGTH") or 0)
