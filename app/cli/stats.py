"""``citydeck stats``: what a store holds."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.cli.options import DataDir
from app.settings import load_settings
from datastore.stats import stats as store_stats
from datastore.store import Store


def flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted key and written value of each leaf."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            for place, item in enumerate(value):
                yield from flat(item if isinstance(item, Mapping) else {"": item}, f"{prefix}{key}[{place}].")
        else:
            yield f"{prefix}{key}", f"{value:,}" if isinstance(value, int) else str(value)


def stats(
    data: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    fingerprint: Annotated[
        bool, typer.Option("--fingerprint", help="Add a digest of the tables; equal stores have equal digests.")
    ] = False,
) -> None:
    """Count what the store holds: cases, areas, buildings, data sets."""
    store = Store.open(load_settings(data=data).data, read_only=True)
    try:
        with store.read() as cursor:
            found = store_stats(cursor, fingerprint=fingerprint)
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
        return
    table = Table("what", "value", box=None)
    for key, value in flat(found):
        table.add_row(key, value)
    Console().print(table)
