"""The command `stayplay`. Each subcommand is imported when it is asked for, so that none waits for the others."""

import warnings
from importlib import import_module

import click

# that eventlet rests is known and decided: docs/decisions, and the design's reasons; operators need not read it at every start
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

COMMANDS = {
    "access": ("stayplay.access:access", "Write docs/access.md, who may do what, or hold it against the code."),
    "audit": ("stayplay.audit:audit", "Prove the audit trail whole."),
    "borough": ("stayplay.boroughs:borough", "Onboard, list, suspend and resume boroughs; export, erase and take in those that leave."),
    "check-migrations": ("stayplay.migrating:check_migrations", "Hold every migration against the models, on a database of its own."),
    "demo": ("stayplay.demo:demo", "Fill a practice borough with a year of believable data."),
    "events": ("stayplay.events:events", "List, read, replay or discard events that could not be handled."),
    "health": ("stayplay.health:health", "Ask the service on this machine whether it is ready."),
    "keys": ("stayplay.keys:keys", "Print a fresh set of keys and passwords for one installation."),
    "migrate": ("stayplay.migrating:migrate", "Make databases and roles, and bring the tables up to date."),
    "run": ("stayplay.embedded:run", "Run the whole platform on this machine, with nothing to install."),
    "serve": ("stayplay.serving:serve", "Run one service, or the gateway."),
    "translations": ("stayplay.translations:translations", "Collect what there is to translate, or hold the catalogues against the code."),
    "smoke": ("stayplay.smoke:smoke", "Drive the whole journey through a running platform."),
}


class Commands(click.Group):
    """A group that knows its subcommands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one subcommand, or None where there is no such."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.command(cls=Commands)
@click.version_option(package_name="stayplay")
def main() -> None:
    """Stay & Play: weekly groups for parents and their toddlers, from referral to coming back."""
