"""The unit of work as nameko hands it to a service."""

from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar, cast

from nameko.extensions import DependencyProvider

from chassis.caller import Caller
from chassis.database.engine import Database
from chassis.database.work import UnitOfWork, open_work
from chassis.settings import Settings

W = TypeVar("W", bound=UnitOfWork)


class WorkProvider(DependencyProvider, Generic[W]):
    """Opens units of work of one class on the service's database.

    Declared on the service class: ``work = WorkProvider(Work)``. Entrypoints find it there and open the
    work before they call the method.
    """

    def __init__(self, work_class: type[W]) -> None:
        self.work_class = work_class
        self.database: Database | None = None

    def setup(self) -> None:
        """Connect the pools; nothing is sent to the server yet."""
        settings = cast("Settings", self.container.config["settings"])
        self.database = settings.database()

    def stop(self) -> None:
        """Close the connections, once the work in hand is done."""
        if self.database is not None:
            self.database.close()

    def open(self, caller: Caller, permission: str = "", *, operation: str = "") -> AbstractContextManager[W]:
        """Open a unit of work: see `chassis.database.work.open_work`."""
        return open_work(self.work_class, self.opened, caller, permission, operation=operation)

    @property
    def opened(self) -> Database:
        """The database.

        Raises:
            AttributeError: the service has not been set up. nameko looks at every attribute when it binds an extension, and
                passes over those that raise this.
        """
        if self.database is None:
            raise AttributeError("the service has not been set up")
        return self.database

    def get_dependency(self, worker_ctx: Any) -> "WorkProvider[W]":
        """Return what ``self.work`` is in the service's methods: for work that spans several transactions."""
        del worker_ctx
        return self
