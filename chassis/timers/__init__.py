"""Work that comes round by the clock, for each borough, once across all processes of a service."""

from chassis.timers.entrypoint import Every, every

__all__ = ["Every", "every"]
