"""The command line: every failure is one sentence on standard error, and exit status 1."""

import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from app.cli import importing, init
from app.cli.actor import actor_app
from app.cli.compact import compact
from app.cli.demo import demo
from app.cli.erase import erase
from app.cli.export import export_app
from app.cli.export_tiles import export_tiles
from app.cli.import_tileset import tileset
from app.cli.intake import intake
from app.cli.join import join
from app.cli.rules import rules_app
from app.cli.rules_what_if import what_if
from app.cli.serve import serve
from app.cli.simulate import simulate
from app.cli.source import source_app
from app.cli.stats import stats
from app.cli.verify import verify
from app.errors import AppError
from app.start import INTERRUPTED
from datastore.errors import DatastoreError
from layers.errors import LayerError
from twin_model.errors import TwinModelError


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"citydeck {version('citydeck')}")
        raise typer.Exit


def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """3D digital-twin command dashboard for urban management."""


def command_line() -> typer.Typer:
    """Put the commands together; nothing is done at import."""
    commands = typer.Typer(
        name="citydeck",
        help="3D digital-twin command dashboard for urban management.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    commands.callback()(_root)
    for command in (demo, serve, simulate, stats, join, intake, erase, compact, verify):
        commands.command()(command)
    commands.command("init")(init.init)
    commands.add_typer(_with(importing.import_app, "tileset", tileset), name="import")
    commands.add_typer(_with(export_app, "tiles", export_tiles), name="export")
    commands.add_typer(_with(rules_app, "what-if", what_if), name="rules")
    commands.add_typer(actor_app, name="actor")
    commands.add_typer(source_app, name="source")
    return commands


def _with(group: typer.Typer, name: str, command: Callable[..., None]) -> typer.Typer:
    """Group with one command more, which lives in a file of its own."""
    whole = typer.Typer(help=group.info.help, no_args_is_help=True)
    whole.add_typer(group)
    whole.command(name)(command)
    return whole


def main() -> None:
    """Run the command line."""
    try:
        sys.exit(command_line()(standalone_mode=False))
    except typer.TyperException as error:
        typer.echo(f"citydeck: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("interrupted; the store is as it was", err=True)
        sys.exit(INTERRUPTED)
    except (TwinModelError, DatastoreError, LayerError, AppError) as error:
        typer.echo(f"citydeck: {error}", err=True)
        sys.exit(1)
