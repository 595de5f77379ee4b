"""``citydeck compact``: the store's file written anew."""

import typer

from app.cli.options import DataDir
from app.settings import load_settings
from datastore.compact import compact as write_anew


def compact(data: DataDir = None) -> None:
    """Write the store's file anew, without what was deleted or overwritten; the server must be stopped."""
    directory = load_settings(data=data).data
    done = write_anew(directory)
    typer.echo(f"{directory}: {done.rows:,} rows, {done.before / 1e6:,.1f} MB before, {done.after / 1e6:,.1f} MB now")
