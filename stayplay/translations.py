"""The catalogues of what families read: written anew from the code, or held against it."""

import click

from gateway.languages.catalogues import DOMAIN, ENGLISH, HERE
from gateway.languages.extracting import TEMPLATE, brought_up_to_date, found, untranslated, written


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail where a file is not what the code says, or English is not complete.")
def translations(check: bool) -> None:  # noqa: FBT001 - as click calls it
    """Collect what there is to translate into gateway/languages/, and bring each language's catalogue up to date."""
    template = found()
    files = {TEMPLATE: written(template)}
    codes = {ENGLISH, *(path.parent.parent.name for path in HERE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}
    for code in sorted(codes):
        catalogue = brought_up_to_date(code, template)
        files[HERE / code / "LC_MESSAGES" / f"{DOMAIN}.po"] = written(catalogue)
        click.echo(f"{code}: {len(untranslated(catalogue))} of {len(catalogue)} to translate")
    old = [path for path, content in files.items() if not path.is_file() or path.read_bytes() != content]
    if check and old:
        raise click.ClickException(
            f"not what the code says: {', '.join(str(path.relative_to(HERE)) for path in old)}. Run `stayplay translations`."
        )
    for path in old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[path])
