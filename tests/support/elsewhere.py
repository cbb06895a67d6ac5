"""Other installations, of which only the databases run: made once, and copied."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from chassis.settings import MigrationSettings
from stayplay.migrating import bring_up_to_date
from stayplay.postgres import FORGETFUL, Postgres
from stayplay.roster import PACKAGES


@contextmanager
def made_once() -> Iterator[Path]:
    """Make databases, roles and tables, and stop the server; yield the folder of its data for the length of a ``with`` block."""
    with TemporaryDirectory(prefix="stayplay-") as short:
        data = Path(short) / "pg"
        with Postgres(data, **FORGETFUL) as server:
            for service in PACKAGES:
                bring_up_to_date(MigrationSettings.read(service, {"POSTGRES_ADMIN_URL": server.url}))
        yield data


@contextmanager
def another(data: Path) -> Iterator[dict[str, str]]:
    """Run an installation that has nothing in it yet for the length of a ``with`` block; yield its settings.

    Args:
        data: of `made_once`; it is copied, with whom its files belong to.
    """
    with TemporaryDirectory(prefix="stayplay-") as short:
        subprocess.run(["cp", "-a", str(data), short], check=True)
        with Postgres(Path(short) / data.name, **FORGETFUL) as server:
            yield {"POSTGRES_ADMIN_URL": server.url}
