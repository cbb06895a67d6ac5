"""eventlet's HTTP protocol with patience that ends."""

from typing import Any

from eventlet.timeout import Timeout
from eventlet.wsgi import HttpProtocol

from chassis.web.limits import BODY_BYTES

IDLE_WITHIN = 30.0
"""Seconds that a connection may be kept without a request."""

HEADERS_WITHIN = 10.0
"""Seconds that all headers of a request may take to arrive."""

LINGER_BYTES = 8 * 1024 * 1024
LINGER_WITHIN = 2.0


class BoundedProtocol(HttpProtocol):
    """Ends connections that are idle or slow; does not read what it has refused to read."""

    _refused = False

    def _read_request_line(self) -> bytes:
        with Timeout(self.server.idle_within, TimeoutError()):
            line: bytes = super()._read_request_line() or b""
            return line

    def parse_request(self) -> bool:
        """Read the headers, all of them in time."""
        with Timeout(self.server.headers_within, TimeoutError()):
            return bool(super().parse_request())

    def get_environ(self) -> dict[str, Any]:
        """Describe the request; when its body is too long, this connection serves no other."""
        environ: dict[str, Any] = super().get_environ()
        if int(environ.get("CONTENT_LENGTH") or 0) > BODY_BYTES or environ["eventlet.input"].chunked_input:
            self._refused = True
            self.close_connection = 1
        return environ

    def finish(self) -> None:
        """Close. A client that still sends is listened to a little: it would not read our answer otherwise."""
        if self._refused:
            self._linger()
        super().finish()

    def _linger(self) -> None:
        left = LINGER_BYTES
        try:
            self.wfile.flush()
            with Timeout(LINGER_WITHIN, TimeoutError()):
                while left > 0 and (data := self.connection.recv(65536)):
                    left -= len(data)
        except OSError:
            pass
