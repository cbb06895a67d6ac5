"""One connection to the broker, kept open, read by one green thread."""

import time
from collections.abc import Callable
from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from eventlet.greenthread import GreenThread

from chassis.broker.address import Address
from chassis.broker.faults import LOST, BrokerAway, BrokerUnavailable
from chassis.broker.transport import transport_for

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
GOODBYE_WITHIN = 1.0


def ignore(_: object) -> None:
    """Do nothing with it."""


class Link:
    """One connection with one channel, for one purpose (so that trouble with one purpose is not trouble with all).

    After a loss it connects again by itself and calls ``prepare`` with the new channel: declare and consume there.
    """

    def __init__(
        self,
        address: Address,
        name: str,
        *,
        prepare: Callable[[Any], None] = ignore,
        on_lost: Callable[[], None] = lambda: None,
        on_away: Callable[[BrokerAway], None] = ignore,
    ) -> None:
        """Describe the connection; `open` makes it.

        Args:
            address: where the broker is.
            name: what it is for, in log lines.
            prepare: called with each new channel before anything is read from it; may wait for answers.
            on_lost: called when the connection is gone: whatever waits on it must be told.
            on_away: called once when the broker has been away for ``address.give_up_after``.
        """
        self.address = address
        self.name = name
        self.channel: Any = None
        self.blocked = False
        self._prepare = prepare
        self._on_lost = on_lost
        self._on_away = on_away
        self._connection: Any = None
        self._opened: Any = None
        self._transport: Any = None
        self._closing = self._alive = False
        self._threads: list[GreenThread] = []
        self._up = Event()

    @property
    def usable(self) -> bool:
        """Whether a message could be written now."""
        return self.channel is not None and not self.blocked

    def open(self, within: float | None = None) -> None:
        """Start connecting; wait until it is up.

        Raises:
            BrokerUnavailable: not up within that many seconds; it keeps trying. Without ``within`` it does not wait.
        """
        self._threads = [eventlet.spawn(self._run), eventlet.spawn(self._beat)]
        if within is not None and not self.wait_until_up(within):
            raise BrokerUnavailable(f"no connection to {self.address} within {within:g} seconds")

    def wait_until_up(self, within: float) -> bool:
        """Wait at most that many seconds for the connection; tell whether it is up."""
        with eventlet.Timeout(within, False):
            self._up.wait()
        return self.channel is not None

    def write(self, how: Callable[[Any], None]) -> None:
        """Let ``how`` write to the channel; close the connection hard when the broker does not read.

        Raises:
            BrokerUnavailable: no connection, an alarm at the broker, or it did not take the bytes in time.
        """
        if not self.usable:
            raise BrokerUnavailable(f"{self.name}: {'blocked by the broker' if self.blocked else 'no connection'}")
        try:
            how(self.channel)
        except LOST as fault:
            self.sever()
            raise BrokerUnavailable(f"{self.name}: {type(fault).__name__}") from fault

    def close(self) -> None:
        """Close the connection and stop for good."""
        self._closing = True
        for thread in self._threads:
            thread.kill()
        connection, self._connection, self.channel = self._connection, None, None
        if connection is not None:
            self._say_goodbye(connection)

    def _run(self) -> None:
        pause, away_since = FIRST_PAUSE, time.monotonic()
        while not self._closing:
            if self._lived():
                pause, away_since = FIRST_PAUSE, time.monotonic()
            if self._gave_up(away_since):
                return
            eventlet.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _lived(self) -> bool:
        """Connect and read until the connection is gone; tell whether it came up at all."""
        self._alive = False
        try:
            with eventlet.Timeout(2 * self.address.connect_within, TimeoutError("the broker does not answer")):
                connection = self._connect()
            self._read(connection)
        except LOST as fault:
            self._note_loss(fault)
        except Exception as fault:  # a mistake of ours must not leave a process that looks alive and hears nothing
            log.exception("broker.misread", link=self.name)
            self._note_loss(fault)
        return self._alive

    def _connect(self) -> Any:
        self._transport = transport_for(self.address, on_blocked=self._block, on_unblocked=self._unblock)
        self._connection = self._opened = connection = self._transport.establish_connection()
        channel = self._transport.create_channel(connection)
        self._prepare(channel)
        self.blocked, self._alive, self.channel = False, True, channel
        self._up.send()
        log.info("broker.connected", link=self.name)
        return connection

    def _read(self, connection: Any) -> None:
        drain = self._transport.drain_events
        while self._connection is connection:
            drain(connection)
        raise ConnectionResetError("severed")

    def _beat(self) -> None:
        every = max(self.address.heartbeat / 4, 0.25)
        while True:
            eventlet.sleep(every)
            if self.channel is not None and not self.address.is_inprocess:
                self._tick()

    def _tick(self) -> None:
        try:
            self._transport.heartbeat_check(self._connection)
        except LOST:
            self.sever()

    def _note_loss(self, fault: BaseException) -> None:
        self.sever()
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.discard()
        if self._alive:
            self._on_lost()
        log.warning("broker.lost" if self._alive else "broker.unreachable", link=self.name, fault=type(fault).__name__)

    def _gave_up(self, away_since: float) -> bool:
        patience = self.address.give_up_after
        if patience is None or time.monotonic() - away_since < patience:
            return False
        # by itself, because what is called may close this link and with it the thread that we are in
        eventlet.spawn(self._on_away, BrokerAway(f"{self.name}: the broker has been away for {patience:g} seconds"))
        return True

    def sever(self) -> None:
        """Close the connection hard, without a word: the reading thread wakes up with an error and connects again."""
        connection, self._connection, self.channel = self._connection, None, None
        if self._up.ready():
            self._up = Event()
        if connection is not None:
            connection.sever()

    def _say_goodbye(self, connection: Any) -> None:
        try:
            with eventlet.Timeout(GOODBYE_WITHIN, TimeoutError("no goodbye from the broker")):
                self._transport.close_connection(connection)
        except LOST:
            connection.sever()

    def _block(self, _reason: str) -> None:
        self.blocked = True
        log.warning("broker.blocked", link=self.name)

    def _unblock(self) -> None:
        self.blocked = False
        log.info("broker.unblocked", link=self.name)
