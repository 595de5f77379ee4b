"""``citydeck source``: where cases come from."""

from typing import Annotated

import typer

from app.cli.options import DataDir
from app.cli.tables import code_table, print_table
from app.settings import load_settings
from datastore.source_store import add_case_source, case_sources
from datastore.store import Store

source_app = typer.Typer(help="Sources of cases; a further one needs no code.", no_args_is_help=True)


@source_app.command("list")
def list_sources(data: DataDir = None) -> None:
    """List the sources."""
    with Store.open(load_settings(data=data).data) as store, store.read() as cur:
        found = case_sources(cur)
    table = code_table("code", "machine", "name", "English name")
    for each in found:
        table.add_row(each.code, "yes" if each.proactive else "", each.name_zh, each.name_en)
    print_table(table)


@source_app.command("add")
def add(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Upper-case letters, digits and _.")],
    *,
    name_zh: Annotated[str, typer.Option(help="Chinese name on screen.")],
    name_en: Annotated[str, typer.Option(help="English name on screen.")],
    proactive: Annotated[bool, typer.Option("--proactive", help="A machine discovers its cases.")] = False,
    data: DataDir = None,
) -> None:
    """Enter a source; the server must be stopped."""
    with Store.open(load_settings(data=data).data) as store, store.write() as con:
        entered = add_case_source(con, code, name_zh, name_en, proactive=proactive)
    typer.echo(f"source {entered.code}: reports and files of it are taken in from now on")
