"""Commands that speak to a running platform as its operator."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def as_operator(command: Command) -> Command:
    """Give a command the operator's client as its first argument.

    Raises:
        click.UsageError: nobody said where the platform is, or who asks.
    """

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        operator = click.get_current_context().obj
        if operator is None:
            raise click.UsageError("Say --url and --operator-token before the command, or set PUBLIC_URL and OPERATOR_TOKEN.")
        return command(operator, *args, **kwargs)

    return run  # type: ignore[return-value]  # it takes what the command takes
