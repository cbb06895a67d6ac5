"""What is slow the first time is done while the service starts, before anybody waits for it."""

from collections.abc import Callable

from nameko.extensions import DependencyProvider

from chassis.threads import in_thread


class WarmUp(DependencyProvider):
    """Calls ``what`` once, in a real thread, so that neither the start nor the event loop waits.

    Declared on the service class: ``calendar = WarmUp(load_calendar)``. If it raises, the service ends.
    """

    def __init__(self, what: Callable[[], object]) -> None:
        self.what = what

    def start(self) -> None:
        """Begin."""
        self.container.spawn_managed_thread(self._call)

    def _call(self) -> None:
        in_thread(self.what)
