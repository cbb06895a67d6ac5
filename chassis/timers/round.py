"""One round of a timer: each borough in a transaction of its own."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import eventlet
import structlog
from eventlet.event import Event

from chassis import context, metrics
from chassis.caller import Caller
from chassis.database import Database, UnitOfWork
from chassis.events.handling import OpensWork
from chassis.ids import new_id
from chassis.tenancy import active_boroughs

log = structlog.get_logger(__name__)


class TimerTooSlow(Exception):
    """A timer took longer for one borough than it may. What it had done there was rolled back."""


class Round:
    """Works in one borough after the other, as the service itself."""

    def __init__(self, work: OpensWork, database: Database, name: str, *, within: float, stopping: Event) -> None:
        """Describe the round.

        Args:
            work: opens units of work.
            database: knows the boroughs.
            name: of the timer, for example ``sessions.lay_out_sessions``.
            within: seconds that one borough's work may take.
            stopping: once it is sent, no further borough is begun.
        """
        self._work = work
        self._database = database
        self._name = name
        self._within = within
        self._stopping = stopping

    def run(self, call: Callable[[Any], None]) -> None:
        """Let ``call`` work in each active borough. What goes wrong in one is logged, and the others' work goes on."""
        try:
            with self._database.operating() as connection:
                boroughs = active_boroughs(connection)
        except Exception:  # without the list there is nothing to do: the next round asks again
            log.warning("timer.postponed", operation=self._name, exc_info=True)
            return
        for borough in boroughs:
            if not self._stopping.ready():
                self._work_in(borough.borough_id, call)

    def _work_in(self, borough_id: UUID, call: Callable[[Any], None]) -> None:
        began, outcome = time.monotonic(), "ok"
        too_slow = TimerTooSlow(f"took longer than {self._within:g} seconds")
        with context.entered(context.Context(str(new_id()), self._service, borough_id)):
            try:
                with eventlet.Timeout(self._within, too_slow), self._open(borough_id) as work:
                    call(work)
            except Exception:  # one borough's trouble is not the others'
                outcome = "failed"
                log.exception("timer.failed", operation=self._name)
        metrics.timer_ran(self._name, outcome, time.monotonic() - began)

    @property
    def _service(self) -> str:
        return self._name.partition(".")[0]

    def _open(self, borough_id: UUID) -> AbstractContextManager[UnitOfWork]:
        return self._work.open(Caller.service(self._service, borough_id), operation=self._name)
