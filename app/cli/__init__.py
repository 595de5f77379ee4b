"""The command line: every failure is one sentence on standard error, and exit status 1."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from app.cli import importing, init
from app.cli.demo import demo
from app.cli.export import export_app
from app.cli.serve import serve
from app.cli.stats import stats
from app.errors import AppError
from datastore.errors import DatastoreError
from layers.errors import LayerError
from twin_model.errors import TwinModelError

INTERRUPTED = 130

app = typer.Typer(
    name="citydeck",
    help="3D digital-twin command dashboard for urban management.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(serve)
app.command()(stats)
app.add_typer(export_app, name="export")
app.add_typer(importing.import_app, name="import")
app.command("init")(init.init)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"citydeck {version('citydeck')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """3D digital-twin command dashboard for urban management."""


def main() -> None:
    """Run the command line."""
    try:
        sys.exit(app(standalone_mode=False))
    except typer.TyperException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("interrupted; the store is as it was", err=True)
        sys.exit(INTERRUPTED)
    except (TwinModelError, DatastoreError, LayerError, AppError) as error:
        typer.echo(f"citydeck: {error}", err=True)
        sys.exit(1)
