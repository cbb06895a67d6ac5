"""What is slow the first time is done before the service takes its first call."""

from collections.abc import Callable

from nameko.extensions import DependencyProvider


class WarmUp(DependencyProvider):
    """Calls ``what`` once, before the service starts to take calls and events.

    Declared on the service class: ``calendar = WarmUp(load_calendar)``. If it raises, the service does not start. It is not done
    in a real thread beside the start: to import modules in one, in a process whose locks are patched, may wait for ever.
    """

    def __init__(self, what: Callable[[], object]) -> None:
        self.what = what

    def setup(self) -> None:
        """Call it."""
        self.what()
