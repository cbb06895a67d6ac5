"""An HTTP server on the event loop."""

import eventlet
import structlog
from eventlet import wsgi
from eventlet.greenio import GreenSocket, shutdown_safe
from eventlet.greenpool import GreenPool
from eventlet.greenthread import GreenThread

from chassis.web.limits import Application, Limited
from chassis.web.protocol import HEADERS_WITHIN, IDLE_WITHIN, BoundedProtocol

log = structlog.get_logger(__name__)

CONNECTIONS = 1000
SOCKET_WITHIN = 20.0
"""Seconds that one read or write may take."""

Connection = list[object]
"""A client's address, its socket, and what it is doing: eventlet's own record of a connection."""


class HttpServer:
    """Serves one WSGI application on one port."""

    def __init__(
        self,
        application: Application,
        port: int,
        *,
        host: str = "0.0.0.0",  # noqa: S104 - in a container there is nowhere else to listen
        idle_within: float = IDLE_WITHIN,
        headers_within: float = HEADERS_WITHIN,
        connections: int = CONNECTIONS,
    ) -> None:
        """Describe the server; `start` listens.

        Args:
            application: what answers; its body limits are put in front of it here.
            port: 0 takes any that is free.
            host: address to listen on.
            idle_within: seconds that a connection may be kept without a request.
            headers_within: seconds that the headers of a request may take.
            connections: most at once; others wait in the kernel.
        """
        self._application = Limited(application)
        self._address = (host, port)
        self._idle_within = idle_within
        self._headers_within = headers_within
        self._pool = GreenPool(connections)
        self._open: dict[int, Connection] = {}
        self._listener: GreenSocket | None = None
        self._accepting: GreenThread | None = None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._address[1] if self._listener is None else int(self._listener.getsockname()[1])

    def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        self._listener = eventlet.listen(self._address, backlog=512)
        self._server = wsgi.Server(
            self._listener,
            self._address,
            self._application,
            protocol=BoundedProtocol,
            log_output=False,
            debug=False,
            socket_timeout=SOCKET_WITHIN,
        )
        self._server.idle_within = self._idle_within
        self._server.headers_within = self._headers_within
        self._accepting = eventlet.spawn(self._accept, self._listener)

    def stop(self, within: float = 20.0) -> None:
        """Take no more connections; answer what is in hand, for at most that many seconds; then close."""
        if self._listener is None or self._accepting is None:
            return
        self._accepting.kill()
        self._listener.close()
        for connection in list(self._open.values()):
            self._dismiss(connection)
        with eventlet.Timeout(within, False):
            self._pool.waitall()

    def _accept(self, listener: GreenSocket) -> None:
        while True:
            try:
                client, address = listener.accept()
            except OSError as fault:  # out of file descriptors, or the client was gone already
                log.warning("web.not_accepted", error=type(fault).__name__)
                eventlet.sleep(0.05)
                continue
            client.settimeout(SOCKET_WITHIN)
            self._serve([address, client, wsgi.STATE_IDLE])

    def _serve(self, connection: Connection) -> None:
        self._open[id(connection)] = connection
        self._pool.spawn(self._answer, connection)

    def _answer(self, connection: Connection) -> None:
        try:
            self._server.process_request(connection)
        except Exception as fault:
            log.warning("web.connection_failed", error=type(fault).__name__)
        finally:
            self._open.pop(id(connection), None)
            _close(connection)

    @staticmethod
    def _dismiss(connection: Connection) -> None:
        idle = connection[2] is wsgi.STATE_IDLE
        connection[2] = wsgi.STATE_CLOSE
        if idle:
            shutdown_safe(connection[1])


def _close(connection: Connection) -> None:
    shutdown_safe(connection[1])
    connection[1].close()  # type: ignore[attr-defined]  # it is a socket
