"""The messaging part of the bench: the floor, stock nameko and our own hop, each as a pair of processes.

`measured` runs one of `KINDS` at a number of callers and returns its `Figures`.
"""

from tests.load.bench.figures import Figures
from tests.load.bench.pairs import KINDS, measured

__all__ = ["KINDS", "Figures", "measured"]
