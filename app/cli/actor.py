"""``citydeck actor``: who may act, and the keys of programs."""

from typing import Annotated

import typer

from app.cli.options import By, DataDir
from app.cli.rules import opened
from app.cli.tables import code_table, print_table
from datastore.actor_change import acting, enter_actor, renew_key, retire
from datastore.actor_store import actors
from datastore.log.keys import sign_head
from datastore.store import Change
from twin_model.actor import Actor, Role

actor_app = typer.Typer(help="Who may act: people's desks, sources and programs.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(metavar="CODE", help="Code of the actor, as the log names it; no person's name.")]


@actor_app.command("list")
def list_actors(data: DataDir = None) -> None:
    """List who may act."""
    with opened(data) as (store, _), store.read() as cur:
        found = actors(cur)
    table = code_table("code", "role", "unit", "source", "key", "name", codes=4)
    for each in found:
        actor = each.actor
        key = "yes" if each.has_key else ""
        table.add_row(actor.code, actor.role.value, actor.unit_code, actor.source_code, key, each.name)
    print_table(table)


@actor_app.command("add")
def add(
    code: Code,
    *,
    role: Annotated[Role, typer.Option(help="What it may do.")],
    unit: Annotated[str, typer.Option(metavar="CODE", help="Unit that a street or department acts for.")] = "",
    source: Annotated[str, typer.Option(metavar="CODE", help="Source that its reports come from.")] = "",
    name: Annotated[str, typer.Option(help="What pages call it (default: its code).")] = "",
    by: By = "admin",
    data: DataDir = None,
) -> None:
    """Enter an actor and print its key, which is shown this once."""
    with opened(data) as (store, now):
        with store.write(Change.NOTHING) as con:
            key = enter_actor(con, Actor(code, role, unit, source), name, by=acting(con, by), now=now)
        sign_head(store, now)
    _print_key(code, key)


@actor_app.command("key")
def new_key(code: Code, *, by: By = "admin", data: DataDir = None) -> None:
    """Give an actor a new key and print it, this once; the old one counts no more."""
    with opened(data) as (store, now):
        with store.write(Change.NOTHING) as con:
            key = renew_key(con, code, by=acting(con, by), now=now)
        sign_head(store, now)
    _print_key(code, key)


@actor_app.command("retire")
def retire_actor(code: Code, *, by: By = "admin", data: DataDir = None) -> None:
    """Take an actor's right to act and its key; what it did stays in the log."""
    with opened(data) as (store, now):
        with store.write(Change.NOTHING) as con:
            retire(con, code, by=acting(con, by), now=now)
        sign_head(store, now)
    typer.echo(f"{code} may act no more")


def _print_key(code: str, key: str) -> None:
    typer.echo(f"key of {code}; keep it, it is not shown again:", err=True)
    typer.echo(key)
