"""`stayplay access`: write docs/access.md, or hold it against the code."""

from pathlib import Path

import click

PAGE = Path("docs/access.md")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where the page is not what the code says.")
def access(*, check: bool) -> None:
    """Write docs/access.md: roles, permissions, and what every address, operation and event handler needs."""
    from stayplay.access.page import access_page

    written = access_page()
    if not check:
        PAGE.write_text(written, encoding="utf-8")
        click.echo(f"{PAGE} is written")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != written:
        raise click.ClickException(f"{PAGE} is not what the code says: run stayplay access")
