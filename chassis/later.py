"""Libraries that are large and rarely needed: loaded when something of them is first used, and not before.

    if TYPE_CHECKING:
        import segno
    else:
        segno = Later("segno")

A process that draws no QR code then holds no library for it. The first use waits for the import, a tenth of a second at most.
"""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module, and is as good as it from the first use on.

    Args:
        name: as in an import statement, with its packages.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """Return what the module calls so; found once, it is kept."""
        found = getattr(import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found
