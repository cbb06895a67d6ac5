"""One half of a pair, in a process of its own: ``python -m tests.load.bench.start KIND serve|ask URI CALLERS SECONDS``."""

import sys
from importlib import import_module

from tests.support import green

if __name__ == "__main__":
    kind, role, broker, callers, seconds = sys.argv[1:]
    if kind != "floor":
        green.patch()
    import_module(f"tests.load.bench.{kind}").main(role, broker, int(callers), float(seconds))
