"""Which tests run on eventlet and which must not.

`tests/unit` and `tests/service` run services inside pytest's own process, so that process is monkey-patched as a
service's is, before anything else is imported. `tests/journeys`, `tests/faults` and `tests/browser` drive the platform
from outside, as people's machines do; Playwright's own loop bears no patched one. A process is one or the other:
`make test` runs both kinds beside each other.
"""

import warnings

import pytest

_IDLE = r"\s*Eventlet is deprecated"


def patch() -> None:
    """Make this process cooperative."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_IDLE)
        import eventlet
    eventlet.monkey_patch()


def refuse_if_patched() -> None:
    """Stop a run that asks for both kinds of tests in one process."""
    import eventlet.patcher

    if eventlet.patcher.is_monkey_patched("socket"):
        raise pytest.UsageError(
            "tests/journeys, tests/faults and tests/browser need a process of their own: see make test, or name one folder"
        )
