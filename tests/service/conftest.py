"""Service tests run as services do: on eventlet."""

from tests.support import green

green.patch()
