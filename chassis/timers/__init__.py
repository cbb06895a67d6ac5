"""Work that comes round by the clock: for each borough once across all processes of a service, or in each process."""

from chassis.timers.entrypoint import Every, every
from chassis.timers.steadily import Steadily, steadily

__all__ = ["Every", "Steadily", "every", "steadily"]
